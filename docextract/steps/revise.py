"""What a second look said, put in place of what it was asked about. Pure: values in, values out."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from docextract.check.examine import Examined, Known, examine
from docextract.check.ground import ground
from docextract.check.lists import listings
from docextract.check.looks import Look
from docextract.check.pages import Pages
from docextract.check.places import LOCATED, Places
from docextract.check.standing import standings
from docextract.types import Conflict, Evidence, Issue, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """An answer that a second look made better: examined, with what it replaced."""

    examined: Examined
    known: Known
    kept: tuple[Conflict, ...]
    noted: tuple[Issue, ...]


def revise(
    before: Examined, known: Known, look: Look, answer: Json, pages: tuple[Mapping[str, Json], Pages]
) -> Revised | None:
    """The answer with what the look gave; None where that is no better grounded. `pages`: the schema and the pages."""
    if look.rows is not None:
        return _rows(before, known, look, answer, pages)
    return _fields(before, known, look, answer, pages)


def _rows(
    before: Examined, known: Known, look: Look, answer: Json, pages: tuple[Mapping[str, Json], Pages]
) -> Revised | None:
    schema, every = pages
    path = look.rows or ""
    old, given = _at(before.value, path), _at(answer, path)
    if not isinstance(old, list) or not isinstance(given, list):
        return None
    new = _standing_in(answer, look, pages)
    if not new and look.last > look.first:
        return None
    above = [number for number in range(look.first) if number not in look.again]
    below = [number for number in range(look.last, len(old)) if number not in look.again]
    value = _put(before.value, path, [*(old[n] for n in above), *new, *(old[n] for n in below)])
    places = {old_number: number for number, old_number in enumerate(above)}
    places |= {old_number: number for number, old_number in enumerate(below, start=len(above) + len(new))}
    known = _shifted(known, path, places, _leaf_pages(new, f"{path}/", (len(above), look.page)))
    after = examine(value, schema, every, known)
    lost = _located_words(before, every) - _located_words(after, every)
    if after.badness >= before.badness or len(lost) > before.badness - after.badness:
        return None
    kept, noted = _told_rows(old[look.first : look.last], new, (path, len(above), look.page))
    if look.again:
        message = f"{len(look.again)} rows that were listed again were left out after a second look"
        noted = (*noted, _note(path, message, look.page))
    return Revised(examined=after, known=known, kept=kept, noted=noted)


def _standing_in(answer: Json, look: Look, pages: tuple[Mapping[str, Json], Pages]) -> list[Json]:
    """The rows of an answer that stand in the stretch that was asked about; of a page without words, all."""
    schema, every = pages
    given = _at(answer, look.rows or "")
    own = every.words.only({look.page})
    if not any(page.words for page in own):
        return list(given)
    places = Places(Pages(own)).keep(ground(answer, schema, own))
    found = {}
    for listing in listings(answer, schema):
        if listing.path == look.rows:
            found = {each.number: (each.main[1] + each.main[3]) / 2 for each in standings(listing, places)}
    return [
        item for number, item in enumerate(given) if number in found and look.shown[0] <= found[number] <= look.shown[1]
    ]


def _located_words(examined: Examined, pages: Pages) -> set[tuple[int, int]]:
    """Every word that some value stands on: a look must not lose what was read well before."""
    places = Places(pages)
    for item in examined.evidence:
        if item.status in LOCATED:
            places.take(item)
    return {(page, index) for page, found in places.taken.items() for index, taken in enumerate(found) if taken}


def _told_rows(
    old: Sequence[Json], new: Sequence[Json], where: tuple[str, int, int]
) -> tuple[tuple[Conflict, ...], tuple[Issue, ...]]:
    """What changed, row by row where both have as many, else the rows that were added and taken away."""
    path, first, page = where
    kept: list[Conflict] = []
    noted: list[Issue] = []
    if len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True), start=first):
            for place, was, now in _differences(one, other, f"{path}/{number}"):
                kept.append(Conflict(path=place, kept=now, other=({"value": was, "page": page},)))
                noted.append(_note(place, f"{now!r} was taken from a second look, the first said {was!r}", page))
        return tuple(kept), tuple(noted)
    for number, row in enumerate(new, start=first):
        if row not in old:
            noted.append(_note(f"{path}/{number}", "this row was added by a second look", page))
    gone = [row for row in old if row not in new or old.count(row) > new.count(row)]
    if gone:
        noted.append(_note(path, f"a second look does not have {len(gone)} of the rows of the first: {gone!r}", page))
    return tuple(kept), tuple(noted)


def _differences(old: Json, new: Json, path: str) -> list[tuple[str, Json, Json]]:
    if isinstance(old, dict) and isinstance(new, dict):
        names = dict.fromkeys([*old, *new])
        return [found for name in names for found in _differences(old.get(name), new.get(name), f"{path}/{name}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [found for index, (a, b) in pairs for found in _differences(a, b, f"{path}/{index}")]
    return [] if old == new else [(path, old, new)]


def _note(path: str, message: str, page: int) -> Issue:
    return Issue(path=path, code="second_look", message=message[:500], page=page)


def _fields(
    before: Examined, known: Known, look: Look, answer: Json, pages: tuple[Mapping[str, Json], Pages]
) -> Revised | None:
    """Take what differs; where that is not better as a whole, only what is now located and was not."""
    schema, every = pages
    differing = {
        path: new for path in look.fields if (new := _at(answer, path)) is not None and new != _at(before.value, path)
    }
    agreed = {path for path in look.fields if path not in differing and _at(answer, path) is not None}
    known = replace(known, agreed=known.agreed | agreed)
    if agreed and not differing:
        return _confirmed(before, known, agreed, pages)
    own = dict.fromkeys(differing, look.page)
    for _ in range(2):
        if not differing:
            return None
        value = before.value
        for path, new in differing.items():
            value = _put(value, path, new)
        more = replace(known, pages={**known.pages, **{path: own[path] for path in differing}})
        after = examine(value, schema, every, more)
        if after.badness < before.badness:
            kept = tuple(
                Conflict(path=path, kept=new, other=({"value": _at(before.value, path), "page": look.page},))
                for path, new in differing.items()
            )
            noted = tuple(_note(each.path, f"{each.kept!r} was taken from a second look", look.page) for each in kept)
            return Revised(examined=after, known=more, kept=kept, noted=noted)
        was, now = _statuses(before.evidence), _statuses(after.evidence)
        better = {path for path in differing if now.get(path) in LOCATED and was.get(path) not in LOCATED}
        differing = {path: new for path, new in differing.items() if path in better}
    return None


def _confirmed(
    before: Examined, known: Known, agreed: Collection[str], pages: tuple[Mapping[str, Json], Pages]
) -> Revised | None:
    """The same answer, of which more is believed where two looks agreed."""
    after = examine(before.value, *pages, known)
    if after.badness >= before.badness:
        return None
    page_of = {item.path: item.page or 1 for item in after.evidence}
    noted = tuple(_note(path, "a second look says the same", page_of.get(path, 1)) for path in sorted(agreed))
    return Revised(examined=after, known=known, kept=(), noted=noted)


def _statuses(evidence: Sequence[Evidence]) -> dict[str, str]:
    return {item.path: item.status for item in evidence}


def _shifted(known: Known, path: str, places: Mapping[int, int], pages: Mapping[str, int]) -> Known:
    """What is known of leaves, under their new pointers. `places` are the new numbers of items that stayed."""
    moved: dict[str, int] = {}
    for leaf, page in known.pages.items():
        if not leaf.startswith(path + "/"):
            moved[leaf] = page
            continue
        head, mark, rest = leaf[len(path) + 1 :].partition("/")
        if int(head) in places:
            moved[f"{path}/{places[int(head)]}{mark}{rest}"] = page
    return replace(known, located=(), pages=moved | dict(pages))


def _leaf_pages(rows: Sequence[Json], head: str, place: tuple[int, int]) -> dict[str, int]:
    """The page of every leaf of these rows, of which the first gets the number `place[0]`."""
    found: dict[str, int] = {}

    def walk(value: Json, path: str) -> None:
        if isinstance(value, dict | list):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            for name, inner in pairs:
                walk(inner, f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}")
        elif value is not None:
            found[path] = place[1]

    for number, row in enumerate(rows, start=place[0]):
        walk(row, f"{head}{number}")
    return found


def _steps(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _at(value: Json, path: str) -> Json:
    """What stands at a pointer; None for nothing."""
    for step in _steps(path):
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _put(value: Json, path: str, new: Json) -> Json:
    """A copy of the value with `new` at a pointer without indexes."""
    out = copy.deepcopy(value)
    node = out
    *steps, last = _steps(path)
    for step in steps:
        node = node[step]
    node[last] = new
    return out
