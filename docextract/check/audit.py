"""The audits that a schema declares (`x-audits`, see schema/audits.py), held against an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import prod

from docextract.check.digits import holds
from docextract.check.keys import key
from docextract.types import Json
from docextract.values.numbers import parse_number

LEAST_TOLERANCE, MOST_TOLERANCE = Decimal("0.01"), Decimal("0.05")
"""A sum of rounded amounts may miss the printed one by half a cent a summand, but a wrong cent digit shows."""

Printed = Callable[[Decimal, Sequence[str]], bool]
"""Whether a number is printed on the document elsewhere than as these leaves (JSON pointers)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """One audit that said something. `path` is the field it is about, `paths` all leaves it compared."""

    path: str
    rule: str
    ok: bool
    message: str
    paths: tuple[str, ...]


def audit(value: Json, schema: Mapping[str, Json], printed: Printed | None = None) -> list[Audited]:
    """Every audit of the schema that applies to this answer, in the order of its fields."""
    work = _Audit(value, schema.get("$defs", {}), printed)
    work.node(value, schema, ())
    return work.done


Steps = tuple[str | int, ...]
Found = list[tuple[Steps, Json]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an audit stands: the object around, and the field."""

    around: Steps
    field: Steps


class _Audit:
    def __init__(self, root: Json, definitions: Mapping[str, Json], printed: Printed | None) -> None:
        self.root = root
        self.definitions = definitions
        self.printed = printed
        self.done: list[Audited] = []

    def node(self, value: Json, schema: Json, steps: Steps, around: Steps = ()) -> None:
        """Audits of this place and of all below it."""
        layers = list(_layers(schema, value, self.definitions))
        for entry in (entry for layer in layers for entry in layer.get("x-audits", ()) if isinstance(entry, dict)):
            path = entry.get("path")
            place = _Place(steps, (*steps, *_split(path))) if isinstance(path, str) else _Place(around, steps)
            found = self.entry(entry, place)
            if found is not None:
                self.done.append(found)
        inner = layers[-1] if layers else {}
        if isinstance(value, dict):
            properties = inner.get("properties", {})
            for name, below in value.items():
                self.node(below, properties.get(name), (*steps, name), steps)
        elif isinstance(value, list):
            for index, below in enumerate(value):
                self.node(below, inner.get("items"), (*steps, index), steps)

    def entry(self, entry: Mapping[str, Json], place: _Place) -> Audited | None:
        """What one audit says; None where a value that it needs is null."""
        rule = entry.get("rule")
        if rule == "one_of":
            inner = [self.entry(each, place) for each in entry.get("audits", ()) if isinstance(each, dict)]
            said = [each for each in inner if each is not None]
            good = next((each for each in said if each.ok), None)
            if good is not None or not said:
                return good
            return replace(said[0], message="; ".join(each.message for each in said))
        if rule in ("sum", "product"):
            return self.arithmetic(entry, place)
        if rule == "check_digits":
            return self.digits(entry, place)
        return self.comparison(entry, place) if rule in _COMPARISONS else None

    def arithmetic(self, entry: Mapping[str, Json], place: _Place) -> Audited | None:
        rule = str(entry["rule"])
        parts = [self.select(path, place) for path in entry.get("of", ())]
        numbers = [(steps, number) for found in parts for steps, leaf in found if (number := _number(leaf)) is not None]
        complete = all(any(_number(leaf) is not None for _, leaf in found) for found in parts)
        totals = [self.select(path, place) for path in entry["to"]] if entry.get("to") else [self.at(place.field)]
        wanted = [(steps, number) for found in totals for steps, leaf in found if (number := _number(leaf)) is not None]
        if not numbers or not complete or not wanted:
            return None
        given = [number for _, number in numbers]
        result = sum(given, Decimal(0)) if rule == "sum" else prod(given, start=Decimal(1))
        tolerance = _tolerance(entry, len(given) if rule == "sum" else 1)
        own = [pointer(steps) for steps, _ in numbers]
        met = [(steps, total) for steps, total in wanted if abs(total - result) <= tolerance]
        listed = any("*" in str(path) for path in entry.get("of", ()))
        ok = bool(met)
        if not ok and listed and len(given) > 1 and self.printed is not None:
            ok = self.printed(result, own)  # a subtotal that the schema has no field for
        if not ok and len(wanted) < len(totals):
            return None  # it may be the one that is null
        steps = (met or wanted)[0][0]
        name = "add up to" if rule == "sum" else "multiply to"
        heads = ", ".join(str(path).removeprefix("*/") for path in entry.get("of", ()))
        target = " or ".join(f"{_shown(pointer(each))} {number.normalize():f}" for each, number in wanted)
        message = f"{heads} {name} {result.normalize():f}, against {target}"
        return Audited(path=pointer(steps), rule=rule, ok=ok, message=message, paths=(pointer(steps), *own))

    def digits(self, entry: Mapping[str, Json], place: _Place) -> Audited | None:
        [(steps, leaf)] = self.at(place.field) or [((), None)]
        kind = str(entry.get("kind"))
        ok = holds(kind, str(leaf)) if isinstance(leaf, str | int) and not isinstance(leaf, bool) else None
        if ok is None:
            return None
        message = f"the check digits of this {kind} do not hold: {leaf}"
        return Audited(path=pointer(steps), rule="check_digits", ok=ok, message=message, paths=(pointer(steps),))

    def comparison(self, entry: Mapping[str, Json], place: _Place) -> Audited | None:
        rule = str(entry["rule"])
        own = [(steps, leaf) for steps, leaf in self.at(place.field) if leaf is not None]
        others = [pair for path in entry.get("to", ()) for pair in self.select(path, place) if pair[1] is not None]
        others = [pair for pair in others if not isinstance(pair[1], dict | list)]
        if not own or not others or isinstance(own[0][1], dict | list):
            return None
        (steps, leaf), compare = own[0], _COMPARISONS[rule]
        told = [(other, ok) for other, text in others if (ok := compare(leaf, text, _tolerance(entry, 1))) is not None]
        if not told:
            return None
        against = " or ".join(f"{_shown(pointer(other))} {text}" for other, text in others)
        message = f"{leaf} should be {_WORDS[rule]} {against}"
        paths = (pointer(steps), *(pointer(other) for other, _ in told))
        return Audited(path=paths[0], rule=rule, ok=any(ok for _, ok in told), message=message, paths=paths)

    def select(self, path: Json, place: _Place) -> Found:
        """The leaves that a path names; nothing where it names nothing."""
        text = str(path)
        start = () if text.startswith("/") else place.field if text.startswith("*") else place.around
        found = self.at(start)
        for step in _split(text):
            found = [pair for steps, node in found for pair in _below(steps, node, step)]
        return found

    def at(self, steps: Steps) -> Found:
        """The value at these steps."""
        node = self.root
        for step in steps:
            node = node.get(step) if isinstance(node, dict) else node[step] if isinstance(step, int) else None
            if node is None:
                return []
        return [(steps, node)]


def _below(steps: Steps, node: Json, step: str) -> Found:
    if step == "*" and isinstance(node, list):
        return [((*steps, index), inner) for index, inner in enumerate(node)]
    return [((*steps, step), node[step])] if isinstance(node, dict) and step in node else []


def _split(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.strip("/").split("/") if step]


def pointer(steps: Sequence[str | int]) -> str:
    """The JSON pointer of these steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _shown(path: str) -> str:
    return path.removeprefix("/")


def _layers(schema: Json, value: Json, definitions: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The schema, what its references name, and the branch of its unions that fits the value's kind."""
    for _ in range(20):
        if not isinstance(schema, dict):
            return
        yield schema
        reference = schema.get("$ref")
        branches = [each for each in schema.get("anyOf") or schema.get("oneOf") or () if isinstance(each, dict)]
        if isinstance(reference, str):
            schema = definitions.get(reference.rsplit("/", 1)[-1])
        elif branches:
            wanted = "object" if isinstance(value, dict) else "array" if isinstance(value, list) else None
            schema = next((each for each in branches if wanted in (None, each.get("type")) or "$ref" in each), None)
        else:
            return


def _number(leaf: Json) -> Decimal | None:
    if isinstance(leaf, bool) or leaf is None:
        return None
    if isinstance(leaf, int | float):
        number = Decimal(repr(leaf))
        return number if number.is_finite() else None
    return parse_number(leaf) if isinstance(leaf, str) else None


def _tolerance(entry: Mapping[str, Json], count: int) -> Decimal:
    given = entry.get("tolerance")
    if isinstance(given, int | float) and not isinstance(given, bool):
        return Decimal(repr(given))
    return min(max(LEAST_TOLERANCE, (count + 1) * Decimal("0.005")), MOST_TOLERANCE)


def _equal(one: Json, other: Json, tolerance: Decimal) -> bool | None:
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return abs(first - second) <= tolerance
    return key(str(one)) == key(str(other))


def _ordered(one: Json, other: Json) -> tuple[str, str] | None:
    """Two ISO dates cut to what both of them say; None where one is no date."""
    texts = [text for text in (str(one), str(other)) if re.match(r"\d{4}(-\d{2}){0,2}", text)]
    if len(texts) < 2:
        return None
    size = min(len(texts[0]), len(texts[1]), 10)
    return texts[0][:size], texts[1][:size]


def _not_before(one: Json, other: Json, tolerance: Decimal) -> bool | None:
    del tolerance
    pair = _ordered(one, other)
    return pair[0] >= pair[1] if pair is not None else None


def _not_after(one: Json, other: Json, tolerance: Decimal) -> bool | None:
    return _not_before(other, one, tolerance)


_COMPARISONS: dict[str, Callable[[Json, Json, Decimal], bool | None]] = {
    "equals": _equal,
    "not_before": _not_before,
    "not_after": _not_after,
}
_WORDS = {"equals": "equal to", "not_before": "no earlier than", "not_after": "no later than"}
