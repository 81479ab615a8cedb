"""Pieces of an answer that was cut off."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.steps.rejoin import rejoin

ROWS = [{"id": number, "name": f"row number {number}"} for number in range(30)]
WHOLE = json.dumps({"title": "A ledger", "rows": ROWS})


@given(cut=st.integers(1, len(WHOLE) - 1))
def test_a_continuation_goes_on_where_the_first_piece_stopped(cut: int) -> None:
    assert json.loads(rejoin(WHOLE[:cut], WHOLE[cut:])) == json.loads(WHOLE)


@given(cut=st.integers(60, len(WHOLE) - 1), back=st.integers(45, 400))
def test_a_continuation_that_repeats_the_last_rows_replaces_them(cut: int, back: int) -> None:
    start = max(0, cut - back)
    assert json.loads(rejoin(WHOLE[:cut], WHOLE[start:])) == json.loads(WHOLE)


@pytest.mark.parametrize("wrap", ["{}", "```json\n{}\n```", "\n{}\n"])
def test_a_continuation_that_is_the_whole_answer_replaces_the_first_piece(wrap: str) -> None:
    again = wrap.replace("{}", WHOLE)
    assert json.loads(rejoin(WHOLE[:200], again)) == json.loads(WHOLE)
