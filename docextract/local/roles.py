"""Which column of a table of items holds which field: its head's words, what its cells look like, what multiplies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import mean

from docextract.local.typed import Habits
from docextract.local.wanted import Kind, Want
from docextract.values.dates import find_dates
from docextract.values.numbers import find_amounts

NUMERIC: frozenset[Kind] = frozenset(["money", "number", "integer"])
_TEXT: frozenset[Kind] = frozenset(["text", "name", "address"])
_LEAST = 0.3
_CURRENCY_LETTERS = 3
_WITH_UNIT = re.compile(r"(\d[\d.,]*)[^\W\d_]{1,9}[23²³]?\.?")

Cells = Sequence[Mapping[int, str]]
"""Lines below a head: the text of each column's cell by the column's index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A field's claim on a column by the words of its head. `want` is None for what nobody asked for.

    `owner` is the field's name, or `~concept`; `piece` in which line of the head its name stands.
    """

    weight: float
    column: int
    owner: str
    want: Want | None
    piece: int = 0


Roles = dict[int, Claim]
"""The claim that won, by column."""


def assign(claims: Sequence[Claim], count: int, rows: Want, lines: Cells, habits: Habits) -> Roles:
    """Each column to at most one field: the strongest claims first, weighed by how well the cells fit."""
    texts = [[line[i] for line in lines if line.get(i)] for i in range(count)]
    weighed = sorted(
        ((one.weight * fit(one, texts[one.column], habits), one) for one in claims),
        key=lambda pair: (-pair[0], pair[1].column),
    )
    roles: Roles = {}
    used: set[str] = set()
    for weight, claim in weighed:
        if claim.column not in roles and claim.owner not in used and weight >= _LEAST:
            roles[claim.column] = claim
            used.add(claim.owner)
    _last_is_amount(roles, count, rows, texts, habits)
    _by_product(roles, rows, lines, habits)
    _widest_is_text(roles, rows, texts)
    return roles


def fit(claim: Claim, texts: Sequence[str], habits: Habits) -> float:
    """0 to 1: how well a column's cells look like what claims it. A column without cells fits anything fairly."""
    if not texts:
        return 0.9
    concept = claim.owner.removeprefix("~") if claim.want is None else claim.want.concept
    kind = claim.want.kind if claim.want else None
    if kind in NUMERIC or (kind is None and concept in ("quantity", "unit_price", "line_amount", "tax_rate")):
        return 0.25 + 0.75 * mean(number_of(text, habits) is not None for text in texts)
    if concept == "position":
        return 0.3 + 0.7 * mean(bool(re.fullmatch(r"\W*\d{1,4}(?:\.\d{1,3})*\W*", text)) for text in texts)
    if concept == "article_number":
        return 0.6 + 0.4 * mean(any(c.isdigit() for c in text) and " " not in text.strip() for text in texts)
    if concept == "unit":
        return 0.1 + 0.9 * mean(len(text) <= 14 and not re.match(r"\W*\d", text) for text in texts)
    if kind == "date":
        return 0.2 + 0.8 * mean(bool(find_dates(text)) for text in texts)
    if kind in _TEXT:
        worded = mean(bool(re.search(r"[^\W\d_]{3,}", text)) for text in texts)
        if concept is None:  # nobody can tell what a schema's own word holds: 12.0 - 15.5 is a reference range
            return 0.6 + 0.4 * worded
        return 0.2 + 0.77 * worded + 0.03 * min(1.0, mean(len(text) for text in texts) / 24)
    return 0.9


def number_of(text: str, habits: Habits) -> float | None:
    """The first number of a cell, None where the cell is rather words than a number."""
    glued = _WITH_UNIT.fullmatch(text.strip())
    found = find_amounts(glued[1] if glued else text, group=habits.group)
    if not found or find_dates(text):
        return None
    before = text[: found[0].start]
    if re.search(rf"[^\W\d_]{{{_CURRENCY_LETTERS + 1},}}", before) and ":" not in before:
        return None
    letters = sum(c.isalpha() for c in text[found[0].end :])
    return float(found[0].amount) if letters <= 14 else None


def _last_is_amount(roles: Roles, count: int, rows: Want, texts: Sequence[Sequence[str]], habits: Habits) -> None:
    """The last column of a priced table is what the line comes to, whatever it is called."""
    amount = next((child for child in rows.children if child.concept == "line_amount"), None)
    taken = {claim.owner for claim in roles.values()}
    last = count - 1
    if amount is None or amount.name in taken or count < 3 or last in roles:
        return
    if not texts[last] or mean(number_of(text, habits) is not None for text in texts[last]) >= 0.5:
        roles[last] = Claim(weight=0.5, column=last, owner=amount.name, want=amount)


def _widest_is_text(roles: Roles, rows: Want, texts: Sequence[Sequence[str]]) -> None:
    """Where no head says which column describes the item, the free one with the longest words does."""
    text = next((child for child in rows.children if child.concept == "description"), None)
    if text is None or any(claim.want is text for claim in roles.values()):
        return
    free = [
        (mean(len(one) for one in cells), -index)
        for index, cells in enumerate(texts)
        if cells
        and (index not in roles or roles[index].want is None)
        and mean(bool(re.search(r"[^\W\d_]{3,}", one)) for one in cells) >= 0.6
    ]
    if free:
        index = -max(free)[1]
        roles[index] = Claim(weight=0.5, column=index, owner=text.name, want=text)


def _by_product(roles: Roles, rows: Want, lines: Cells, habits: Habits) -> None:
    """Where quantity times price is not what the line comes to, other columns for which it is take their places."""
    by_concept = {child.concept: child for child in rows.children if child.kind in NUMERIC}
    wanted = [by_concept.get(concept) for concept in ("quantity", "unit_price", "line_amount")]
    if wanted[1] is None:
        _price_is_no_amount(roles, wanted[0], wanted[2], lines, habits)
    if any(want is None for want in wanted):
        return
    numbers = [{i: n for i, text in line.items() if (n := number_of(text, habits)) is not None} for line in lines]
    place = {claim.want.name: column for column, claim in roles.items() if claim.want}
    now = [place.get(want.name) for want in wanted if want]
    columns = [i for i in sorted({i for line in numbers for i in line}) if _is_free(roles.get(i), wanted)]
    if None not in now and _share(numbers, now[0] or 0, now[1] or 0, now[2] or 0)[0] >= 0.5:
        return
    best: tuple[float, int, tuple[int, ...]] | None = None
    for many, price, amount in permutations(columns, 3):
        share, telling = _share(numbers, many, price, amount)
        if share < 0.8 or telling == 0 or (telling < 2 and len(numbers) > 2):
            continue
        named = sum(one == other for one, other in zip(now, (many, price, amount), strict=True))
        key = (share + 0.2 * named + 0.1 * _counts(numbers, many) + 0.01 * (amount > price), telling)
        if best is None or key > best[:2]:
            best = (*key, (many, price, amount))
    if best is None:
        return
    for column in [c for c, claim in roles.items() if claim.want in wanted]:
        del roles[column]
    for want, column in zip(wanted, best[2], strict=True):
        if want is not None:
            roles[column] = Claim(weight=0.8, column=column, owner=want.name, want=want)


def _price_is_no_amount(roles: Roles, quantity: Want | None, amount: Want | None, lines: Cells, habits: Habits) -> None:
    """Where nobody asks for the price, its column is not the amount's: the amount is what the quantity makes of it."""
    place = {claim.want.name: column for column, claim in roles.items() if claim.want}
    if quantity is None or amount is None or not {quantity.name, amount.name} <= set(place):
        return
    numbers = [{i: n for i, text in line.items() if (n := number_of(text, habits)) is not None} for line in lines]
    many, price = place[quantity.name], place[amount.name]
    for column in sorted({i for line in numbers for i in line} - set(roles)):
        share, telling = _share(numbers, many, price, column)
        if share >= 0.8 and telling:
            del roles[price]
            roles[column] = Claim(weight=0.8, column=column, owner=amount.name, want=amount)
            return


def _is_free(claim: Claim | None, wanted: Sequence[Want | None]) -> bool:
    """Columns that hold something else by name (a rate of tax, a rebate) are not moved."""
    if claim is None or claim.want in wanted:
        return True
    return claim.want is None and claim.owner in ("~position", "~quantity", "~line_amount", "~unit_price")


def _share(numbers: Sequence[Mapping[int, float]], many: int, price: int, amount: int) -> tuple[float, int]:
    """The share of lines with all three where the product comes out, and how many of them say anything (not 1 x)."""
    full = [(line[many], line[price], line[amount]) for line in numbers if {many, price, amount} <= set(line)]
    if not full:
        return 0.0, 0
    good = [(q, p, n) for q, p, n in full if abs(abs(q * p) - abs(n)) <= 0.011 + 0.0051 * abs(q)]
    return len(good) / len(full), sum(q not in (0, 1) and p not in (0, 1) for q, p, _ in good)


def _counts(numbers: Sequence[Mapping[int, float]], column: int) -> float:
    values = [line[column] for line in numbers if column in line]
    return mean(value == int(value) for value in values) if values else 0.0
