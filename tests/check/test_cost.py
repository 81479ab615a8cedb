"""What grounding costs, counted in calls of functions: nothing here depends on how fast the machine is."""

from __future__ import annotations

import sys
from typing import Any

from docextract.check.ground import ground
from docextract.types import Word, Words

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "n": {"type": "integer"}, "amount": {"type": "number"}},
            },
        }
    },
}
KINDS = ("pipe", "wire", "board", "pane")


def page_of(rows: int) -> tuple[Words, list[dict[str, Any]]]:
    """A page of rows of 20 words each, and their values: 4 leaves a row."""
    words, values = [], []
    for number in range(rows):
        name = f"Part {KINDS[number % 4]} {1000 + number * 37}"
        value = {"name": name, "n": 3 + number, "price": 1 + number / 4, "amount": 10 + number * 1.37}
        values.append(value)
        texts = [*name.split(), str(value["n"]), f"{value['price']:.2f}", f"{value['amount']:.2f}", *["plain"] * 14]
        for place, text in enumerate(texts):
            x, y = 20.0 + 40 * place, 20.0 + 14 * number
            words.append(Word(text, x, y, x + 5 * len(text), y + 10, 10))
    return Words(page=1, width=900, height=900, words=tuple(words), source="text"), values


def calls(rows: int, *, wrong: bool = False) -> int:
    """How many Python functions are called to ground a page of rows."""
    page, values = page_of(rows)
    if wrong:
        values = [{**value, "name": f"{value['name']}x", "amount": value["amount"] + 0.11} for value in values]
    count = 0

    def note(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        ground({"rows": values}, SCHEMA, [page])
    finally:
        sys.setprofile(before)
    return count


def test_a_thousand_words_and_two_hundred_leaves_take_few_calls() -> None:
    # Some 45,000, and 15 ms of CPU.
    assert calls(50) < 90_000


def test_values_that_are_not_there_cost_little_more() -> None:
    assert calls(50, wrong=True) < 120_000


def test_cost_grows_with_the_page_and_not_with_its_square() -> None:
    assert calls(60) < 6 * calls(15)
