"""--ocr glm-ocr: scans read by the service, against the fake endpoint; paid once, within --max-cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import ConfigError
from docextract.testing.documents import write_pdf, write_scan
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger


@pytest.fixture
def endpoint() -> Any:
    with FakeEndpoint("zai") as endpoint:
        yield endpoint


@pytest.fixture
def folder(tmp_path: Path, few: Any) -> Path:
    """One scan of two pages and one born-digital file."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_scan(folder / "scan.pdf", make_ledger(7, 30))
    write_pdf(folder / "born.pdf", make_ledger(8, 5))
    del few
    return folder


def options(folder: Path, schema: Path) -> dict[str, Any]:
    return {"inputs": [folder], "schema": [schema], "ocr": "glm-ocr", "concurrency": 1}


def test_scans_are_read_by_the_service_and_values_located_on_the_page(
    endpoint: FakeEndpoint, folder: Path, few: Any, run: Callable[..., Any], tmp_path: Path
) -> None:
    done = run(endpoint, tmp_path / "out", **options(folder, few.schema))
    meta = done.meta("scan.pdf")
    assert meta["state"] == "complete"
    assert done.data("scan.pdf") == make_ledger(7, 30).data
    notes = [issue["page"] for issue in meta["issues"] if "GLM-OCR" in issue["message"]]
    assert notes == [entry["page"] for entry in meta["pages"]]
    rows = [item for item in meta["evidence"] if item["path"].endswith("/amount")]
    assert {item["status"] for item in rows} <= {"verbatim", "normalised"}
    # Boxes come as pixels of the service's own render: as shares of the page they follow one another down it.
    first = [item["box"][1] for item in rows if item["page"] == 1]
    assert first == sorted(first)
    assert 0.05 < first[0] < first[-1] < 0.98
    born = done.meta("born.pdf")
    assert not any("GLM-OCR" in issue["message"] for issue in born["issues"])
    assert meta["usage"]["calls"] - len(meta["attempts"]) == len(meta["pages"])
    assert born["usage"]["calls"] == len(born["attempts"])


def test_a_page_is_paid_once(
    endpoint: FakeEndpoint, folder: Path, few: Any, run: Callable[..., Any], tmp_path: Path
) -> None:
    first = run(endpoint, tmp_path / "out", **options(folder, few.schema))
    # Another policy: the documents are done anew, from answers that are stored.
    again = run(endpoint, tmp_path / "out", **options(folder, few.schema), strict=True)
    assert not again.requests
    assert again.meta("scan.pdf")["evidence"] == first.meta("scan.pdf")["evidence"]
    with closing(sqlite3.connect(tmp_path / "out" / ".docextract" / "journal.db")) as journal:
        ((count,),) = journal.execute("select count(*) from call").fetchall()
    assert count == first.summary.usage.calls


def test_the_ceiling_holds_for_reading_too(
    endpoint: FakeEndpoint, folder: Path, few: Any, run: Callable[..., Any], tmp_path: Path
) -> None:
    done = run(endpoint, tmp_path / "out", **options(folder, few.schema), max_cost=0.0)
    assert done.summary.exit_code == 3
    assert done.summary.error.code == "cost_ceiling"


def test_without_a_key_nothing_starts(folder: Path, few: Any, run: Callable[..., Any], tmp_path: Path) -> None:
    with FakeEndpoint("llamacpp") as other:
        given = {"inputs": [folder], "schema": [few.schema], "ocr": "glm-ocr"}
        with pytest.raises(ConfigError, match="ZAI_API_KEY"):
            run(other, tmp_path / "out", **given)
