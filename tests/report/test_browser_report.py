"""The report in a browser: values and boxes find each other, names stay text, thousands of rows stay few."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from docextract.cli.report import command
from tests.report.conftest import HOSTILE, INVOICE, many

if TYPE_CHECKING:
    from playwright.sync_api import Page


def opened(page: Page, out: Path, where: str = "") -> None:
    page.goto((out / "report.html").as_uri() + where)
    page.wait_for_selector("html[data-ready]")


def meta(out: Path, name: str) -> Any:
    return json.loads((out / f"{name}.meta.json").read_text(encoding="utf-8"))


def test_clicking_a_value_lights_its_box_where_it_stands_on_the_page(page: Page, ran: Path) -> None:
    opened(page, ran, f"#/document/{INVOICE}")
    (wanted,) = (each for each in meta(ran, INVOICE)["evidence"] if each["path"] == "/grand_total")
    page.hover(".pane")
    page.mouse.wheel(0, 5_000)
    page.click('.value[data-path="/grand_total"]')
    page.wait_for_selector(".box.lit")
    assert page.locator(".box.lit").count() == len(wanted["boxes"])
    image = page.locator(".sheet img").bounding_box()
    box = page.locator(".box.lit").first.bounding_box()
    assert image is not None
    assert box is not None
    got = [
        (box["x"] - image["x"]) / image["width"],
        (box["y"] - image["y"]) / image["height"],
        (box["x"] + box["width"] - image["x"]) / image["width"],
        (box["y"] + box["height"] - image["y"]) / image["height"],
    ]
    assert got == pytest.approx(wanted["boxes"][0], abs=0.004)
    assert page.locator(".sheet img").evaluate("each => each.naturalWidth") > 500
    # It was brought into view, and what is printed is told.
    assert 48 < box["y"] < 860
    assert "£1,506.00" in page.inner_text(".inspect")


def test_clicking_a_box_chooses_its_value_and_hovering_shows_it(page: Page, ran: Path) -> None:
    opened(page, ran, f"#/document/{INVOICE}")
    page.wait_for_selector('.box[data-path="/number"]')
    page.hover('.box[data-path="/number"]')
    assert page.locator('.value[data-path="/number"].hot').count() == 1
    page.click('.box[data-path="/number"]')
    assert page.get_attribute('.value[data-path="/number"]', "aria-selected") == "true"
    assert "HF-2024-0187" in page.inner_text(".inspect")


def test_keys_move_through_values_and_go_back(page: Page, ran: Path) -> None:
    opened(page, ran, f"#/document/{INVOICE}")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    first = meta(ran, INVOICE)["evidence"][0]["path"]
    assert page.get_attribute(".value.lit", "data-path") == first
    page.keyboard.press("Escape")
    page.wait_for_selector(".glance")


def test_a_name_full_of_markup_stays_text(page: Page, ran: Path) -> None:
    opened(page, ran)
    assert page.locator(".row a", has_text=HOSTILE).count() == 1
    page.click(f'.row a:has-text("{HOSTILE}")')
    page.wait_for_selector(".text")
    assert HOSTILE in page.inner_text("h1")
    assert "</script><script>" in page.inner_text(".text")
    assert page.locator(".text b, .text script, h1 img").count() == 0
    assert page.title() == f"{HOSTILE} \u2013 docextract"


def test_text_without_pages_marks_where_values_stand(page: Page, ran: Path) -> None:
    name = "people/halvorsen.docx"
    opened(page, ran, f"#/document/{quote(name, safe='')}?%2Fname")
    (wanted,) = (each for each in meta(ran, name)["evidence"] if each["path"] == "/name")
    assert page.inner_text(".text mark.lit") == wanted["quote"]


def test_failures_are_grouped_with_what_to_do(page: Page, ran: Path) -> None:
    opened(page, ran)
    cause = page.locator(".cause", has_text="empty file")
    assert "no bytes" in cause.inner_text()
    cause.click()
    assert cause.locator("a").inner_text() == "empty.pdf"


def test_five_thousand_documents_stay_usable(page: Page, tmp_path: Path) -> None:
    out = many(tmp_path / "out", 5000)
    assert command({"out": str(out)}) == 0
    opened(page, out)
    rows = ".list .row"
    assert page.locator(rows).count() <= 80
    assert page.inner_text(".count") == "5,000 documents"
    page.mouse.wheel(0, 90_000)
    _until(page, "Number(document.querySelector('.list .row').dataset.at) > 2000")
    assert page.locator(rows).count() <= 80
    page.keyboard.press("/")
    page.keyboard.type("doc-04321")
    _until(page, "document.querySelectorAll('.list .row').length === 1")
    assert "doc-04321.pdf" in page.inner_text(rows)
    page.fill("input[type=search]", "")
    page.click(".chip:has-text('absent')")
    assert page.inner_text(".count") == "500 of 5,000 documents"
    page.click(".head button:has-text('Time')")
    times = page.locator(f"{rows} > :last-child").all_inner_texts()
    assert times[0] == "993 ms"
    assert times == sorted(times, reverse=True)
    assert page.locator(rows).count() <= 80


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readable_at_every_width_and_in_both_schemes(page: Page, ran: Path, width: int, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 860})
    for where in ("", f"#/document/{INVOICE}?%2Fnumber"):
        opened(page, ran, where)
        page.reload()
        page.wait_for_selector("html[data-ready]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faint(page) == []


CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


def faint(page: Page) -> list[str]:
    """Texts whose contrast with what lies behind them is under 4.5 (WCAG 2.1 AA)."""
    found: list[str] = page.evaluate(CONTRAST)
    return found


def _until(page: Page, condition: str) -> None:
    """Look until it holds. Playwright's own waiting builds a function from text, which the page's policy forbids."""
    for _ in range(400):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {condition}")
