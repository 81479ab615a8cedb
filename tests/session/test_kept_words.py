"""What OCR has read is read once for an output folder, whatever is asked of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docextract.testing.documents import write_scan
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger

OPTIONS = {"model": "local", "base_url": None}


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A folder with a scan of one page."""
    (tmp_path / "in").mkdir()
    write_scan(tmp_path / "in" / "scan.pdf", make_ledger(3, 4))
    return tmp_path / "in"


def test_a_second_schema_reads_no_pixels_again(scan: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    schemas = []
    for title in ("First", "Second"):
        schemas.append(tmp_path / f"{title}.json")
        field = {"type": ["string", "null"], "title": "Ledger"}
        schema = {"title": title, "type": "object", "properties": {"ledger": field}, "required": ["ledger"]}
        schemas[-1].write_text(json.dumps(schema), encoding="utf-8")
    with FakeEndpoint("zai") as endpoint:
        first = run(endpoint, tmp_path / "out", inputs=[scan], schema=schemas[:1], **OPTIONS)
        assert first.data("scan.pdf") == {"ledger": make_ledger(3, 4).number}
        (kept,) = (tmp_path / "out" / ".docextract" / "words").rglob("*.json")
        page = json.loads(kept.read_bytes())
        assert page["source"] == "ocr"
        # A mark that only what was kept can have.
        number = make_ledger(3, 4).number
        page["words"] = [["K-17" if word[0] == number else word[0], *word[1:]] for word in page["words"]]
        kept.write_text(json.dumps(page), encoding="utf-8")
        again = run(endpoint, tmp_path / "out", inputs=[scan], schema=schemas[1:], **OPTIONS)
        assert again.data("scan.pdf") == {"ledger": "K-17"}
        fresh = run(endpoint, tmp_path / "out", inputs=[scan], schema=schemas[1:], fresh=True, **OPTIONS)
        assert fresh.data("scan.pdf") == first.data("scan.pdf")


def test_what_was_kept_and_is_broken_is_read_again(scan: Path, run: Callable[..., Any], tmp_path: Path) -> None:
    with FakeEndpoint("zai") as endpoint:
        first = run(endpoint, tmp_path / "out", inputs=[scan], schema=["tables"], **OPTIONS)
        (kept,) = (tmp_path / "out" / ".docextract" / "words").rglob("*.json")
        whole = kept.read_bytes()
        kept.write_bytes(whole[: len(whole) // 2])
        (tmp_path / "out" / "scan.pdf.json").unlink()
        again = run(endpoint, tmp_path / "out", inputs=[scan], schema=["tables"], strict=True, **OPTIONS)
        assert again.data("scan.pdf") == first.data("scan.pdf")
        assert kept.read_bytes() == whole
