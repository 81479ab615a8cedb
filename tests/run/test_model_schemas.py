"""Several schemas over one document, and pages that go as text."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from docextract.testing.documents import write_scan
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger

NUMBERS = {
    "title": "Numbers",
    "type": "object",
    "properties": {"number": {"type": ["string", "null"]}},
    "required": ["number"],
}


def test_several_schemas_find_the_pages_of_the_first_in_the_cache(few: Any, tmp_path: Path, run: Any) -> None:
    second = tmp_path / "numbers.json"
    second.write_text(json.dumps(NUMBERS), encoding="utf-8")
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema, second], concurrency=2)
    assert done.summary.exit_code == 0
    assert len(done.requests) == 2 * len(few.ledgers)
    asked: dict[tuple[str, ...], list[Any]] = {}
    for call in done.requests:
        asked.setdefault(call.images, []).append(call)
    for ledger_call, numbers_call in asked.values():
        assert ledger_call.started < numbers_call.started
        assert numbers_call.cached_tokens > 0.8 * numbers_call.input_tokens
    could = sum(call.could_cache for call in done.requests)
    assert sum(call.cached_tokens for call in done.requests) >= 0.98 * could
    for name, ledger in few.ledgers.items():
        assert done.data(f"{name}.ledger") == ledger.data
        assert done.data(f"{name}.numbers") == {"number": ledger.number}


def test_pages_as_text_send_no_picture(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], page_input="text")
    assert done.wrong(few) == []
    assert all(call.images == () for call in done.requests)


def test_pages_as_both_send_picture_and_words(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        both = run(endpoint, tmp_path / "both", inputs=[few.folder], schema=[few.schema], page_input="both")
        image = run(endpoint, tmp_path / "image", inputs=[few.folder], schema=[few.schema], page_input="image")
    assert both.wrong(few) == []
    assert Counter(len(call.images) for call in both.requests) == Counter(few.pages.values())
    more = sum(call.input_tokens for call in both.requests) - sum(call.input_tokens for call in image.requests)
    assert more > 100 * sum(few.pages.values())


@pytest.mark.parametrize("page_input", ["auto", "text"])
def test_tokens_of_text_are_within_the_plan(page_input: str, few: Any, tmp_path: Path, run: Any, planned: Any) -> None:
    options = {"inputs": [few.folder], "schema": [few.schema], "page_input": page_input}
    with FakeEndpoint("zai") as endpoint:
        plan = planned(endpoint, tmp_path / "out", **options)
        done = run(endpoint, tmp_path / "out", **options)
    assert done.wrong(few) == []
    used = sum(call.input_tokens for call in done.requests)
    assert plan["tokens"]["low"] <= used <= plan["tokens"]["high"]
    assert len(done.requests) == plan["calls"]


def test_auto_sends_a_scan_as_a_picture_and_a_text_layer_as_text(few: Any, tmp_path: Path, run: Any) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    scanned = make_ledger(50, 5)
    write_scan(folder / "scan.pdf", scanned)
    (folder / "text.pdf").write_bytes((few.folder / "l000.pdf").read_bytes())
    with FakeEndpoint("zai") as endpoint:
        options = {"inputs": [folder], "schema": [few.schema], "page_input": "auto", "ocr": "off"}
        done = run(endpoint, tmp_path / "out", **options)
    assert done.data("scan.pdf") == scanned.data
    assert done.data("text.pdf") == few.ledgers["l000.pdf"].data
    assert sorted(len(call.images) for call in done.requests) == [0, 1]


def test_a_word_file_goes_as_text_with_its_table(few: Any, tmp_path: Path, run: Any) -> None:
    import docx

    folder = tmp_path / "in"
    folder.mkdir()
    ledger = make_ledger(60, 12)
    document = docx.Document()
    document.add_paragraph(f"Ledger {ledger.number}")
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, ("Id", "Date", "Description", "Amount"), strict=True):
        cell.text = text
    for row in ledger.rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, (row.id, row.date, row.description, f"{row.amount:.2f}"), strict=True):
            cell.text = text
    document.save(str(folder / "ledger.docx"))
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[folder], schema=[few.schema])
    assert done.data("ledger.docx") == ledger.data
    assert [call.images for call in done.requests] == [()]
    evidence = done.meta("ledger.docx")["evidence"]
    assert evidence
    assert all(item["box"] is None and item["span"] for item in evidence if item["status"] == "verbatim")
