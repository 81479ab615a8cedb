"""Amounts that stand beside another field's label: on the page, but not where this field's value stands.

Another row's amount is on the page too, so that finding it proves nothing. The words before a number
on its line, or right above it, say what it is: the longest label in them names the field.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docextract.check.index import Match, PageIndex
from docextract.check.keys import key
from docextract.check.leaves import Leaf
from docextract.check.lists import opened
from docextract.check.places import Places
from docextract.types import Json

_AMOUNT = re.compile(r"\d[.,]\d\d(?!\d)")

SHORTEST = 3
"""Labels of fewer letters stand in too many other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mislabelled:
    """A value whose every place speaks of something else; `message` says of what."""

    path: str
    page: int
    message: str


def mislabelled(
    leaves: Sequence[Leaf], schema: Mapping[str, Json], places: Places, confirmed: Collection[str] = ()
) -> list[Mislabelled]:
    """Single numbers (not those of lists) that stand under another field's label, or away from their own.

    Nothing is said of a field without labels, of a number that stands by its own label at any of its
    places, or of one without any label on a page that shows this field's label beside no other number.
    """
    labels = dict(_labels(schema, "", schema.get("$defs", {})))
    found = []
    for leaf in leaves:
        if (
            leaf.sort != "number"
            or leaf.path in confirmed
            or leaf.path not in places.words
            or not labels.get(leaf.path)
        ):
            continue
        page = places.words[leaf.path][0]
        owners = {
            _owner(place.page, match, labels)
            for place in places.pages.values()
            for match in place.search.candidates(leaf)
        }
        if leaf.path in owners:
            continue
        own = _beside(leaf, labels, places)
        if own is not None:
            name = leaf.path.rpartition("/")[2].replace("_", " ")
            other = next((path for path in sorted(owners, key=str) if path is not None), None)
            stands = f"stands beside the label of {other}" if other else "stands beside no label"
            message = f"{leaf.value} {stands}, while {own!r} stands beside that of {name}"
            found.append(Mislabelled(path=leaf.path, page=page, message=message))
    return found


def _beside(leaf: Leaf, labels: Mapping[str, Sequence[str]], places: Places) -> str | None:
    """Another amount that stands on a line with this field's label, as printed; None where there is none."""
    for place in places.pages.values():
        for number, matches in place.search.typed.numbers.items():
            for match in matches if number else ():
                if (
                    _AMOUNT.search(place.page.quote(match))
                    and _owner(place.page, match, labels, above=False) == leaf.path
                ):
                    return place.page.quote(match)
    return None


def _owner(page: PageIndex, match: Match, labels: Mapping[str, Sequence[str]], *, above: bool = True) -> str | None:
    """The field whose label is the longest before a number on its line, else right above it."""
    first = page.words[match.words[0]]
    number = page.line_of[match.words[0]]
    before = [page.words[index].text for index in page.lines[number] if page.words[index].x0 < first.x0]
    amounts = [index for index, text in enumerate(before) if _AMOUNT.search(text)]
    if amounts:  # a label says what the first amount after it is, not those further on
        return _longest(key(" ".join(before[amounts[-1] + 1 :])), labels)
    owner = _longest(key(" ".join([*before[-8:], first.text[: match.start]])), labels)
    if owner is not None or not above or number == 0:
        return owner
    over = [page.words[index] for index in page.lines[number - 1]]
    near = [word.text for word in over if word.x1 > first.x0 - 20 and word.x0 < first.x1 + 20]
    return _longest(key(" ".join(near)), labels)


def _longest(text: str, labels: Mapping[str, Sequence[str]]) -> str | None:
    best, length = None, SHORTEST - 1
    for path, words in labels.items():
        for word in words:
            if len(word) > length and word in text:
                best, length = path, len(word)
    return best


def _labels(schema: Json, path: str, definitions: Mapping[str, Json]) -> Iterator[tuple[str, list[str]]]:
    """The labels of every field outside of lists, as keys, by its JSON pointer."""
    layers = list(opened(schema, definitions))
    if not layers:
        return
    words = [alias for layer in layers for alias in layer.get("x-aliases", ()) if isinstance(alias, str)]
    words += [layer["title"] for layer in layers if isinstance(layer.get("title"), str)]
    inner = layers[-1]
    if path and "properties" not in inner and "items" not in inner:
        yield path, list(dict.fromkeys(key(word) for word in (*words, path.rpartition("/")[2])))
    if path.count("/") < 4:
        for name, below in inner.get("properties", {}).items():
            yield from _labels(below, f"{path}/{name.replace('~', '~0').replace('/', '~1')}", definitions)
