"""`Words` on their way: as compact JSON to be kept, as columns of numbers from one process to another.

In JSON a word is an array, most of its tail left out. Columns cost a third of the time.
"""

from __future__ import annotations

import json
import struct
from array import array
from dataclasses import replace
from itertools import chain, count
from operator import attrgetter

from docextract.types import Grid, GridCell, Json, Ruling, Word, Words


def words_to_json(words: Words) -> dict[str, Json]:
    """The page as JSON; `words_from_json` gives an equal value back."""
    return {
        "page": words.page,
        "size": [words.width, words.height],
        "words": [_word_to_json(word) for word in words.words],
        "source": words.source,
        "quality": words.quality,
        "rulings": [[r.x0, r.y0, r.x1, r.y1] for r in words.rulings],
        "hidden": [_word_to_json(word) for word in words.hidden],
        "grids": [_grid_to_json(grid) for grid in words.grids],
        "text": words.text,
        "note": words.note,
    }


_SIDES = attrgetter("x0", "y0", "x1", "y1", "size")
_HEAD = struct.Struct("=I")


def words_to_bytes(words: Words) -> bytes:
    """The page for a process of this machine; `words_from_bytes` gives an equal value back.

    The length of what follows (4 bytes), a JSON object, then five doubles a word: x0, y0, x1, y1, size.
    """
    every = (*words.words, *words.hidden)
    facts = words_to_json(replace(words, words=(), hidden=()))
    facts["shown"] = len(words.words)
    facts["texts"] = [word.text for word in every]
    facts["bold"] = [index for index, word in enumerate(every) if word.bold]
    facts["odd"] = [
        [index, word.confidence, word.turn, word.span]
        for index, word in enumerate(every)
        if word.confidence != 1.0 or word.turn or word.span is not None
    ]
    head = json.dumps(facts).encode("ascii")
    numbers = array("d", chain.from_iterable(map(_SIDES, every)))
    return b"".join((_HEAD.pack(len(head)), head, numbers.tobytes()))


def words_from_bytes(data: bytes) -> Words:
    """The page that `words_to_bytes` wrote. ValueError, KeyError, TypeError or struct.error where it did not."""
    start = _HEAD.size + _HEAD.unpack_from(data)[0]
    facts = json.loads(data[_HEAD.size : start])
    numbers = array("d", data[start:])
    bold = set(facts["bold"])
    side = iter(numbers)
    every = list(map(Word, facts["texts"], side, side, side, side, side, map(bold.__contains__, count())))
    for index, confidence, turn, span in facts["odd"]:
        every[index] = replace(
            every[index], confidence=confidence, turn=turn, span=tuple(span) if span is not None else None
        )
    page = words_from_json(facts)
    shown = facts["shown"]
    return replace(page, words=tuple(every[:shown]), hidden=tuple(every[shown:]))


def words_from_json(data: dict[str, Json]) -> Words:
    """The page that `words_to_json` wrote."""
    return Words(
        page=data["page"],
        width=data["size"][0],
        height=data["size"][1],
        words=tuple(_word_from_json(row) for row in data["words"]),
        source=data["source"],
        quality=data["quality"],
        rulings=tuple(Ruling(*row) for row in data["rulings"]),
        hidden=tuple(_word_from_json(row) for row in data["hidden"]),
        grids=tuple(_grid_from_json(grid) for grid in data["grids"]),
        text=data["text"],
        note=data["note"],
    )


def _word_to_json(word: Word) -> list[Json]:
    row: list[Json] = [word.text, word.x0, word.y0, word.x1, word.y1, word.size, int(word.bold)]
    if word.confidence != 1.0 or word.turn or word.span is not None:
        row += [word.confidence, word.turn]
    if word.span is not None:
        row += word.span
    return row


def _word_from_json(row: list[Json]) -> Word:
    text, x0, y0, x1, y1, size, bold = row[:7]
    if len(row) == 7:
        return Word(text, x0, y0, x1, y1, size, bool(bold))
    span = (row[9], row[10]) if len(row) > 9 else None
    return Word(text, x0, y0, x1, y1, size, bool(bold), row[7], span, row[8])


def _grid_to_json(grid: Grid) -> dict[str, Json]:
    cells = [[c.row, c.column, c.row_span, c.column_span, int(c.header), *c.words] for c in grid.cells]
    return {"size": [grid.rows, grid.columns], "cells": cells, "title": grid.title}


def _grid_from_json(data: dict[str, Json]) -> Grid:
    cells = tuple(
        GridCell(row=row, column=column, row_span=down, column_span=across, header=bool(header), words=(start, end))
        for row, column, down, across, header, start, end in data["cells"]
    )
    rows, columns = data["size"]
    return Grid(rows=rows, columns=columns, cells=cells, title=data["title"])
