"""Arithmetic decides which amount is which: net + tax = gross, cash - change = paid, gross - prepaid = due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

from docextract.local.candidates import Candidate

_CENT = 0.011
# Cash is rounded to five cents in many countries, to ten in some.
_COINS = 0.05
# A total is rounded by less than one of the currency.
_WHOLE = 1.0
_TOP = 7
# Lines of tax that are added up at most: a breakdown by rate has no more.
_RATES = 4
# What a sum that comes out is worth against the labels' own scores (each at most 1).
_SUM, _CASH, _DUE, _LINES, _ROUNDED = 0.5, 0.5, 0.2, 0.3, 0.65

Choices = Sequence[Candidate | None]


def settle_amounts(options: Mapping[str, Sequence[Candidate]], line_sum: float | None = None) -> dict[str, Candidate]:
    """Picks one candidate a concept so that labels and sums agree best.

    `options`: candidates by concept (net_total, tax_total, gross_total, amount_due, prepaid,
    cash_given, change, rounding). A concept may stay without a value. Candidates of a sum that
    comes out get a score of at least 0.95. `line_sum` is the sum of the lines' amounts.
    """
    pools: dict[str, Choices] = {concept: [*distinct(found), None] for concept, found in options.items()}
    pools["tax_total"] = [*_summed_taxes(options), *pools.get("tax_total", [None])]
    empty: Choices = [None]
    paid = _paid(options)
    best: tuple[Candidate | None, ...] = (None, None, None, None)
    best_score = -1.0
    for net, tax, gross, due in product(
        pools.get("net_total", empty),
        pools.get("tax_total", empty),
        pools.get("gross_total", empty),
        pools.get("amount_due", empty),
    ):
        score = _score((net, tax, gross, due), paid, options) + _agrees_with_lines(net, gross, line_sum)
        if score > best_score:
            best, best_score = (net, tax, gross, due), score
    net, tax, gross, due = best
    if gross is None and net and tax and due and _equal(_number(net) + _number(tax), _number(due)):
        gross = due  # nothing was paid before, so the sum is printed once, as what is to be paid
    withheld = net and tax and due and not _equal(_number(net) + _number(tax), _number(due))
    if gross is None and due and not options.get("prepaid") and not withheld:
        gross = replace(due, score=0.9 * due.score)
    if gross is None or gross.score < 0.5 or _was_rounded(gross, paid):
        # Cash less change names the total even where its label was misread, is only a subtotal's, or comes
        # before the rounding to coins.
        exact = (
            c for found in options.values() for c in found if any(round(_number(c) - amount, 2) == 0 for amount in paid)
        )
        gross = next(exact, gross)
    if gross is None:
        gross = _paid_exactly(options, line_sum)
    sure = _sums(net, tax, gross) or any(c is not None and _equal(_number(c), p) for c in (gross, due) for p in paid)
    chosen = {"net_total": net, "tax_total": tax, "gross_total": gross, "amount_due": due}
    result = {
        concept: (_surer(one) if sure and concept != "amount_due" else one) for concept, one in chosen.items() if one
    }
    for concept, found in options.items():
        if concept not in chosen and found:
            result[concept] = found[0]
    return result


def _paid_exactly(options: Mapping[str, Sequence[Candidate]], line_sum: float | None) -> Candidate | None:
    """What was paid, nothing given back, where another line or the lines' sum is as much: the total, however called."""
    if any(abs(_number(one)) for one in options.get("change", ())):
        return None
    sums = [one for concept in ("amount_due", "net_total") for one in options.get(concept, ())]
    for cash in options.get("cash_given", ()):
        same = [one for one in sums if _equal(_number(one), _number(cash)) and one.place[:2] != cash.place[:2]]
        if _number(cash) and (same or (line_sum is not None and _equal(line_sum, _number(cash)))):
            return same[0] if same else cash
    return None


def _summed_taxes(options: Mapping[str, Sequence[Candidate]]) -> list[Candidate]:
    """Tax printed once a rate: the sums of several lines that make a net amount and a total agree."""
    lines: dict[tuple[int, int], list[Candidate]] = {}
    for one in options.get("tax_total", ()):
        lines.setdefault(one.place[:2], []).append(one)
    rows = [found[:3] for _, found in sorted(lines.items())][:_RATES]
    differences = {
        round(_number(gross) - _number(net), 2)
        for concept in ("gross_total", "amount_due", "cash_given")
        for gross in options.get(concept, ())
        for net in options.get("net_total", ())
    }
    steps = [_number(step) for step in options.get("rounding", ())[:3] if abs(_number(step)) < _WHOLE]
    differences |= {round(gap - sign * step, 2) for gap in differences for step in steps for sign in (1, -1)}
    found = []
    for count in range(2, len(rows) + 1):
        for some in combinations(rows, count):
            for parts in product(*some):
                total = round(sum(_number(part) for part in parts), 2)
                if any(_equal(total, difference) for difference in differences) and all(map(_number, parts)):
                    spots = tuple(spot for part in parts for spot in part.spots)
                    found.append(Candidate(value=total, score=max(part.score for part in parts), spots=spots))
    return found[:3]


def distinct(found: Sequence[Candidate], *, by_line: bool = False) -> list[Candidate]:
    """The best few candidates of different values; `by_line` also of equal ones in different lines, as of two taxes."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda c: -c.score):
        if all(one.value != other.value or (by_line and one.place[:2] != other.place[:2]) for other in kept):
            kept.append(one)
    return kept[:_TOP]


def _score(
    picked: tuple[Candidate | None, Candidate | None, Candidate | None, Candidate | None],
    paid: Sequence[float],
    options: Mapping[str, Sequence[Candidate]],
) -> float:
    net, tax, gross, due = picked
    chosen = [one for one in picked if one is not None]
    places = {one.place for one in chosen}
    # One printed amount answers one question, unless that loses nothing.
    score = sum(one.score for one in chosen) - 0.6 * (len(chosen) - len(places))
    if _sums(net, tax, gross or due):
        score += _SUM
    elif net and tax and gross:
        score -= 0.15
    if net and tax and net.place == tax.place:
        score -= _SUM
    if net and tax and abs(_number(tax)) > abs(_number(net)) > 0:
        score -= _SUM  # a tax on sales is less than what it is taken from
    if gross and net and abs(_number(net)) > abs(_number(gross)) + _CENT:
        score -= 0.3
    if any(_equal(_number(one), amount) for one in (gross, due) if one for amount in paid):
        score += _CASH
    if gross and _is_rounded(gross, options):
        score += _ROUNDED
    if gross and due:
        prepaid = [abs(_number(one)) for one in options.get("prepaid", ())[:3]]
        if any(_equal(abs(_number(gross)) - amount, abs(_number(due))) for amount in prepaid):
            score += _DUE
    return score


def _is_rounded(gross: Candidate, options: Mapping[str, Sequence[Candidate]]) -> bool:
    """Whether another total and a rounding make this one: what is paid is the rounded total."""
    return any(
        abs(_number(step)) > 0 and _equal(_number(other) + sign * abs(_number(step)), _number(gross))
        for step in options.get("rounding", ())[:3]
        for other in options.get("gross_total", ())
        for sign in (1, -1)
        if abs(_number(step)) < 0.1 and other.place < gross.place
    )


def _was_rounded(gross: Candidate, paid: Sequence[float]) -> bool:
    """Whether what was paid in cash is a few cents off, and by no reckoning the total itself."""
    apart = [round(abs(amount - _number(gross)), 2) for amount in paid]
    return bool(apart) and all(0 < gap <= _COINS for gap in apart)


def _agrees_with_lines(net: Candidate | None, gross: Candidate | None, line_sum: float | None) -> float:
    if line_sum is None:
        return 0.0
    return _LINES if any(one and _equal(_number(one), line_sum) for one in (net, gross)) else 0.0


def _paid(options: Mapping[str, Sequence[Candidate]]) -> list[float]:
    """What was paid in cash: every cash less every change that leaves something."""
    pairs = product(*(_likeliest(options.get(concept, ())) for concept in ("cash_given", "change")))
    return [
        round(abs(_number(cash)) - abs(_number(back)), 2)
        for cash, back in pairs
        if cash.place != back.place and abs(_number(cash)) > abs(_number(back))
    ]


def _likeliest(found: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in found[:4] if one.score >= 0.8 * found[0].score]


def _sums(net: Candidate | None, tax: Candidate | None, gross: Candidate | None) -> bool:
    if not (net and tax and gross) or _number(gross) == 0:
        return False
    # Tax may be printed in brackets as a part; its sign then says nothing.
    return _equal(_number(net) + _number(tax), _number(gross)) and len({net.place, tax.place, gross.place}) == 3


def _surer(one: Candidate) -> Candidate:
    return replace(one, score=max(one.score, 0.95))


def _equal(a: float, b: float) -> bool:
    return abs(a - b) < _CENT


def _number(one: Candidate) -> float:
    return float(one.value)
