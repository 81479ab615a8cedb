"""Likeness of texts, and ANLS* against cases worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.evaluate.text import anls_star, similarity


def test_similarity() -> None:
    assert similarity("kitten", "sitting") == 1 - 3 / 7
    assert similarity("", "") == 1.0
    assert similarity("a", "") == 0.0


@pytest.mark.parametrize(
    ("wanted", "got", "score"),
    [
        ("Hello  World", "hello world", 1.0),
        ("hello", "hello!", 5 / 6),
        ("hello", "world", 0.0),  # 1 - 4/5 is below one half
        ("abcd", "abxy", 0.5),  # one half itself counts
        (None, None, 1.0),
        (None, "x", 0.0),
        ("x", None, 0.0),
        (12, 12.0, 1.0),
        # The example of the paper's own code: 5/6, and this, a, test right, is against be wrong.
        ({"a": "hello", "b": ["this", "is", "a", "test"]}, {"a": "hello!", "b": ["a", "test", "this", "be"]},
         (5 / 6 + 3) / 5),
        # A key too many and a key too few cost one leaf each; null stands for a key that is not there.
        ({"a": "x", "b": "y"}, {"a": "x", "c": "z"}, 1 / 3),
        ({"a": "x", "b": None}, {"a": "x"}, 1.0),
        ({"a": "x", "b": None}, {"a": "q"}, 1 / 2),
        # A list item of two leaves that is missing costs two.
        ([{"a": "x", "b": "y"}, {"a": "p", "b": "q"}], [{"a": "p", "b": "q"}], 2 / 4),
        ([{"a": "x"}], [], 0.0),
        ([], [], 1.0),
        ({"a": {"b": "x", "c": "y"}}, {"a": "x"}, 0.0),
    ],
)  # fmt: skip
def test_anls_star(wanted: Any, got: Any, score: float) -> None:
    assert anls_star(wanted, got) == pytest.approx(score, abs=1e-12)


VALUES = st.recursive(
    st.none() | st.text("abc", max_size=4) | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_anls_star_is_a_share(wanted: Any, got: Any) -> None:
    assert 0.0 <= anls_star(wanted, got) <= 1.0
    assert anls_star(wanted, wanted) == pytest.approx(1.0)
