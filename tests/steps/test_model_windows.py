"""Documents that do not fit one question: long ones, tall ones, large ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from docextract.testing import script
from docextract.testing.documents import write_picture, write_scan
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger


def test_a_document_of_forty_pages_goes_in_windows(make_shelf: Any, tmp_path: Path, run: Any, planned: Any) -> None:
    long = make_shelf(1, 40, least=40)
    options = {
        "inputs": [long.folder],
        "schema": [long.schema],
        "concurrency": 2,
        "max_tokens_per_image": 1000,
        "models": {"zai/glm-5v-turbo": {"context": 64_000}},
    }
    with FakeEndpoint("zai", context=64_000) as endpoint:
        plan = planned(endpoint, tmp_path / "out", **options)
        done = run(endpoint, tmp_path / "out", **options)
    assert len(done.requests) == plan["calls"] > 2
    assert done.wrong(long) == []
    sent = [image for call in done.requests for image in call.images]
    assert len(sent) == len(set(sent)) == 40
    assert all(call.input_tokens + (call.max_tokens or 0) <= 64_000 for call in done.requests)
    windows = [entry["window"] for entry in done.meta("l000.pdf")["pages"]]
    assert windows == sorted(windows)
    assert len(set(windows)) == plan["calls"]


def test_windows_that_share_pages_give_their_rows_once(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 5, least=5)
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema], window_pages=2, overlap=1)
    assert len(done.requests) == 4
    assert done.wrong(one) == []


def test_a_shared_page_that_was_read_differently_gives_its_rows_once(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 3, least=3)
    with FakeEndpoint("zai", script=script.at({2: "digit_changed"})) as endpoint:
        options = {"window_pages": 2, "overlap": 1, "concurrency": 1}
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema], **options)
    assert len(done.data("l000.pdf")["rows"]) == len(one.ledgers["l000.pdf"].rows)


def test_without_limits_of_its_own_a_document_goes_in_one_window(make_shelf: Any, tmp_path: Path, planned: Any) -> None:
    long = make_shelf(1, 12, least=12)
    with FakeEndpoint("zai") as endpoint:
        plan = planned(endpoint, tmp_path / "out", inputs=[long.folder], schema=[long.schema])
    assert plan["calls"] == 1


@pytest.mark.parametrize("kind", ["too_long", "truncated", "context_exceeded"])
def test_a_window_too_large_for_the_model_is_split(kind: str, make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 5, least=5)
    with FakeEndpoint("zai", script=script.when(lambda question: len(question.images) > 2, kind)) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema])
    assert done.wrong(one) == []
    assert [len(call.images) for call in done.requests] == [5, 2, 3, 1, 2]
    assert {entry["state"] for entry in done.meta("l000.pdf")["pages"]} == {"extracted"}


@pytest.mark.parametrize(("kind", "reason"), [("bad_parameter", "config_error"), ("unsafe", "refused")])
def test_a_page_that_is_refused_costs_no_other_page(
    kind: str, reason: str, make_shelf: Any, tmp_path: Path, run: Any
) -> None:
    one = make_shelf(1, 4, least=4)
    third = {row.id for row in one.ledgers["l000.pdf"].rows[46:69]}

    def shows_it(question: Any) -> bool:
        return any(row.id in third for ledger in question.ledgers for row in ledger.rows)

    with FakeEndpoint("zai", script=script.when(shows_it, kind)) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema])
    entries = done.meta("l000.pdf")["pages"]
    assert [(entry["state"], entry["reason"]) for entry in entries if entry["page"] == 3] == [("failed", reason)]
    assert [entry["page"] for entry in entries if entry["state"] == "extracted"] == [1, 2, 4]
    assert done.silent(one) == []
    assert done.summary.exit_code == 1


def test_an_answer_over_one_page_that_is_cut_off_is_continued(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 1)
    with FakeEndpoint("zai", script=script.first(["truncated"])) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema])
    assert len(done.requests) == 2
    assert done.wrong(one) == []
    assert done.requests[1].output_tokens < done.requests[0].output_tokens  # the rest, not all of it again


def test_a_tall_screenshot_goes_in_tiles_and_its_rows_come_once(few: Any, tmp_path: Path, run: Any) -> None:
    ledger = make_ledger(7, 160)
    picture = tmp_path / "in" / "screen.png"
    picture.parent.mkdir()
    write_picture(picture, ledger, width=1280, height=14000)
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[picture.parent], schema=[few.schema], ocr="off")
    assert done.data("screen.png") == ledger.data
    assert done.meta("screen.png")["state"] == "complete"
    sizes = [size for call in done.requests for size in call.pixels]
    assert len(sizes) > 3
    assert all(width >= 1000 for width, _ in sizes)  # cut, not squeezed
    assert len([entry["page"] for entry in done.meta("screen.png")["pages"]]) == 1


def test_a_scan_of_36_million_pixels_is_sent_within_the_budget(few: Any, tmp_path: Path, run: Any) -> None:
    ledger = make_ledger(8, 14)
    picture = tmp_path / "in" / "scan.jpg"
    picture.parent.mkdir()
    write_picture(picture, ledger, width=6000, height=6000)
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[picture.parent], schema=[few.schema], ocr="off")
    assert done.data("scan.jpg") == ledger.data
    [call] = done.requests
    [(width, height)] = call.pixels
    assert width == height < 6000
    assert call.input_tokens < 2800 + 1000
    assert call.body_bytes < 5_000_000


def test_a_scanned_pdf_is_sent_as_pictures_and_checked_by_reading(few: Any, tmp_path: Path, run: Any) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    ledger = make_ledger(9, 6)
    write_scan(folder / "scan.pdf", ledger)
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[folder], schema=[few.schema])
    assert done.data("scan.pdf") == ledger.data
    statuses = [item["status"] for item in done.meta("scan.pdf")["evidence"]]
    located = {"verbatim", "normalised", "approximate"}
    assert sum(status in located for status in statuses) > 0.7 * len(statuses)


def test_one_page_that_is_too_large_goes_again_as_a_smaller_picture(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 1)
    too_large = script.when(lambda question: question.images[0].tokens > 1500, "too_long")
    with FakeEndpoint("zai", script=too_large) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema])
        again = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema])
    assert done.wrong(one) == []
    sides = [call.pixels[0][0] for call in done.requests]
    assert sides == sorted(sides, reverse=True)
    assert len(sides) == 2
    assert again.requests == []
