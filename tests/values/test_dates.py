from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.values.dates import find_dates, parse_date

DAYS = st.dates(min_value=date(1969, 1, 1), max_value=date(2068, 12, 31))
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
SHORT = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-03-05", "2024-03-05"),
        ("5.3.2024", "2024-03-05"),
        ("05. 03. 24", "2024-03-05"),
        ("3/25/2024", "2024-03-25"),
        ("Mon, 3 May 2021", "2021-05-03"),
        ("31DEC2018", "2018-12-31"),
        ("25/12/2018 17:04", "2018-12-25"),
        ("2018-12-25T17:04:00Z", "2018-12-25"),
        ("12 de marzo de 2020", "2020-03-12"),
        ("2024年1月5日", "2024-01-05"),
        ("March 2021", "2021-03"),
        ("Jan '20", "2020-01"),
        ("09/2020", "2020-09"),
        ("2020", "2020"),
        ("20240105", "2024-01-05"),
        ("25032018", "2018-03-25"),
        ("25032018 13:11:54", "2018-03-25"),
        ("99032018", None),
        ("31.02.2024", None),
        ("1.234,56", None),
        ("invoice 12 of 14", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_it_is_written(text: str, iso: str | None) -> None:
    assert parse_date(text) == iso


def test_month_first_is_taken_where_it_is_asked_for() -> None:
    assert parse_date("04/03/2024", day_first=False) == "2024-04-03"
    assert parse_date("04.03.2024", day_first=False) == "2024-03-04"


def test_only_a_date_that_can_be_turned_round_is_ambiguous() -> None:
    assert [d.ambiguous for d in find_dates("04/03/2024 13/03/2024 04/04/2024 04.03.2024")] == [
        True,
        False,
        False,
        False,
    ]


def test_places_cut_the_dates_out_of_the_text() -> None:
    text = "from 1 May 2020 to 30.06.2021, paid 2.500,00"
    assert [(text[d.start : d.end], d.iso) for d in find_dates(text)] == [
        ("1 May 2020", "2020-05-01"),
        ("30.06.2021", "2021-06-30"),
    ]


@given(DAYS, st.sampled_from(["%d.%m.%Y", "%d/%m/%Y", "%d-%m-%y", "%Y/%m/%d", "%Y%m%d", "%d.%m.%y"]))
def test_digits_round_trip(day: date, form: str) -> None:
    assert parse_date(day.strftime(form)) == day.isoformat()


@given(DAYS, st.sampled_from([GERMAN, FRENCH, SPANISH, SHORT]), st.sampled_from(["{d}. {m} {y}", "{d} {m} {y}"]))
def test_names_of_months_round_trip(day: date, names: str, form: str) -> None:
    text = form.format(d=day.day, m=names.split()[day.month - 1], y=day.year)
    assert parse_date(text) == day.isoformat()
    assert parse_date(text.upper()) == day.isoformat()


@given(st.text(max_size=60))
def test_any_text_gives_places_within_it_that_do_not_overlap(text: str) -> None:
    found = find_dates(text, years=True)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
