"""The only day of an invoice: when it was issued, or by when it is to be paid."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docextract.local.engine import extract
from docextract.schema.load import load
from docextract.types import Words

Drawn = Callable[..., tuple[Words, ...]]
SCHEMA = load("invoice")[0].json_schema
HEAD = [(50.0, 60.0, "*Somebody Ltd"), (50.0, 74.0, "1 Mill Lane"), (50.0, 130.0, "Invoice number: A-17")]


def _days(drawn: Drawn, *lines: str) -> tuple[str | None, str | None]:
    value, _ = extract(SCHEMA, drawn([*HEAD, *((50.0, 144.0 + 14 * n, text) for n, text in enumerate(lines))]))
    return value["issue_date"], value["due_date"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Due date: 3 May 2024"],
        ["Due date", "3 May 2024"],
        ["Payment is due within 30 days, by 3 May 2024."],
        ["Wir buchen den Betrag am 03.05.2024 ab."],
        ["Bitte überweisen Sie innerhalb von 14 Tagen, also bis 03.05.2024."],
        ["Merci de régler avant le 3 mai 2024."],
    ],
)
def test_the_only_day_may_be_the_one_to_pay_by(drawn: Drawn, lines: list[str]) -> None:
    assert _days(drawn, *lines) == (None, "2024-05-03")


@pytest.mark.parametrize("lines", [["London, 3 May 2024"], ["3 May 2024"], ["Payment received 3 May 2024 with thanks"]])
def test_else_it_is_no_day_to_pay_by(drawn: Drawn, lines: list[str]) -> None:
    assert _days(drawn, *lines)[1] is None


def test_both_days_are_told_apart(drawn: Drawn) -> None:
    assert _days(drawn, "London, 3 April 2024", "Please settle by 3 May 2024.") == ("2024-04-03", "2024-05-03")
