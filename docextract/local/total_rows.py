"""The row that adds up a table's columns: `Total 100.00 19.00 119.00` is net, tax and gross by its own arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from docextract.local.candidates import Candidate, Spot
from docextract.local.labels import begins
from docextract.local.segments import Segment
from docextract.local.view import View
from docextract.values.numbers import find_amounts

_TOTALS = frozenset(["gross_total", "net_total", "line_sum", "amount_due"])
_CENT = 0.011
# Net, gross, and at most this many taxes between (state and federal).
_TAXES = 3
_SCORE = 0.85


def column_totals(view: View, totals: Collection[float] = ()) -> dict[str, Candidate]:
    """Net, tax and gross of the last such row of the document; {} where there is none.

    A row of net and tax alone counts where their sum is one of `totals`.
    """
    found: dict[str, Candidate] = {}
    for index, sheet in enumerate(view.sheets):
        for number, line in enumerate(sheet.lines):
            if len(line) > 1 and _is_named(view, index, number):
                found = _split(line, view.habits.group) or _halves(line, view.habits.group, totals) or found
    return found


def _is_named(view: View, index: int, number: int) -> bool:
    return any(
        begins(hit) and hit.strength >= 0.6 and any(view.concepts.get(owner) in _TOTALS for owner in hit.owners)
        for hit in view.by_line[index].get(number, ())
    )


def _split(line: Sequence[Segment], group: str | None) -> dict[str, Candidate]:
    """The amounts of a line where the last is the sum of those before it, the first of them more than the rest."""
    spots = _amounts(line, group)
    for taxes in range(1, _TAXES + 1):
        if len(spots) < taxes + 2:
            break
        (net, first), *between, (gross, last) = spots[-taxes - 2 :]
        tax = round(sum(amount for amount, _ in between), 2)
        if abs(net + tax - gross) < _CENT and abs(tax) < 0.5 * abs(net):
            return {
                "net_total": Candidate(value=_plain(net), score=_SCORE, spots=(first,)),
                "tax_total": Candidate(value=_plain(tax), score=_SCORE, spots=tuple(spot for _, spot in between)),
                "gross_total": Candidate(value=_plain(gross), score=_SCORE, spots=(last,)),
            }
    return {}


def _halves(line: Sequence[Segment], group: str | None, totals: Collection[float]) -> dict[str, Candidate]:
    """`Total 65.81 13.17` where the invoice comes to 78.98: net and tax, the larger first."""
    spots = _amounts(line, group)
    if len(spots) != 2:
        return {}
    (net, first), (tax, second) = spots
    if not 0 < abs(tax) < 0.5 * abs(net) or not any(abs(net + tax - total) < _CENT for total in totals):
        return {}
    return {
        "net_total": Candidate(value=_plain(net), score=_SCORE, spots=(first,)),
        "tax_total": Candidate(value=_plain(tax), score=_SCORE, spots=(second,)),
    }


def _amounts(line: Sequence[Segment], group: str | None) -> list[tuple[float, Spot]]:
    return [
        (float(one.amount), Spot(segment=segment, start=one.start, end=one.end))
        for segment in line
        for one in find_amounts(segment.text, group=group)
        if one.decimals == 2 and not one.percent and one.amount
    ]


def _plain(amount: float) -> int | float:
    return int(amount) if amount == int(amount) else amount
