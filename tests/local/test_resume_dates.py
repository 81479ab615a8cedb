"""Dates as resumes print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.local.resume_dates import find, is_dates


@pytest.mark.parametrize(
    ("text", "begin", "finish", "current"),
    [
        ("January 2019 to Present", "2019-01", None, True),
        ("Sept 2018 – May 2023", "2018-09", "2023-05", False),
        ("03/2019 - 11/2020", "2019-03", "2020-11", False),
        ("2015-06-01 — 2020-01-31", "2015-06-01", "2020-01-31", False),
        ("2020-02-01 —", "2020-02-01", None, True),
        ("May–August 2021", "2021-05", "2021-08", False),
        ("März 2018 bis heute", "2018-03", None, True),
        ("juin 2016 à mai 2018", "2016-06", "2018-05", False),
        ("enero de 2015 - diciembre de 2018", "2015-01", "2018-12", False),
        ("seit 03/2020", "2020-03", None, True),
        ("Aug '19 – Sep '20", "2019-08", "2020-09", False),
        ("2006\t2011", "2006", "2011", False),
        ("BSc Statistics\t2014 - 2018", "2014", "2018", False),
        ("Issued on: Mar 1, 2019", None, "2019-03-01", False),
    ],
)
def test_ranges_and_dates(text: str, begin: str | None, finish: str | None, current: bool) -> None:
    found = find(text)
    assert found is not None
    assert (found.begin, found.finish, found.current) == (begin, finish, current)


@pytest.mark.parametrize(
    "text", ["Led 2000 users in 2019 with care", "doi 10.5555/example.2021.77", "no date", "99.97%"]
)
def test_numbers_that_are_no_dates(text: str) -> None:
    assert find(text) is None


def test_a_line_of_dates_may_tell_the_duration() -> None:
    assert is_dates("Jun 2015 - Jan 2020 (4 years 7 months)")
    assert not is_dates("Acme, Jun 2015 - Jan 2020")


@given(st.integers(1950, 2049), st.integers(1, 12), st.integers(0, 30), st.integers(1, 12))
def test_any_month_range_is_read_back(year: int, month: int, years: int, last: int) -> None:
    found = find(f"{month:02d}/{year} - {last:02d}/{year + years}")
    assert found is not None
    assert (found.begin, found.finish) == (f"{year}-{month:02d}", f"{year + years}-{last:02d}")
