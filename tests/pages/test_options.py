from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.errors import ConfigError
from docextract.pages.options import is_in_range, parse_page_range


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("1-3,7", ((1, 3), (7, 7))),
        (" 7 , 1 - 3 ", ((1, 3), (7, 7))),
        ("5-", ((5, None),)),
        ("-3", ((1, 3),)),
        ("1-3,4-6,2", ((1, 6),)),
        ("4-,9,12-15", ((4, None),)),
    ],
)
def test_ranges_are_sorted_and_merged(text: str, ranges: object) -> None:
    assert parse_page_range(text) == ranges


@pytest.mark.parametrize("text", ["", "0", "3-1", "a", "1,,2", "1-2-3", "-", "0-5", "1.5"])
def test_what_is_no_range_is_a_usage_error(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_page_range(text)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), min_size=1))
def test_a_page_is_in_the_ranges_when_it_is_in_one_of_the_parts(parts: list[tuple[int, int]]) -> None:
    ranges = parse_page_range(",".join(f"{low}-{low + more}" for low, more in parts))
    expected = {page for low, more in parts for page in range(low, low + more + 1)}
    assert {page for page in range(1, 80) if is_in_range(page, ranges)} == expected
