"""--first-pass local: the model is asked only for what the embedded engine could not fill, ground and audit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docextract.cli.final import final_lines
from docextract.testing.endpoint import FakeEndpoint

LINES = [("Oak board", "2", "12.50", "25.00"), ("Copper wire", "3", "4.00", "12.00")]


def write_invoice(path: Path, *, total: str = "44.03", date: str = "Invoice date: 2024-03-05") -> None:
    """An invoice over 37.00 net, 7.03 tax; another `total` than 44.03 does not add up."""
    from reportlab.pdfgen.canvas import Canvas

    sheet = Canvas(str(path), pagesize=(595, 842), invariant=True)
    seller = ["Baker & Miller Ltd", "12 Mill Road", "CB1 2AD Cambridge"]
    for at, text in enumerate([*seller, "", "Invoice number: INV-2024-17", date, "", "Bill to:", "Anna Smith"]):
        sheet.drawString(50, 790 - 15 * at, text)
    rows = [("Description", "Quantity", "Unit price", "Amount"), *LINES]
    rows += [("", "", "Net total", "37.00"), ("", "", "VAT 19 %", "7.03"), ("", "", "Grand total", f"EUR {total}")]
    for at, row in enumerate(rows):
        for x, text in zip((50, 250, 340, 450), row, strict=True):
            sheet.drawString(x, 600 - 18 * at, text)
    sheet.save()


@pytest.fixture(scope="module")
def endpoint() -> Any:
    with FakeEndpoint("zai") as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def done(endpoint: FakeEndpoint, run: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    base = tmp_path_factory.mktemp("first")
    folder = base / "in"
    folder.mkdir()
    write_invoice(folder / "good.pdf")
    write_invoice(folder / "odd.pdf", total="45.03")
    write_invoice(folder / "gap.pdf", date="Invoice date:")
    options = {"inputs": [folder], "schema": ["invoice"], "first_pass": "local", "second_look": "off"}
    return run(endpoint, base / "out", **options)


def test_a_document_that_is_filled_grounded_and_audited_costs_no_call(done: Any) -> None:
    meta = done.meta("good.pdf")
    assert meta["model"] == "local"
    assert meta["first_pass"]["kept"]
    assert meta["usage"]["calls"] == 0
    assert done.data("good.pdf")["grand_total"] == 44.03
    assert done.data("good.pdf")["lines"][1]["net_amount"] == 12.0


def test_sums_that_fail_and_labels_without_a_value_are_sent_and_say_why(done: Any) -> None:
    for name, why in (("odd.pdf", "/grand_total"), ("gap.pdf", "/issue_date: named on the page and not found")):
        meta = done.meta(name)
        assert meta["model"] == "zai/glm-5v-turbo"
        assert not meta["first_pass"]["kept"]
        assert meta["first_pass"]["why"].startswith(why)
    assert len(done.answered) == 2


def test_the_saving_is_in_the_account_and_in_the_table(done: Any) -> None:
    first = done.summary.first_pass
    assert (first["kept"], first["asked"], first["calls_spared"]) == (1, 2, 1)
    assert 0 < first["usd_low"] < first["usd_high"]
    assert any(line.startswith("first pass") and "1 of 3" in line for line in final_lines(done.summary, ""))


def test_nothing_is_asked_twice_by_a_second_run(done: Any, endpoint: FakeEndpoint, run: Callable[..., Any]) -> None:
    options = {"inputs": [done.out.parent / "in"], "schema": ["invoice"], "first_pass": "local", "second_look": "off"}
    again = run(endpoint, done.out, **options)
    assert not again.requests
    assert again.summary.first_pass == done.summary.first_pass
