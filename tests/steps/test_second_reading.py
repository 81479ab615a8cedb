"""A wrong total that stands elsewhere on its page, over whole runs: the embedded engine's reading speaks against it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from docextract.testing import script
from docextract.testing.answers import Answer
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.spoil import SPOILED

TRUE = {"number": "2024-118", "net_total": None, "tax_total": None, "grand_total": 156.0}


def write_invoice(path: Path) -> None:
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.setFont("Helvetica", 11)
    lines: list[tuple[int, tuple[str, ...]]] = [
        (780, ("Harbour Supplies Ltd",)),
        (760, ("Invoice No. 2024-118",)),
        (740, ("Invoice date 2024-03-05",)),
    ]
    lines += [(700, ("Rope", "50.00")), (680, ("Anchor", "80.00"))]
    lines += [(640, ("Net total", "130.00")), (620, ("VAT 20 %", "26.00")), (600, ("Grand total", "156.00"))]
    for y, cells in lines:
        for x, cell in zip((60, 450), cells, strict=False):
            canvas.drawString(x, y, cell)
    canvas.showPage()
    canvas.save()


def says(change: Callable[[dict[str, Any]], None]) -> Callable[[Answer], Answer]:
    """The true answer, changed, for whatever fields are asked for."""

    def spoil(answer: Answer) -> Answer:
        value = copy.deepcopy(TRUE)
        change(value)
        return replace(answer, text=json.dumps({name: value.get(name) for name in answer.value}))

    return spoil


@pytest.fixture
def asked(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs one invoice against answers in their order."""

    def go(*totals: float, **options: Any) -> Any:
        folder = tmp_path / "in"
        folder.mkdir()
        write_invoice(folder / "a.pdf")
        kinds = ["fences", "box", "schema_echo"][: len(totals)]
        for kind, total in zip(kinds, totals, strict=True):
            monkeypatch.setitem(SPOILED, kind, says(lambda value, total=total: value.update(grand_total=total)))  # type: ignore[misc]  # a bound default
        with FakeEndpoint("zai", script=script.first(kinds)) as endpoint:
            return run(endpoint, tmp_path / "out", inputs=[folder], schema=["invoice"], **options)

    return go


def statuses(meta: dict[str, Any]) -> dict[str, str]:
    return {item["path"]: item["status"] for item in meta["evidence"]}


def test_a_total_of_another_row_is_contradicted_and_both_are_named(asked: Any) -> None:
    meta = asked(80.0, second_look="off").meta("a.pdf")
    assert statuses(meta)["/grand_total"] == "contradicted"
    [issue] = [issue for issue in meta["issues"] if issue["code"] == "reading_differs"]
    assert issue["path"] == "/grand_total"
    assert "80" in issue["message"]
    assert "156" in issue["message"]


def test_a_second_look_mends_it(asked: Any) -> None:
    done = asked(80.0, 156.0)
    assert len(done.requests) == 2
    assert done.data("a.pdf")["grand_total"] == 156.0
    meta = done.meta("a.pdf")
    assert statuses(meta)["/grand_total"] in ("verbatim", "normalised")
    assert {issue["code"] for issue in meta["issues"]} == {"second_look"}
    assert meta["conflicts"] == [{"path": "/grand_total", "kept": 156.0, "other": [{"value": 80.0, "page": 1}]}]


def test_a_model_that_says_it_twice_is_believed_with_the_other_reading_named(asked: Any) -> None:
    done = asked(80.0, 80.0)
    meta = done.meta("a.pdf")
    assert done.data("a.pdf")["grand_total"] == 80.0
    assert statuses(meta)["/grand_total"] == "verbatim"
    assert "reading_differs" in {issue["code"] for issue in meta["issues"]}


def test_a_right_total_costs_no_further_call(asked: Any) -> None:
    done = asked(156.0)
    assert len(done.requests) == 1
    assert done.meta("a.pdf")["issues"] == []
