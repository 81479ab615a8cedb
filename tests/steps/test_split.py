"""Several documents in one file: each a record of its own, every page in exactly one of them, nothing asked twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from docextract.testing.documents import write_pdf, write_scan
from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.ledgers import LEDGER_SCHEMA, Ledger, make_ledger, rows_per_page

SIZES = (3, 1, 4, 2, 2)
RANGES = ("1-3", "4-4", "5-8", "9-10", "11-12")


def stacked(path: Path, files: Sequence[Path | None]) -> None:
    """Files after one another as one PDF; None is a blank page."""
    writer = PdfWriter()
    for file in files:
        if file is None:
            writer.add_blank_page(595, 842)
        else:
            writer.append(file)
    with path.open("wb") as target:
        writer.write(target)


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[Ledger]]:
    """Five ledgers of 12 pages, each a file."""
    base = tmp_path_factory.mktemp("ledgers")
    made = [make_ledger(number, size * rows_per_page() - 3) for number, size in enumerate(SIZES)]
    files = [base / f"{number}.pdf" for number in range(len(SIZES))]
    assert [write_pdf(file, ledger) for file, ledger in zip(files, made, strict=True)] == list(SIZES)
    return files, made


@pytest.fixture
def stack(ledgers: Any, tmp_path: Path) -> dict[str, Any]:
    """Options of a run over the five ledgers in one file."""
    (tmp_path / "in").mkdir()
    stacked(tmp_path / "in" / "b.pdf", ledgers[0])
    (tmp_path / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    return {"inputs": [tmp_path / "in"], "schema": [tmp_path / "ledger.json"], "split": "auto"}


def outputs(out: Path) -> list[str]:
    """Names of the documents' own files."""
    return sorted(file.name for file in out.iterdir() if file.is_file() and file.name.startswith("b.pdf"))


def of_part(pages: str, count: int = 12) -> list[str]:
    """The states that a part's ledger must have."""
    first, last = (int(page) for page in pages.split("-"))
    return ["extracted" if first <= page <= last else "skipped" for page in range(1, count + 1)]


def test_each_document_of_a_file_is_a_record(stack: Any, ledgers: Any, tmp_path: Path, run: Any, planned: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        plan = planned(endpoint, tmp_path / "plan", **stack)
        done = run(endpoint, tmp_path / "out", **stack)
        again = run(endpoint, tmp_path / "out", **stack)
    assert plan["pages"] == {"ask": 12}
    assert plan["results"][0]["parts"] == RANGES
    assert plan["calls"] == len(done.requests) == 5
    assert set(Counter(image for call in done.requests for image in call.images).values()) == {1}
    assert again.requests == []
    assert done.summary.exit_code == again.summary.exit_code == 0
    assert done.summary.documents == again.summary.documents == {"complete": 5}
    assert done.summary.pages == {"extracted": 12}
    names = [f"b.pdf.p{pages}" for pages in RANGES]
    assert outputs(done.out) == sorted([f"{name}{end}" for name in names for end in (".json", ".meta.json")])
    for number, (name, pages) in enumerate(zip(names, RANGES, strict=True)):
        meta = done.meta(name)
        assert done.data(name) == ledgers[1][number].data
        assert meta["source"]["path"] == "b.pdf"
        part = meta["source"]["part"]
        assert (part["number"], part["of"]) == (number + 1, 5)
        assert f"{part['pages'][0]}-{part['pages'][1]}" == pages
        assert [entry["state"] for entry in meta["pages"]] == of_part(pages)
        assert {entry["reason"] for entry in meta["pages"]} == {None, "other-document"}
        assert {item["page"] for item in meta["evidence"]} <= set(range(part["pages"][0], part["pages"][1] + 1))


def test_several_schemas_over_several_documents(stack: Any, ledgers: Any, tmp_path: Path, run: Any) -> None:
    (tmp_path / "short.json").write_text(
        json.dumps({"title": "Short", "type": "object", "properties": {"number": {"type": "string"}}}), encoding="utf-8"
    )
    schemas = [*stack["schema"], tmp_path / "short.json"]
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", **{**stack, "schema": schemas})
        again = run(endpoint, tmp_path / "out", **{**stack, "schema": schemas})
    assert done.summary.documents == again.summary.documents == {"complete": 10}
    assert again.requests == []
    for number, pages in enumerate(RANGES):
        assert done.data(f"b.pdf.p{pages}.ledger") == ledgers[1][number].data
        assert done.data(f"b.pdf.p{pages}.short") == {"number": ledgers[1][number].number}


def test_a_run_that_was_killed_among_the_parts_asks_only_for_the_rest(
    stack: Any, ledgers: Any, tmp_path: Path, start: Any, run: Any
) -> None:
    out = tmp_path / "out"
    base = ["run", str(stack["inputs"][0]), "--schema", str(stack["schema"][0]), "--out", str(out)]
    more = ["--split", "auto", "--concurrency", "1", "--window-pages", "1"]
    with FakeEndpoint("zai", latency_s=0.05) as endpoint:
        process = start(endpoint, [*base, *more])
        try:
            wait_until(
                lambda: sum(call.ended > 0 for call in endpoint.requests) >= 5 or process.poll() is not None,
                within_s=60,
            )
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
        before = len(endpoint.requests)
        assert 5 <= before < 12
        assert not list(out.glob("b.pdf*"))  # the file's parts are written together
        done = run(endpoint, out, **stack, concurrency=1, window_pages=1)
        sent = Counter(image for call in endpoint.requests for image in call.images)
    assert done.summary.documents == {"complete": 5}
    assert [done.data(f"b.pdf.p{pages}") for pages in RANGES] == [ledger.data for ledger in ledgers[1]]
    assert len(sent) == 12
    assert sum(sent.values()) <= 13  # the one that was in flight


def test_what_was_told_apart_otherwise_before_is_removed(stack: Any, ledgers: Any, tmp_path: Path, run: Any) -> None:
    out = tmp_path / "out"
    stacked(stack["inputs"][0] / "b.pdf", [ledgers[0][1], ledgers[0][3]])
    with FakeEndpoint("zai") as endpoint:
        run(endpoint, out, **{**stack, "split": "none"})
        assert outputs(out) == ["b.pdf.json", "b.pdf.meta.json"]
        run(endpoint, out, **stack)
        assert outputs(out) == [f"b.pdf.p{pages}{end}" for pages in ("1-1", "2-3") for end in (".json", ".meta.json")]
        run(endpoint, out, **{**stack, "split": "none"})
        assert outputs(out) == ["b.pdf.json", "b.pdf.meta.json"]


def test_blank_pages_limits_and_pages_that_stand_twice(ledgers: Any, tmp_path: Path, run: Any) -> None:
    files, made = ledgers
    short = {"title": "Short", "type": "object", "properties": {"number": {"type": "string"}}}
    (tmp_path / "short.json").write_text(json.dumps(short), encoding="utf-8")
    # A blank page behind the first, the second twice over (a copy), the fifth cut off by the limit.
    stacked(tmp_path / "b.pdf", [files[0], None, files[1], files[1], files[3], files[4]])
    options = {"inputs": [tmp_path / "b.pdf"], "schema": [tmp_path / "short.json"], "split": "auto", "max_pages": 9}
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", **options)
    metas = {name: done.meta(name) for name in ("b.pdf.p1-4", "b.pdf.p5-6", "b.pdf.p7-8", "b.pdf.p9-9")}
    assert len(list(done.out.glob("*.meta.json"))) == len(metas)
    told = {name: [f"{each['state']} {each['reason']}" for each in meta["pages"]] for name, meta in metas.items()}
    other = "skipped other-document"
    assert told["b.pdf.p1-4"] == ["extracted None"] * 3 + ["blank None"] + [other] * 6
    assert told["b.pdf.p5-6"] == [other] * 4 + ["extracted None", "duplicate page 5"] + [other] * 4
    assert told["b.pdf.p9-9"] == [other] * 8 + ["extracted None", "skipped limit"]
    assert [meta["state"] for meta in metas.values()] == ["complete", "complete", "complete", "partial"]
    numbers = [done.data(name)["number"] for name in metas]
    assert numbers == [made[at].number for at in (0, 1, 3, 4)]
    assert done.summary.pages == {"extracted": 7, "blank": 1, "duplicate": 1, "skipped": 1}


def test_pages_without_words_are_said_to_hide_where_another_begins(ledgers: Any, tmp_path: Path, run: Any) -> None:
    for number in (0, 1):
        write_scan(tmp_path / f"{number}.pdf", make_ledger(number, 5))
    stacked(tmp_path / "b.pdf", [tmp_path / "0.pdf", tmp_path / "1.pdf"])
    (tmp_path / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    options = {"inputs": [tmp_path / "b.pdf"], "schema": [tmp_path / "ledger.json"], "split": "auto", "ocr": "off"}
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", **options)
    assert outputs(done.out) == ["b.pdf.json", "b.pdf.meta.json"]
    issues = [(issue["code"], issue["page"]) for issue in done.meta("b.pdf")["issues"]]
    assert issues.count(("split_unread", 2)) == 1
    assert ("split_unread", 1) not in issues


def test_the_embedded_engine_takes_a_stack_apart(ledgers: Any, tmp_path: Path) -> None:
    stacked(tmp_path / "b.pdf", ledgers[0])
    arguments = ["run", str(tmp_path / "b.pdf"), "--schema", "tables", "--split", "auto", "--model", "local"]
    done = subprocess.run(
        [sys.executable, "-m", "docextract", *arguments, "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for number, pages in enumerate(RANGES):
        text = (tmp_path / "out" / f"b.pdf.p{pages}.json").read_text(encoding="utf-8")
        assert json.loads(text)["tables"], pages
        cells = [cell for table in json.loads(text)["tables"] for row in table["rows"] for cell in row]
        rows = [row.id for row in ledgers[1][number].rows]
        assert [cell for cell in cells if cell in set(rows)] == rows
