"""Operations, intervals and calibration against cases worked out by hand."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.check.confidence import calibration_from
from docextract.evaluate.calibrate import Judged, as_json, calibrate
from docextract.evaluate.counts import Counts, total
from docextract.evaluate.interval import interval, mean, percentile
from docextract.evaluate.operations import operation_key, score_operations
from docextract.evaluate.score import pooled


def test_operations_are_known_by_method_and_path() -> None:
    assert operation_key("get", "/pets/{petId}/") == operation_key("GET", "/pets/{id}") == ("GET", "/pets/{}")
    assert operation_key("get", "/") == ("GET", "/")
    assert operation_key("get", None) == ("GET", "")
    assert operation_key("get", "/Pets") != operation_key("get", "/pets")


def test_operations_and_parameters_by_hand() -> None:
    limit, tag, own = {"name": "limit", "in": "query"}, {"name": "tag", "in": "query"}, {"name": "id", "in": "path"}
    wanted = {"operations": [
        {"method": "GET", "path": "/pets", "parameters": [limit, tag]},
        {"method": "GET", "path": "/pets/{id}", "parameters": [own]},
        {"method": "POST", "path": "/pets", "parameters": []},
    ]}  # fmt: skip
    got = {"operations": [
        {"method": "get", "path": "/pets", "parameters": [{"name": "limit", "in": "header"}, tag]},
        {"method": "GET", "path": "/pets/{petId}", "parameters": [own]},
        {"method": "GET", "path": "/pets", "parameters": [tag]},
    ]}  # fmt: skip
    score = score_operations(wanted, got)
    # The second GET /pets is one too many; its parameter too. `limit` stands in the wrong place.
    assert score.operations == Counts(right=2, wanted=3, got=3)
    assert score.parameters == Counts(right=2, wanted=3, got=4)
    # Whatever its operation, `tag` was wanted once and given twice.
    assert score.names == Counts(right=2, wanted=3, got=4)
    assert score_operations(wanted, None).parameters == Counts(right=0, wanted=3, got=0)


def test_percentiles_lie_on_the_line_between_two_values() -> None:
    assert percentile([0.0, 1.0, 2.0, 3.0, 4.0], 0.025) == pytest.approx(0.1)
    assert percentile([0.0, 1.0, 2.0, 3.0, 4.0], 0.975) == pytest.approx(3.9)
    assert percentile([7.0], 0.5) == 7.0


def test_an_interval_is_the_same_every_time() -> None:
    values = [0.0, 0.5, 1.0, 1.0]
    found = interval(values, mean)
    assert found == interval(values, mean)
    assert found is not None
    assert 0.0 <= found[0] < 0.625 < found[1] <= 1.0
    assert interval([0.5, 0.5, 0.5], mean) == (0.5, 0.5)
    assert interval([], mean) is None


def test_a_wide_sample_has_the_interval_that_theory_gives() -> None:
    # 50 of 100: the normal approximation gives 0.5 +- 1.96 * 0.05.
    found = interval([0.0] * 50 + [1.0] * 50, mean, times=4000)
    assert found is not None
    assert found[0] == pytest.approx(0.402, abs=0.02)
    assert found[1] == pytest.approx(0.598, abs=0.02)


def test_pooled_f1_weighs_leaves_and_not_documents() -> None:
    counts = [Counts(right=9, wanted=10, got=9), Counts(right=0, wanted=1, got=1)]
    assert pooled(counts).value == total(counts).f1 == 18 / 21
    assert pooled([]).value is None


def leaf(confidence: float, right: bool, status: str = "verbatim") -> Judged:
    return Judged(confidence=confidence, status=status, right=right)


def test_calibration_by_hand() -> None:
    found = calibrate([leaf(0.95, True), leaf(0.95, False), leaf(0.55, True, "approximate")])
    filled = {each.low: (each.n, each.confidence, each.right) for each in found.bins if each.n}
    assert filled == {0.5: (1, 0.55, 1.0), 0.9: (2, 0.95, 0.5)}
    assert found.ece == pytest.approx((1 * 0.45 + 2 * 0.45) / 3)
    assert found.brier == pytest.approx((0.05**2 + 0.95**2 + 0.45**2) / 3)
    assert found.statuses == {"approximate": (1, 1.0), "verbatim": (2, 0.5)}
    # More confidence must not mean less truth: the two levels are pooled.
    assert found.points == ((0.55, 2 / 3),)


def test_full_confidence_falls_into_the_last_bin() -> None:
    assert [each.n for each in calibrate([leaf(1.0, True), leaf(0.0, False)]).bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]


def test_nothing_to_calibrate() -> None:
    found = calibrate([])
    assert (found.n, found.ece, found.brier, found.points) == (0, None, None, ())


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), st.booleans()), min_size=1))
def test_the_curve_grows_and_keeps_the_mean(items: list[tuple[float, bool]]) -> None:
    curve = calibrate([leaf(*item) for item in items]).points
    assert list(curve) == sorted(curve)
    shares = [right for _, right in curve]
    assert shares == sorted(shares)
    # Isotonic regression keeps the mean: the curve's shares, weighted, add up to all that is right.
    starts = [start for start, _ in curve]
    weights = [
        sum(start <= c and all(not s <= c for s in starts[i + 1 :]) for c, _ in items) for i, start in enumerate(starts)
    ]
    added = sum(Fraction(share).limit_denominator(1000) * n for share, n in zip(shares, weights, strict=True))
    assert added == sum(right for _, right in items)


def test_a_run_reads_the_calibration_that_eval_writes() -> None:
    written = json.loads(json.dumps(as_json(calibrate([leaf(0.5, True), leaf(0.5, False), leaf(0.9, True)]))))
    calibration = calibration_from(written)
    assert calibration is not None
    assert calibration.points == ((0.5, 0.5), (0.9, 1.0))
