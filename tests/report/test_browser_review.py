"""The review in a browser: corrected by keyboard, kept over a reload, undone, safe in two tabs, run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from docextract.report.server import ReviewServer
from tests.report.conftest import INVOICE

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page


def opened(page: Page, review: ReviewServer, path: str = "") -> None:
    page.goto(review.url)
    page.wait_for_selector(".glance")
    assert "token" not in page.url
    show(page, path)


def show(page: Page, path: str) -> None:
    page.evaluate(f"location.hash = '#/document/{INVOICE}' + ({path!r} ? '?' + encodeURIComponent({path!r}) : '')")
    page.wait_for_selector(".desk")
    if path:
        page.wait_for_selector(f'.value.lit[data-path="{path}"]')


def correct(page: Page, text: str) -> None:
    """By keyboard only."""
    page.keyboard.press("e")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_selector(".value.lit.changed")


def gold(out: Path) -> Any:
    file = out / "gold" / f"{INVOICE}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def shown(page: Page, path: str) -> str:
    return page.inner_text(f'.value[data-path="{path}"] .shown')


def test_a_value_corrected_by_keyboard_is_kept_over_a_reload(page: Page, review: ReviewServer, out: Path) -> None:
    opened(page, review, "/grand_total")
    correct(page, "1507.25")
    assert gold(out)["grand_total"] == 1507.25
    page.reload()
    page.wait_for_selector(".desk")
    assert shown(page, "/grand_total").startswith("1507.25")
    page.keyboard.press("Escape")
    page.wait_for_selector(".glance")
    assert "1 changed" in page.inner_text(f'.row:has-text("{INVOICE}")')


def test_accept_missing_undo_and_who(page: Page, review: ReviewServer, out: Path) -> None:
    opened(page, review, "/number")
    page.fill(".who", "Ada")
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")
    page.wait_for_selector('.value[data-path="/number"] .s-reviewed')
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.wait_for_selector(".value.changed")
    record = json.loads((out / "gold/.review" / f"{INVOICE}.json").read_text(encoding="utf-8"))
    assert [(field["op"], field["who"]) for field in record["fields"].values()] == [
        ("accept", "Ada"),
        ("missing", "Ada"),
    ]
    (path,) = (path for path, field in record["fields"].items() if field["op"] == "missing")
    assert gold(out)[path[1:]] is None
    page.keyboard.press("u")
    page.wait_for_selector(".value.changed", state="detached")
    assert gold(out)[path[1:]] is not None
    page.keyboard.press("u")
    page.wait_for_selector('.value[data-path="/number"] .s-verbatim')
    assert gold(out) is None


def test_a_box_is_drawn_where_the_pointer_was(page: Page, review: ReviewServer, out: Path) -> None:
    opened(page, review, "/number")
    page.wait_for_selector(".sheet img")
    page.keyboard.press("b")
    page.wait_for_selector(".sheet.drawing")
    frame = page.locator(".sheet").bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 0.25 * frame["width"], frame["y"] + 0.2 * frame["height"])
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.5 * frame["width"], frame["y"] + 0.3 * frame["height"], steps=4)
    page.mouse.up()
    page.wait_for_selector('.value[data-path="/number"] .s-reviewed')
    record = json.loads((out / "gold/.review" / f"{INVOICE}.json").read_text(encoding="utf-8"))
    box = record["fields"]["/number"]["box"]
    assert box["page"] == 1
    assert box["box"] == pytest.approx([0.25, 0.2, 0.5, 0.3], abs=0.005)


def test_a_list_is_corrected_as_a_whole(page: Page, review: ReviewServer, out: Path) -> None:
    opened(page, review, "/lines/0/description")
    page.keyboard.press("l")
    rows = json.loads(page.input_value(".edit textarea"))
    page.fill(".edit textarea", json.dumps(rows[:1]))
    page.keyboard.press("Control+Enter")
    page.wait_for_selector('.value.changed[data-path="/lines"]')
    assert gold(out)["lines"] == rows[:1]
    assert len(rows) > 1


def test_what_cannot_be_read_is_told_and_not_saved(page: Page, review: ReviewServer, out: Path) -> None:
    opened(page, review, "/grand_total")
    page.keyboard.press("e")
    page.keyboard.type("about 5")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said.bad")
    assert "is not a number" in page.inner_text(".said")
    assert gold(out) is None


def test_two_tabs_lose_nothing(page: Page, review: ReviewServer, out: Path) -> None:
    opened(page, review, "/grand_total")
    other = page.context.new_page()
    opened(other, review, "/grand_total")
    correct(page, "1")
    # The other tab has not heard of it: its own word on the same field is refused and the first one shown.
    other.evaluate("window.onfocus = null")
    other.keyboard.press("m")
    other.wait_for_selector(".said.bad")
    assert "another tab" in other.inner_text(".said")
    assert gold(out)["grand_total"] == 1
    assert shown(other, "/grand_total").startswith("1")
    # Other fields are no conflict, in either tab.
    show(page, "/number")
    correct(page, "A-1")
    show(other, "/currency")
    correct(other, "EUR")
    assert (gold(out)["number"], gold(out)["currency"], gold(out)["grand_total"]) == ("A-1", "EUR", 1)


def test_filters_to_what_needs_eyes(page: Page, review: ReviewServer, out: Path) -> None:
    file = out / f"{INVOICE}.meta.json"
    meta = json.loads(file.read_text(encoding="utf-8"))
    for item in meta["evidence"]:
        if item["path"] in {"/due_date", "/iban"}:
            item.update(status="absent", confidence=0.05, page=None, box=None, boxes=[])
    file.write_text(json.dumps(meta), encoding="utf-8")
    page.goto(review.url)
    page.wait_for_selector(".glance")
    page.click(".chip:has-text('absent')")
    assert page.locator(".list .row").count() == 1
    page.click(".list .row a")
    page.wait_for_selector(".desk")
    page.click(".narrow .chip:has-text('to look at')")
    assert page.locator(".value").evaluate_all("all => all.map((each) => each.dataset.path)") == ["/due_date", "/iban"]
    page.keyboard.press("n")
    page.keyboard.press("a")
    page.wait_for_selector('.value.lit[data-path="/iban"]')


def test_a_document_is_run_again(page: Page, review: ReviewServer, out: Path) -> None:
    (out / f"{INVOICE}.json").unlink()
    opened(page, review)
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    page.keyboard.press("r")
    page.wait_for_selector(".said:has-text('done')", timeout=120_000)
    assert "--only" in asked[0]
    assert json.loads((out / f"{INVOICE}.json").read_text(encoding="utf-8"))["number"] == "HF-2024-0187"
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert len(run["results"]) == 4
