"""Another reading of the page held against an answer: what it says of numbers that stand elsewhere."""

from typing import Any

import pytest

from docextract.check.agreement import LEAST, SURE, Reading
from docextract.check.examine import Examined, Known, examine
from docextract.types import Evidence

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "subtotal": {"type": "number", "x-aliases": ["Subtotal"]},
        "total": {"type": "number", "x-aliases": ["Total"]},
        "due": {"type": "number", "x-aliases": ["Amount due"]},
        "date": {"type": "string", "format": "date"},
        "company": {"type": "string"},
    },
}
ROWS = (
    "Corner Shop Ltd",
    [(20.0, "Date"), (200.0, "2024-03-05")],
    [(20.0, "Delivered"), (200.0, "2024-03-01")],
    [(20.0, "Bread"), (300.0, "31.40")],
    [(20.0, "Subtotal"), (300.0, "48.20")],
    [(20.0, "To pay today"), (300.0, "57.84")],
)


def reading(value: dict[str, Any], confidence: float) -> Reading:
    places = [
        Evidence(path=f"/{name}", page=1, box=(0.5, 0.1, 0.6, 0.12), quote=str(found), status="verbatim",
                 confidence=confidence)
        for name, found in value.items()
    ]  # fmt: skip
    return Reading(value=value, evidence=places)


@pytest.fixture
def examined(make_page: Any) -> Any:
    """Return a function that examines an answer against the page and another reading."""

    def go(answer: dict[str, Any], other: dict[str, Any], confidence: float = SURE, **known: Any) -> Examined:
        return examine(answer, SCHEMA, [make_page(*ROWS)], Known(reading=reading(other, confidence), **known))

    return go


def status(found: Examined) -> dict[str, str]:
    return {item.path: item.status for item in found.evidence}


def codes(found: Examined) -> list[tuple[str, str]]:
    return [(issue.path, issue.code) for issue in found.issues]


def test_an_amount_that_stands_elsewhere_is_contradicted_by_a_sure_reading(examined: Any) -> None:
    found = examined({"total": 31.4}, {"total": 57.84})
    assert status(found) == {"/total": "contradicted"}
    assert found.evidence[0].quote == "57.84"
    [named] = [issue.message for issue in found.issues if issue.code == "reading_differs"]
    assert "31.4" in named
    assert "57.84" in named


def test_a_reading_that_is_not_sure_lowers_confidence_and_is_named(examined: Any) -> None:
    found = examined({"total": 31.4}, {"total": 57.84}, LEAST)
    assert status(found) == {"/total": "verbatim"}
    assert ("/total", "reading_differs") in codes(found)
    assert found.evidence[0].confidence <= 0.5


def test_a_guess_says_nothing(examined: Any) -> None:
    assert codes(examined({"total": 31.4}, {"total": 57.84}, LEAST - 0.01)) == []


def test_a_value_beside_its_own_label_is_never_contradicted(examined: Any) -> None:
    found = examined({"subtotal": 48.2}, {"subtotal": 57.84})
    assert status(found) == {"/subtotal": "verbatim"}
    assert codes(found) == [("/subtotal", "reading_differs")]


def test_two_looks_of_the_model_outweigh_the_reading(examined: Any) -> None:
    found = examined({"total": 31.4}, {"total": 57.84}, agreed=frozenset({"/total"}))
    assert status(found) == {"/total": "verbatim"}
    assert ("/total", "reading_differs") in codes(found)


def test_agreement_raises_confidence(examined: Any, make_page: Any) -> None:
    alone = examine({"date": "2024-03-05"}, SCHEMA, [make_page(*ROWS)])
    both = examined({"date": "2024-03-05"}, {"date": "2024-03-05"})
    assert codes(both) == []
    assert both.evidence[0].confidence >= alone.evidence[0].confidence


def test_another_date_of_the_page_is_named(examined: Any) -> None:
    assert codes(examined({"date": "2024-03-01"}, {"date": "2024-03-05"})) == [("/date", "reading_differs")]


def test_names_are_not_compared(examined: Any) -> None:
    assert codes(examined({"company": "Corner Shop Ltd"}, {"company": "Shop"})) == []


def test_a_number_that_the_reading_does_not_find_must_be_one_it_found_elsewhere(examined: Any) -> None:
    others = {"subtotal": 48.2, "total": 57.84}
    assert codes(examined({"total": 57.84, "due": 57.84}, others)) == []
    assert ("/due", "reading_differs") in codes(examined({"total": 57.84, "due": 31.4}, others))


def test_signs_of_credit_notes_are_no_difference(examined: Any) -> None:
    assert codes(examined({"subtotal": 48.2}, {"subtotal": -48.2})) == []


def test_two_fields_cannot_have_the_number_beside_one_label(make_page: Any) -> None:
    found = examine({"subtotal": 57.84, "due": 48.2}, SCHEMA, [make_page(*ROWS)])
    [issue] = [issue for issue in found.issues if issue.path == "/due"]
    assert issue.code == "label_differs"
    assert "/subtotal" in issue.message
