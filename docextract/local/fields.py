"""Fields of any schema from any page: labels and their neighbours, parties, tables of items, sums that agree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from docextract.local.amounts import distinct, settle_amounts
from docextract.local.answer import Picked, assemble
from docextract.local.candidates import Candidate, Spot, anywhere, candidates
from docextract.local.items import find_items, is_cut_wrong
from docextract.local.leaves import Picks, pick_leaf
from docextract.local.lexicon import CONCEPTS
from docextract.local.lists import find_list
from docextract.local.parties import Party, find_parties
from docextract.local.row_kept import Row
from docextract.local.rows import find_rows
from docextract.local.tax_rows import tax_of_rates
from docextract.local.total_rows import column_totals
from docextract.local.typed import read
from docextract.local.view import View, owner_of, view_of
from docextract.local.wanted import Want, want_of
from docextract.types import Evidence, Json, Words

SUMS = ("net_total", "tax_total", "gross_total", "amount_due")
_HELPERS = ("prepaid", "cash_given", "change", "rounding")
# Below this a reading is no more than a guess, and what is a guess is left out.
LEAST = 0.3
# The only day there is: likely, and no more than that.
_ONLY = 0.45
# Amounts stand everywhere, so a label must be surer.
LEAST_SUM = 0.4


def extract_fields(schema: Mapping[str, Json], pages: Sequence[Words]) -> tuple[Json, tuple[Evidence, ...]]:
    """The answer for a schema, and where each of its leaves stands. What cannot be found is null or an empty list."""
    root = want_of(schema)
    view = view_of(root, pages)
    picks: Picks = {}
    lists: dict[tuple[str, ...], list[Row]] = {}
    heads: set[tuple[int, int]] = set()
    for rows in root.nodes("rows"):
        lists[rows.path], lines = _rows(root, rows, view)
        heads |= lines
    view = view.without(heads)
    values = {want.path: find_list(want, view) for want in root.nodes("list")}
    parties = _parties(root, view)
    picks.update(_party_fields(root, view, parties))
    picks.update(_sums(root, view, lists))
    alone = _leaves(root, view, picks)
    if view.habits.day_first is None and _is_backward(root, alone):
        month_first = replace(view, habits=replace(view.habits, day_first=False))
        other = _leaves(root, month_first, picks)
        alone = alone if _is_backward(root, other) else other
    picks |= alone
    answer = Picked(values=picks, rows=lists, lists=values, sheets={sheet.page: sheet for sheet in view.sheets})
    return assemble(root, answer)


def _rows(root: Want, rows: Want, view: View) -> tuple[list[Row], set[tuple[int, int]]]:
    """Rows under a head; the priced lines as they stand where those rows do not come to a total and these do."""
    headed, lines = find_rows(rows, view)
    if headed and not is_cut_wrong(headed, rows) and _adds_up(root, rows, headed, view):
        return headed, lines
    items = find_items(rows, view)
    if headed and not _adds_up(root, rows, items, view):
        return headed, lines
    return items, lines


def _adds_up(root: Want, rows: Want, found: Sequence[Row], view: View) -> bool:
    """Whether the rows' amounts come to a printed total."""
    total = _line_sum(root, {rows.path: found})
    if total is None or len(found) < 2:
        return False
    return any(
        abs(float(one.value) - total) < 0.011
        for want in root.leaves()
        if _is_sum(want)
        for one in label_candidates(want, view)
        if one.score >= LEAST_SUM
    )


def _leaves(root: Want, view: View, before: Picks) -> Picks:
    """The fields that stand alone; `before` are those that have their values."""
    picks = dict(before)
    # The day to pay by is said with words; the may be the first day that is nothing else.
    for want in sorted(root.leaves(), key=lambda w: (w.kind == "text", w.concept == "issue_date")):
        if want.path not in picks and not want.inferred and not _is_sum(want):
            found = pick_leaf(want, view, picks)
            if found and found.score >= LEAST:
                picks[want.path] = found
    return picks | _only_day(root, view, picks)


def _only_day(root: Want, view: View, picks: Picks) -> Picks:
    """The one day that a document prints, where a schema asks for one day alone: it needs no label."""
    wants = [want for want in root.leaves() if want.kind == "date" and not want.inferred]
    if len(wants) != 1 or wants[0].path in picks or wants[0].schema.get("format") != "date":
        return {}
    days = anywhere(wants[0], view.sheets, view.habits, _ONLY)
    return {wants[0].path: days[0]} if days and len({one.value for one in days}) == 1 else {}


def _is_backward(root: Want, picks: Picks) -> bool:
    """Whether it would be due before it was issued: 08/11 and 09/10 then have their months first."""
    days = {w.concept: str(picks[w.path].value) for w in root.leaves() if w.kind == "date" and w.path in picks}
    return days.get("due_date", "9") < days.get("issue_date", "0")


def _is_sum(want: Want) -> bool:
    return want.concept in SUMS and want.kind in ("money", "number")


def label_candidates(want: Want, view: View, owner: str | None = None) -> list[Candidate]:
    """Readings beside the field's labels on all pages, best first."""
    found: list[Candidate] = []
    for index, hits in view.of(owner or owner_of(want)):
        found += candidates(want, hits, view.sheets[index], view.by_line[index], view.habits)
    return sorted(found, key=lambda one: -one.score)


def _parties(root: Want, view: View) -> dict[str, Party]:
    owners = {node.role: owner_of(node) for node in root.nodes("object") if node.role}
    for leaf in root.leaves():
        if leaf.role and leaf.concept == "name":
            owners.setdefault(leaf.role, owner_of(leaf))
    alone = "seller" if "seller" in owners else None
    return find_parties(view, owners, alone) if owners else {}


def _party_fields(root: Want, view: View, parties: Mapping[str, Party]) -> Picks:
    picks: Picks = {}
    nodes = [(node.role or "", node.children) for node in root.nodes("object") if node.role]
    flat = [leaf for leaf in root.leaves() if leaf.role]
    roles = dict.fromkeys(leaf.role for leaf in flat if leaf.role)
    nodes += [(role, tuple(leaf for leaf in flat if leaf.role == role)) for role in roles]
    for role, children in nodes:
        party = parties.get(role, Party())
        elsewhere = {id(s) for other, one in parties.items() if other != role for s in one.region}
        for child in children:
            if child.concept == "name":
                found = party.name
            elif child.concept == "address":
                found = party.address
            else:
                found = _of_party(child, role, party, view, elsewhere)
            if found and found.score >= LEAST and not child.inferred:
                picks[child.path] = found
    return picks


def _of_party(want: Want, role: str, party: Party, view: View, elsewhere: set[int]) -> Candidate | None:
    """A party's other field: in its own block; the issuer's also elsewhere, outside the others' blocks."""
    inside = {id(segment) for segment in party.region}
    concept = f"~{want.concept}" if want.concept else None
    found = [*label_candidates(want, view), *(label_candidates(want, view, concept) if concept else [])]
    if want.kind in ("email", "phone", "url", "iban", "vat_id", "bic"):
        found += anywhere(want, view.sheets, view.habits, 0.55)
    buyers = CONCEPTS["buyer"].labels
    if want.kind == "vat_id":
        found += _bare_numbers(want, party, view)
    own = [one for one in found if id(one.spots[0].segment) in inside]
    if own:
        inner = max(own, key=lambda one: one.score)
        # In a party's own block even a short label leaves no doubt whose number it is.
        return replace(inner, score=max(inner.score, LEAST_SUM)) if want.kind == "vat_id" else inner
    if role != "seller":
        named = [one for one in found if _says(one, buyers)] if role == "buyer" else []
        return max(named, key=lambda one: one.score, default=None)
    free = [one for one in found if id(one.spots[0].segment) not in elsewhere and not _says(one, buyers)]
    best = max(free, key=lambda one: one.score, default=None)
    return replace(best, score=0.9 * best.score) if best else None


def _bare_numbers(want: Want, party: Party, view: View) -> list[Candidate]:
    """Tax numbers that stand in a party's block without a label."""
    return [
        Candidate(value=one.value, score=LEAST_SUM, spots=(Spot(segment=segment, start=one.start, end=one.end),))
        for segment in party.region
        for one in read(want, segment.text, view.habits)
        if segment.text.strip() == segment.text[one.start : one.end]
        and re.fullmatch(r"[\w-]*[^\W\d_][\w-]*", one.value)
    ]


def _says(one: Candidate, words: Sequence[str]) -> bool:
    """Whether the label or the line before the value names someone: `N° TVA client`."""
    spot = one.spots[0]
    before = (one.label + " " + spot.segment.text[: spot.start]).casefold()
    return any(word.casefold() in before.split() for word in (*words, "ihre", "votre", "your"))


def _sums(root: Want, view: View, lists: Mapping[tuple[str, ...], Sequence[Row]]) -> Picks:
    wants = {w.concept: w for w in root.leaves() if _is_sum(w) and not w.inferred}
    if not wants:
        return {}
    pattern = next(iter(wants.values()))
    options: dict[str, list[Candidate]] = {}
    for concept in (*SUMS, *_HELPERS):
        want = wants.get(concept) or replace(pattern, path=(f"~{concept}",), concept=concept, schema={"type": "number"})
        owner = owner_of(want) if concept in wants else f"~{concept}"
        likely = [one for one in label_candidates(want, view, owner) if one.score >= 0.12]
        options[concept] = distinct(likely, by_line=concept == "tax_total")
    if "amount_due" not in wants:
        # What is to be paid is the total, where nobody asks for the two apart.
        options["gross_total"] = distinct([*options["gross_total"], *options.pop("amount_due")])
    _by_rate(view, options, owner_of(wants["tax_total"]) if "tax_total" in wants else "~tax_total")
    printed = {float(one.value) for concept in ("gross_total", "amount_due") for one in options.get(concept, ())}
    for concept, one in column_totals(view, printed).items():
        options[concept] = distinct([one, *options[concept]])
    line_sum = _line_sum(root, lists)
    if line_sum and not options["net_total"]:
        options["net_total"] = _unnamed_net(pattern, view, line_sum, options)
    if not options["gross_total"] and not options.get("amount_due"):
        options["gross_total"] = _unnamed_gross(pattern, view, options)
    settled = settle_amounts(options, line_sum)
    return {
        want.path: settled[concept]
        for concept, want in wants.items()
        if concept in settled and settled[concept].score >= LEAST_SUM
    }


def _by_rate(view: View, options: dict[str, list[Candidate]], owner: str) -> None:
    """A breakdown by rate that comes to a total: its tax joins the options, its parts are no sums of the document."""
    named = [one for concept in ("gross_total", "amount_due") for one in options.get(concept, ())]
    surest = max((one.score for one in named), default=0.0)
    # One rate's own total is not the document's: that is the largest of those surely named so.
    largest = max((float(one.value) for one in named if one.score >= 0.6 * surest), default=0.0)
    found = tax_of_rates(view, owner, {largest})
    if found is None:
        return
    tax, lines = found
    wholes = (largest, float(tax.value), largest - float(tax.value))
    if len(lines) > 1:
        for concept in SUMS:
            # The whole may be printed beside the breakdown, in a line with one of its rows.
            kept = [
                one
                for one in options.get(concept, ())
                if one.place[:2] not in lines or any(abs(float(one.value) - whole) < 0.011 for whole in wholes)
            ]
            if concept in options:
                options[concept] = kept
    options["tax_total"] = distinct([tax, *options["tax_total"]], by_line=True)


def _unnamed_net(
    pattern: Want, view: View, line_sum: float, options: Mapping[str, Sequence[Candidate]]
) -> list[Candidate]:
    """What the lines come to, printed once more under a name nobody listed, where tax and a total confirm it."""
    totals = [*options.get("gross_total", ()), *options.get("amount_due", ())]
    if not any(
        abs(line_sum + tax.value - total.value) < 0.011 and tax.value
        for tax in options["tax_total"]
        for total in totals
    ):
        return []
    printed = anywhere(pattern, view.sheets, view.habits, 0.6)
    return [one for one in printed if abs(one.value - line_sum) < 0.005][-1:]


def _unnamed_gross(pattern: Want, view: View, options: Mapping[str, Sequence[Candidate]]) -> list[Candidate]:
    """What net and tax come to, printed in larger type without a name."""
    wholes = [
        float(net.value) + float(tax.value)
        for net in options.get("net_total", ())
        for tax in options.get("tax_total", ())
        if tax.value and net.place != tax.place
    ]
    printed = [
        one
        for one in anywhere(pattern, view.sheets, view.habits, 0.6)
        if any(abs(float(one.value) - whole) < 0.011 for whole in wholes)
    ]
    return sorted(printed, key=lambda one: -one.spots[0].segment.height)[:1]


def _line_sum(root: Want, lists: Mapping[tuple[str, ...], Sequence[Row]]) -> float | None:
    for rows in root.nodes("rows"):
        amount = next((c.name for c in rows.children if c.concept == "line_amount"), None)
        values = [row[amount].value for row in lists.get(rows.path, ()) if amount and amount in row]
        if values:
            return round(float(sum(values)), 2)
    return None
