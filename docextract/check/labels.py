"""Amounts that stand beside another field's label: on the page, but not where this field's value stands.

Another row's amount is on the page too, so that finding it proves nothing. The words before a number
on its line, or right above it, say what it is: the longest label in them names the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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


class Owners:
    """Which field's label every number of a document stands beside."""

    def __init__(self, schema: Mapping[str, Json], places: Places) -> None:
        self.labels = dict(_labels(schema, "", schema.get("$defs", {})))
        self.places = places
        self._of: dict[str, frozenset[str | None]] = {}

    def of(self, leaf: Leaf) -> frozenset[str | None]:
        """The fields whose labels the places of a number stand beside; None among them for no label."""
        if leaf.path not in self._of:
            pages = self.places.pages
            self._of[leaf.path] = frozenset(
                _owner(pages[number].page, match, self.labels)
                for number in pages
                if pages.may_say(number, leaf)
                for match in pages[number].candidates(leaf)
            )
        return self._of[leaf.path]


def mislabelled(
    leaves: Sequence[Leaf], owners: Owners, confirmed: Collection[str], times: Callable[[Json], int]
) -> list[Mislabelled]:
    """Single numbers that stand under another field's label, or away from their own.

    Nothing is said of a field without labels, of a number that stands by its own label at any of its
    places, or of one without any label on a page that shows this field's label beside no other number;
    but two fields cannot both have the numbers that stand beside the label of one. `leaves` are those outside
    of lists, `times` says how often the answer has a number, in lists too.
    """
    values = {leaf.path: leaf.value for leaf in leaves if leaf.sort == "number"}
    found = []
    for leaf in leaves:
        known = owners.labels.get(leaf.path)
        if leaf.sort != "number" or leaf.path in confirmed or leaf.path not in owners.places.words or not known:
            continue
        page = owners.places.words[leaf.path][0]
        beside = owners.of(leaf)
        if leaf.path in beside:
            continue
        name = leaf.path.rpartition("/")[2].replace("_", " ")
        others = sorted(path for path in beside if path is not None)
        own = _beside(leaf, owners.labels, owners.places)
        if own is not None:
            stands = f"stands beside the label of {others[0]}" if others else "stands beside no label"
            message = f"{leaf.value} {stands}, while {own!r} stands beside that of {name}"
            found.append(Mislabelled(path=leaf.path, page=page, message=message))
        elif (
            others
            and None not in beside
            and all(values.get(path, leaf.value) != leaf.value for path in others)
            and times(leaf.value) == 1  # else it may be another field's as well
        ):
            message = f"{leaf.value} stands beside the label of {others[0]}, whose value is {values[others[0]]}"
            found.append(Mislabelled(path=leaf.path, page=page, message=message))
    return found


def _beside(leaf: Leaf, labels: Mapping[str, Sequence[str]], places: Places) -> str | None:
    """Another amount that stands on a line with this field's label, as printed; None where there is none."""
    for page in places.pages:
        # Without a label of this field in its words nothing of the page can be this field's.
        if places.pages.is_far(page) and not any(map(places.pages.gist(page).has_text, labels[leaf.path])):
            continue
        place = places.pages[page]
        for number, matches in place.typed.numbers.items():
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
