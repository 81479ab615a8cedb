from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.check.confidence import AUDIT_FAILED, Calibration, Signs, calibration_from, weigh
from docextract.check.examine import examine
from docextract.types import Evidence

SHARE = st.floats(0, 1)


def leaf(confidence: float, status: Any = "verbatim") -> Evidence:
    return Evidence(path="/rows/3/n", status=status, confidence=confidence)


def test_signs_raise_and_lower() -> None:
    def sure(**signs: Any) -> float:
        [item] = weigh([leaf(0.8)], Signs(**signs))
        return item.confidence

    assert sure() == 0.8
    assert sure(passed={"/rows/3/n"}) == 0.9
    assert sure(passed={"/rows/3/n"}, agreed={"/rows/3/n"}) == 0.95
    assert sure(failed={"/rows/3/n"}) == pytest.approx(0.8 * AUDIT_FAILED)
    assert sure(doubted={"/rows/3"}) < 0.8
    assert sure(doubted={"/rows/30"}) == 0.8
    assert sure(conflicting={"/rows/3/n"}) < 0.8


def test_nothing_raises_a_value_that_the_page_contradicts() -> None:
    [item] = weigh([leaf(0.15, "contradicted")], Signs(passed={"/rows/3/n"}, agreed={"/rows/3/n"}))
    assert item.confidence == 0.15


@given(st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=6), SHARE)
def test_calibrated_confidence_is_a_share(points: list[tuple[float, float]], raw: float) -> None:
    calibration = calibration_from({"points": [list(point) for point in points]})
    assert calibration is not None
    [item] = weigh([leaf(raw)], Signs(), calibration)
    assert 0 <= item.confidence <= 1


def test_calibration_runs_straight_between_its_points() -> None:
    calibration = Calibration(((0.2, 0.1), (0.8, 0.7)))
    assert [round(calibration(raw), 6) for raw in (0.0, 0.2, 0.5, 0.8, 1.0)] == [0.1, 0.1, 0.4, 0.7, 0.7]


@pytest.mark.parametrize("value", [None, {}, {"points": []}, {"points": [[0.5]]}, {"points": [[2, 1]]}, {"points": 3}])
def test_what_is_no_calibration_is_none(value: Any) -> None:
    assert calibration_from(value) is None


def test_an_amount_under_another_label_is_less_sure(make_page: Any) -> None:
    schema = {
        "type": "object",
        "properties": {
            "subtotal": {"type": "number", "x-aliases": ["Subtotal"]},
            "total": {"type": "number", "x-aliases": ["Total", "Amount due"]},
        },
    }
    page = make_page([(20.0, "Subtotal"), (300.0, "85.90")], [(20.0, "Total"), (300.0, "91.05")])
    right = examine({"total": 91.05}, schema, [page])
    wrong = examine({"total": 85.9}, schema, [page])
    assert right.issues == ()
    assert [issue.code for issue in wrong.issues] == ["label_differs"]
    assert wrong.evidence[0].confidence < right.evidence[0].confidence


def test_check_digits_that_fail_as_printed_leave_the_reading_sure(make_page: Any) -> None:
    schema = {
        "type": "object",
        "properties": {"iban": {"type": "string", "x-audits": [{"rule": "check_digits", "kind": "iban"}]}},
    }
    page = make_page("IBAN DE89 3704 0044 0532 0130 01")
    found = examine({"iban": "DE89 3704 0044 0532 0130 01"}, schema, [page])
    assert [issue.code for issue in found.issues] == ["audit_failed"]
    assert found.evidence[0].confidence == 1.0
