"""Tax printed once a rate: `A 19% 3.03 0.57 3.60`, `of which VAT 5.5% 1.56`; confirmed by its own arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import permutations

from docextract.local.candidates import Candidate, Spot
from docextract.local.segments import Segment
from docextract.local.view import View
from docextract.values.dates import find_dates
from docextract.values.numbers import FoundAmount, find_amounts

# Rates of tax on sales are below this, in percent.
_HIGHEST = 30.0
# What rounding to cents may do to one product.
_CENT, _HALF = 0.011, 0.006
# Lines of a breakdown stand together: at most one other line between two.
_APART = 2
_ROWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """One rate's line: percent, tax, what it is taken from where that is printed, and the segments of its line."""

    sheet: int
    line: int
    rate: float
    tax: float
    net: float | None
    spot: Spot

    @property
    def gross(self) -> float:
        """What was paid at this rate, tax included; reckoned from the tax where the net amount is not printed."""
        return self.tax + (self.tax * 100 / self.rate if self.net is None else self.net)

    @property
    def slack(self) -> float:
        """By how much rounding of the tax may move `gross`."""
        return _HALF * (1 + 100 / self.rate) if self.net is None else _CENT


def tax_of_rates(
    view: View, owner: str, totals: Collection[float]
) -> tuple[Candidate, frozenset[tuple[int, int]]] | None:
    """The tax of a breakdown that comes to one of `totals`, and the (page, line) of its rows; None where none does.

    `owner` is whose labels make a line with a rate and one amount a line of tax.
    """
    for rows in _groups(_rows(view, owner)):
        gross, slack = sum(row.gross for row in rows), sum(row.slack for row in rows)
        if not any(abs(total - gross) <= slack for total in totals):
            continue
        if not any(row.tax for row in rows):
            continue
        tax = Candidate(
            value=round(sum(row.tax for row in rows), 2),
            score=0.9,
            spots=tuple(row.spot for row in rows if row.tax) or (rows[0].spot,),
        )
        return tax, frozenset((row.spot.segment.page, row.line) for row in rows)
    return None


def _rows(view: View, owner: str) -> list[TaxRow]:
    found: list[TaxRow] = []
    for index, sheet in enumerate(view.sheets):
        for number, line in enumerate(sheet.lines):
            amounts = [(segment, one) for segment in line for one in _amounts(segment, view.habits.group)]
            said = any(owner in hit.owners for hit in view.by_line[index].get(number, ()))
            row = _whole(index, number, amounts) or (_alone(index, number, amounts) if said else None)
            if row:
                found.append(row)
    return found


def _amounts(segment: Segment, group: str | None) -> list[FoundAmount]:
    dated = [(one.start, one.end) for one in find_dates(segment.text)]
    return [
        one
        for one in find_amounts(segment.text, group=group)
        if not any(one.start < end and start < one.end for start, end in dated)
    ]


def _whole(index: int, number: int, amounts: Sequence[tuple[Segment, FoundAmount]]) -> TaxRow | None:
    """Rate, net and tax of which one is the product of the others; without a percent sign their sum, too."""
    money = [(segment, one) for segment, one in amounts if one.decimals == 2 and not one.percent and one.amount > 0]
    if not 2 <= len(money) <= 4:
        return None
    for _, by in amounts:
        rate = float(by.amount)
        if rate == 0 and len(money) == 2 and by.decimals == 0 and money[0][1].amount == money[1][1].amount:
            (segment, net), _ = money  # free of tax: net and gross are the same
            spot = Spot(segment=segment, start=net.start, end=net.end)
            return TaxRow(sheet=index, line=number, rate=0.0, tax=0.0, net=float(net.amount), spot=spot)
        if not 0 < rate <= _HIGHEST:
            continue
        others = [pair for pair in money if pair[1] is not by]
        for (_, net), (segment, tax) in permutations(others, 2):
            a, b = float(net.amount), float(tax.amount)
            summed = any(
                abs(a + b - float(one.amount)) < _CENT for _, one in others if one is not net and one is not tax
            )
            if b < a and abs(a * rate / 100 - b) < _CENT and (by.percent or summed):
                spot = Spot(segment=segment, start=tax.start, end=tax.end)
                return TaxRow(sheet=index, line=number, rate=rate, tax=b, net=a, spot=spot)
    return None


def _alone(index: int, number: int, amounts: Sequence[tuple[Segment, FoundAmount]]) -> TaxRow | None:
    rates = [float(one.amount) for _, one in amounts if one.percent]
    money = [(segment, one) for segment, one in amounts if one.decimals == 2 and not one.percent]
    if len(rates) != 1 or len(money) != 1 or not 0 < rates[0] <= _HIGHEST:
        return None
    segment, one = money[0]
    spot = Spot(segment=segment, start=one.start, end=one.end)
    return TaxRow(sheet=index, line=number, rate=rates[0], tax=float(one.amount), net=None, spot=spot)


def _groups(rows: Sequence[TaxRow]) -> list[list[TaxRow]]:
    """Rows that stand together, each rate once."""
    groups: list[list[TaxRow]] = []
    for row in rows:
        last = groups[-1] if groups else []
        near = bool(last) and last[-1].sheet == row.sheet and row.line - last[-1].line <= _APART
        if near and len(last) < _ROWS and all(row.rate != other.rate for other in last):
            last.append(row)
        else:
            groups.append([row])
    return groups
