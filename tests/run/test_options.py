"""Options that decide what is worked on: --pages, --keep-duplicates, --fail-fast; and events as they are told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from docextract.session import events
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint

Run = Callable[..., Any]


@pytest.fixture
def twice(few: Any, tmp_path: Path) -> Path:
    """A document whose second page is its first once more."""
    page = PdfReader(few.folder / "l000.pdf").pages[0]
    writer = PdfWriter()
    writer.add_page(page)
    writer.add_page(page)
    path = tmp_path / "twice.pdf"
    writer.write(path)
    return path


def test_a_page_that_stands_there_twice_is_asked_about_once_and_said(
    few: Any, twice: Path, tmp_path: Path, run: Run
) -> None:
    options = {"inputs": [twice], "schema": [few.schema], "window_pages": 1}
    with FakeEndpoint() as endpoint:
        once = run(endpoint, tmp_path / "once", **options)
        both = run(endpoint, tmp_path / "both", **options, keep_duplicates=True)
    assert (len(once.requests), len(both.requests)) == (1, 2)
    assert once.data("twice.pdf") == few.ledgers["l000.pdf"].data
    pages = {each["page"]: (each["state"], each["reason"]) for each in once.meta("twice.pdf")["pages"]}
    assert pages == {1: ("extracted", None), 2: ("duplicate", "page 1")}
    assert [(each["code"], each["page"]) for each in once.meta("twice.pdf")["issues"]] == [("duplicate_page", 2)]
    assert [each["state"] for each in both.meta("twice.pdf")["pages"]] == ["extracted", "extracted"]
    assert "duplicate_page" not in {each["code"] for each in both.meta("twice.pdf")["issues"]}


def test_a_range_that_names_no_page_asks_nothing_and_is_said(few: Any, tmp_path: Path, run: Run) -> None:
    with FakeEndpoint() as endpoint:
        inputs = [few.folder / "l000.pdf", few.folder / "l001.pdf"]
        ran = run(endpoint, tmp_path / "out", inputs=inputs, schema=[few.schema], pages="2")
    assert [few.pages[name] for name in ("l000.pdf", "l001.pdf")] == [1, 2]
    assert len(ran.requests) == 1
    (message,) = [each["message"] for each in ran.meta("l000.pdf")["issues"] if each["code"] == "no_page_in_range"]
    assert "--pages 2" in message
    assert "1 page:" in message
    assert ran.meta("l000.pdf")["state"] == "partial", "what the schema requires could not be had"
    assert "no_page_in_range" not in {each["code"] for each in ran.meta("l001.pdf")["issues"]}


def test_fail_fast_stops_at_the_first_failure_and_the_next_run_does_the_rest(
    shelf: Any, tmp_path: Path, run: Run
) -> None:
    refuses = [True]
    options = {"inputs": [shelf.folder], "schema": [shelf.schema], "concurrency": 1}
    with FakeEndpoint(script=script.when(lambda _: refuses[0], "unsafe")) as endpoint:
        stopped = run(endpoint, tmp_path / "out", **options, fail_fast=True)
        refuses[0] = False
        done = run(endpoint, tmp_path / "out", **options)
    documents = stopped.summary.documents
    assert stopped.summary.exit_code == 1
    assert documents["failed"] >= 1
    assert documents["pending"] > len(shelf.ledgers) / 2
    assert documents["failed"] + documents["pending"] == len(shelf.ledgers)
    assert done.summary.exit_code == 0
    assert done.wrong(shelf) == []


def test_events_are_those_that_are_documented(few: Any, tmp_path: Path, run: Run) -> None:
    found = re.findall(r"^    (\w+) {2,}(.+)$", events.__doc__ or "", re.MULTILINE)
    told = {name: set(re.findall(r"\w+", re.sub(r"\([^)]*\)", "", fields))) for name, fields in found}
    told["all_found"] = told["found"]
    more = {name: set(re.findall(r"\w+", fields)) - told[name] for name, fields in found}
    with FakeEndpoint(script=script.at({1: "rate_limit"}), retry_after="0") as endpoint:
        ran = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema])
    seen = {event.name: set(event.fields) for event in ran.events}
    assert {"run_started", "found", "all_found", "document_started", "document_done", "paused"} <= set(seen)
    assert {name: told[name] - fields for name, fields in seen.items() if told[name] - fields} == {}
    more["run_finished"] |= set(json.loads((ran.out / "run.json").read_text(encoding="utf-8")))
    assert {name: left for name, fields in seen.items() if (left := fields - told[name] - more[name])} == {}
