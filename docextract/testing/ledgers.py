"""Ledgers: made-up documents with a number and a list of rows, drawn as text and as bars beside it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docextract.testing.strip import black_runs, height_of

LEDGER_SCHEMA: dict[str, Any] = {
    "title": "Ledger",
    "type": "object",
    "properties": {
        "number": {"type": ["string", "null"], "description": "The ledger's number"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "description": "The row's own number, as R00001"},
                    "date": {"type": "string", "description": "ISO date"},
                    "description": {"type": "string"},
                    "amount": {"type": "number"},
                },
                "required": ["id", "date", "description", "amount"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["number", "rows"],
    "additionalProperties": False,
}
"""What a ledger says, as JSON Schema."""

_THINGS = ("Steel pipe", "Copper wire", "Oak board", "Glass pane", "Lamp oil", "Wool yarn", "Clay brick", "Tin box")
_PITCH = 30.0
_TOP = 90.0
_TEXT_ROW = re.compile(r"\b(R\d{5})[\s|]+(\d{4}-\d\d-\d\d)[\s|]+(.+?)[\s|]+(-?\d+\.\d\d)\b")
_TEXT_NUMBER = re.compile(r"\bLedger[\s|]+([A-Z]+-\d+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `amount` is exact to the cent."""

    id: str
    date: str
    description: str
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What a document says: the truth to compare an answer with is `data`."""

    number: str
    rows: tuple[Row, ...]

    @property
    def data(self) -> dict[str, Any]:
        """The value that a perfect extraction gives under `LEDGER_SCHEMA`."""
        rows = [
            {"id": row.id, "date": row.date, "description": row.description, "amount": row.amount} for row in self.rows
        ]
        return {"number": self.number, "rows": rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as black rectangles (x, y, width, height) and texts (x, baseline, size, text), origin top left."""

    width: float
    height: float
    boxes: tuple[tuple[float, float, float, float], ...]
    texts: tuple[tuple[float, float, float, str], ...]


def make_ledger(seed: int, rows: int) -> Ledger:
    """A ledger that depends on nothing but its arguments. Numbers differ between seeds under 100,000."""
    chance = random.Random(seed)  # noqa: S311 - made-up documents, repeatable on purpose
    made = tuple(
        Row(
            f"R{index + 1:05d}",
            f"{2015 + chance.randrange(10)}-{1 + chance.randrange(12):02d}-{1 + chance.randrange(28):02d}",
            f"{chance.choice(_THINGS)} {chance.randrange(1000, 9999)}",
            chance.randrange(-99_999, 999_999) / 100,
        )
        for index in range(rows)
    )
    return Ledger(number=f"LG-{seed:05d}", rows=made)


def rows_per_page(width: float = 595.0, height: float = 842.0) -> int:
    """How many rows fit a page of this size."""
    scale = width / 595.0
    return int((height - (_TOP + 40) * scale) // (_PITCH * scale))


def draw(ledger: Ledger, *, width: float = 595.0, height: float = 842.0, per_page: int | None = None) -> list[Drawn]:
    """The ledger's pages. An empty ledger has one page."""
    per_page = per_page or rows_per_page(width, height)
    groups = [ledger.rows[start : start + per_page] for start in range(0, len(ledger.rows), per_page)] or [()]
    return [_draw(ledger, page, len(groups), group, (width, height)) for page, group in enumerate(groups, start=1)]


def _draw(ledger: Ledger, page: int, pages: int, rows: Sequence[Row], size: tuple[float, float]) -> Drawn:
    width, height = size
    scale = width / 595.0
    boxes: list[tuple[float, float, float, float]] = []
    texts = [(0.08 * width, 40 * scale, 14 * scale, f"Ledger {ledger.number}")]
    texts.append((0.72 * width, 40 * scale, 9 * scale, f"page {page} of {pages}"))
    boxes += _bar(["H", ledger.number, page, pages], 50 * scale, width)
    y = _TOP * scale
    for row in rows:
        columns = ((0.08, row.id), (0.2, row.date), (0.36, row.description), (0.72, f"{row.amount:.2f}"))
        texts += [(x * width, y + 9 * scale, 10 * scale, text) for x, text in columns]
        boxes += _bar(["R", ledger.number, row.id, row.date, row.description, row.amount], y + 13 * scale, width)
        y += _PITCH * scale
    return Drawn(width=width, height=height, boxes=tuple(boxes), texts=tuple(texts))


def _bar(values: list[Any], top: float, width: float) -> Iterator[tuple[float, float, float, float]]:
    payload = json.dumps(values, separators=(",", ":")).encode()
    if height_of(payload) * width > 16 * width / 595.0:
        raise ValueError(f"too much for one row: {values}")
    for x, y, wide, high in black_runs(payload):
        yield x * width, top + y * width, wide * width, high * width


def read_ledgers(payloads: Sequence[bytes]) -> list[Ledger]:
    """Ledgers from the bars of one request's images, rows in the order seen, each row once.

    What only looks like a bar, on a page that is no ledger, is passed over.
    """
    found: dict[str, dict[str, Row]] = {}
    for payload in payloads:
        try:
            mark, number, *rest = json.loads(payload)
            row = Row(*rest) if mark == "R" else None
        except (ValueError, TypeError):
            continue
        rows = found.setdefault(str(number), {})
        if row is not None:
            rows[row.id] = row
    return [Ledger(number=number, rows=tuple(rows.values())) for number, rows in found.items()]


def read_text(text: str) -> Ledger | None:
    """The ledger in a page's words, in reading order or as a pipe table; None where there is none."""
    number = _TEXT_NUMBER.search(text)
    rows = {found[0]: Row(found[0], found[1], found[2].strip(), float(found[3])) for found in _TEXT_ROW.findall(text)}
    if number is None and not rows:
        return None
    return Ledger(number=number[1] if number else "", rows=tuple(rows.values()))
