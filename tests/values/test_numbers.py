from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.values.numbers import find_amounts, parse_money, parse_number

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1\u202f234,5", "1234.5"),
        ("1,00,000.50", "100000.50"),
        ("1.234.567", "1234567"),
        ("3.3333", "3.3333"),
        ("0.125", "0.125"),
        ("(12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ("\u221212,5", "-12.5"),
        ("19 %", "19"),
        ("12,--", "12"),
        ("5,00 €", "5.00"),
    ],
)
def test_a_number_is_read_as_it_is_written(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "10:30", "25/12/2018", "12 34", "A12", "5 apples", "2024-01-05"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("RM9.00", "MYR"),
        ("RM 9.00", "MYR"),
        ("€5", "EUR"),
        ("5,00 EUR", "EUR"),
        ("CHF 1'000.00", "CHF"),
        ("Rs. 900", "INR"),
        ("-$4.00", "USD"),
        ("kr 100", "SEK"),
        ("9.00", None),
    ],
)
def test_the_currency_is_what_the_sign_or_code_says(text: str, currency: str | None) -> None:
    money = parse_money(text)
    assert money is not None
    assert money.currency == currency


def test_a_percentage_is_no_money() -> None:
    assert parse_money("19 %") is None


def test_the_caller_may_know_which_mark_groups() -> None:
    assert parse_number("3.333") == 3333
    assert parse_number("3.333", group=",") == Decimal("3.333")


def test_places_cut_the_amounts_out_of_the_text() -> None:
    text = "2 x 1,50 EUR = RM 3.00 (19%) on 05/03/2018 10:30"
    assert [text[a.start : a.end] for a in find_amounts(text)] == ["2", "1,50 EUR", "RM 3.00", "19%"]


def written(amount: Decimal, group: str, point: str) -> str:
    return f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", group)


@given(
    AMOUNTS, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u00a0", ","), ("", "."), ("", ",")])
)
def test_amounts_round_trip_in_every_convention(amount: Decimal, marks: tuple[str, str]) -> None:
    assert parse_number(written(amount, *marks)) == amount
    money = parse_money("EUR " + written(amount, *marks))
    assert money is not None
    assert (money.amount, money.currency) == (amount, "EUR")


@given(st.text(alphabet="0123456789.,- €RM%()'", max_size=30))
def test_any_text_gives_places_within_it_that_do_not_overlap(text: str) -> None:
    found = find_amounts(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(alphabet="0123456789.,", max_size=12), st.sampled_from([None, ".", ","]))
def test_a_number_alone_is_read_as_the_same_among_others(text: str, group: str | None) -> None:
    """What is nothing but a number is read without the search; a closing sign has the search done."""
    assert find_amounts(text, group=group) == find_amounts(f"{text} ;", group=group)
