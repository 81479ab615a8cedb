"""The report of a run at work, pictures from bitmaps that were drawn anyway, the plan's cost, and --only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import anyio
import pytest

from docextract.config.load import load_job
from docextract.errors import OutputError
from docextract.pages.render import render
from docextract.report.pictures import Pictures
from docextract.report.write import ReportFile
from docextract.run import report
from docextract.run.batch import run_job
from docextract.session import session, shown
from docextract.session.events import Event
from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger
from tests.report.conftest import HOSTILE, INVOICE
from tests.report.test_write import blocks

Runner = Callable[..., CompletedProcess[str]]


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEndpoint]:
    with FakeEndpoint("zai", key="sk-a-secret-of-mine") as endpoint:
        monkeypatch.setenv("ZAI_API_KEY", endpoint.key)
        yield endpoint


def run(endpoint: FakeEndpoint, work: Path, **options: Any) -> list[Event]:
    """Two ledgers through the fake endpoint."""
    folder, schema = work / "in", work / "ledger.json"
    folder.mkdir(exist_ok=True)
    for number in range(2):
        write_pdf(folder / f"l{number}.pdf", make_ledger(number, 30))
    schema.write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    given = {"inputs": [str(folder)], "schema": [str(schema)], "out": str(work / "out"), "model": "zai/glm-5v-turbo"}
    events: list[Event] = []
    anyio.run(run_job, load_job({**given, "base_url": endpoint.base_url, **options}, environ={}), events.append)
    return events


def test_pictures_are_made_of_the_bitmaps_that_the_model_was_sent(
    endpoint: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = render

    async def watched(pool: Any, document: Any, images: Any, **options: Any) -> Any:
        asked.append(len(images))
        return await real(pool, document, images, **options)

    monkeypatch.setattr(shown, "render", watched)
    run(endpoint, tmp_path)
    found = blocks(tmp_path / "out/report.html")
    sizes = [found[f"d{at}"]["sizes"] for at in range(2)]
    assert all(size[0] == 720 for each in sizes for size in each.values())
    assert all(f"p{at}-1" in found for at in range(2))
    assert sum(asked) == 0


def test_the_cost_stands_beside_the_plan(endpoint: FakeEndpoint, tmp_path: Path) -> None:
    run(endpoint, tmp_path)
    facts = blocks(tmp_path / "out/report.html")["run"]
    low, high = facts["totals"]["planned"]
    assert 0 < low <= facts["totals"]["cost"] <= high
    assert facts["totals"]["tokens_per_page"] > 0


def test_no_report_writes_none_and_keeps_no_pictures(endpoint: FakeEndpoint, tmp_path: Path) -> None:
    run(endpoint, tmp_path, no_report=True)
    assert not (tmp_path / "out/report.html").exists()
    assert not (tmp_path / "out/.docextract/pages").exists()


def test_the_report_is_there_while_the_run_is_at_work(
    endpoint: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    real = ReportFile.finish

    def finish(self: ReportFile, facts: Any) -> Path:
        path = real(self, facts)
        seen.append(blocks(path))
        return path

    monkeypatch.setattr(ReportFile, "finish", finish)
    monkeypatch.setattr(report, "EVERY_S", 0.05)
    monkeypatch.setattr(report, "SHARE", 1.0)
    run(endpoint, tmp_path)
    live = [each for each in seen if each["run"]["live"]]
    assert live
    assert seen[-1]["run"]["live"] is False
    assert {row[3] for each in live for row in each["rows"]} <= {"pending", "complete"}
    assert live[0]["run"]["model"] == "zai/glm-5v-turbo"


def test_a_report_that_cannot_be_written_is_told_and_ends_nothing(
    endpoint: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish(self: ReportFile, facts: Any) -> Path:
        raise OutputError("no space left to write report.html", code="disk_full")

    monkeypatch.setattr(ReportFile, "finish", finish)
    events = run(endpoint, tmp_path)
    assert [event.fields["message"] for event in events if event.name == "warning"][-1].startswith(
        "no report: no space"
    )
    assert json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))["exit_code"] == 0


def test_a_password_in_an_address_is_written_nowhere(endpoint: FakeEndpoint, tmp_path: Path) -> None:
    run(endpoint, tmp_path)
    note = json.loads((tmp_path / "out/.docextract/last-run.json").read_text(encoding="utf-8"))
    assert note["job"]["schema"]
    assert endpoint.key not in (tmp_path / "out/report.html").read_text(encoding="utf-8")
    job = load_job({"inputs": ["in"], "journal": "postgresql://me:secret@host/db"}, environ={})
    assert report._told(job) is None


def test_only_does_one_document_again_and_leaves_the_others(ran: Path, run_python: Runner, tmp_path: Path) -> None:
    shutil.copytree(ran.parent, tmp_path / "work")
    work = tmp_path / "work"
    before = {
        path: path.stat().st_mtime_ns for path in (work / "out").glob("**/*.json") if ".docextract" not in path.parts
    }
    (work / "inbox/people/halvorsen.docx").write_bytes(b"changed meanwhile")
    again = ["-m", "docextract", "run", "inbox", "--model", "local", "--out", "out"]
    done = run_python([*again, "--only", INVOICE], work)
    assert done.returncode == 1, done.stderr
    results = json.loads((work / "out/run.json").read_text(encoding="utf-8"))["results"]
    assert sorted(line["name"] for line in results) == sorted(["empty.pdf", INVOICE, HOSTILE, "people/halvorsen.docx"])
    changed = {path.name for path, time in before.items() if path.stat().st_mtime_ns != time}
    assert changed == {f"{INVOICE}.json", f"{INVOICE}.meta.json", "run.json"}
    # The next whole run finds out by itself what changed.
    done = run_python(again, work)
    assert "1 changed" in done.stdout


def test_a_picture_belongs_to_its_content_and_to_no_path(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path)
    for digest in ("../../etc", "", "x" * 40, None):
        assert pictures.of(digest) == {}
    assert pictures.put("../../etc/a", {}, {1: "text"}) == 0
    assert pictures.put("a" * 64, {}, {1: "text"}) == 4
    assert pictures.texts("a" * 64) == {1: "text"}
    assert [*tmp_path.rglob("*.txt")] == [tmp_path / ".docextract/pages/aa" / ("a" * 38) / "1.txt"]


def test_gold_of_the_review_is_what_examples_takes(tmp_path: Path) -> None:
    for name in ("a.pdf.json", "deep/b.pdf.json", ".review/a.pdf.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps({"from": name}), encoding="utf-8")
    job = load_job({"inputs": ["in"], "examples": str(tmp_path)}, environ={})
    assert [json.loads(text)["from"] for text in session._fixed(job, schemas=1).examples] == [
        "a.pdf.json",
        "deep/b.pdf.json",
    ]
