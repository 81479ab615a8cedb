"""Answers that arrive and are no good: each a function from the right answer to a bad one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from docextract.testing.answers import Answer


def _with_value(answer: Answer, change: Callable[[list[Any]], None]) -> Answer:
    """The answer with its first list of rows changed; an answer without rows stays as it is."""
    value = copy.deepcopy(answer.value)
    rows = next((part for part in value.values() if isinstance(part, list)), []) if isinstance(value, dict) else []
    change(rows)
    return replace(answer, text=json.dumps(value, ensure_ascii=False))


def _drop(rows: list[Any]) -> None:
    del rows[len(rows) // 2 : len(rows) // 2 + 1]


def _swap(rows: list[Any]) -> None:
    rows[:2] = rows[1::-1]


def _misread(rows: list[Any]) -> None:
    """One digit of one amount is read as another."""
    if rows and isinstance(rows[0], dict) and isinstance(rows[0].get("amount"), int | float):
        digits = f"{rows[0]['amount']:.2f}"
        place = next(index for index, sign in enumerate(digits) if sign.isdigit())
        rows[0]["amount"] = float(digits[:place] + str(int(digits[place]) % 9 + 1) + digits[place + 1 :])


def _wrong_schema(answer: Answer) -> Answer:
    return replace(answer, text=json.dumps({"pages": [{"content": answer.value}], "note": 1}, ensure_ascii=False))


def _duplicate_keys(answer: Answer) -> Answer:
    name = next(iter(answer.value), "number") if isinstance(answer.value, dict) else "number"
    return replace(answer, text=f'{{"{name}": "x", ' + json.dumps(answer.value, ensure_ascii=False)[1:])


def _text(text: str, finish: str = "stop") -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, text=text, finish=finish, as_tool=False)


def _cut(finish: str) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, text=answer.text[: len(answer.text) * 2 // 3], finish=finish)


SPOILED: dict[str, Callable[[Answer], Answer]] = {
    "truncated": _cut("length"),
    "context_exceeded": _cut("model_context_window_exceeded"),
    "cut_json": _cut("stop"),
    "network_error": _cut("network_error"),
    "sensitive": _text("", "sensitive"),
    "empty": _text(""),
    "reasoning_only": lambda answer: replace(answer, text="", reasoning=answer.text, as_tool=False),
    "wrong_schema": _wrong_schema,
    "prose": _text("I looked at the pages with care, and they hold a ledger with several rows."),
    "fences": lambda answer: replace(answer, text=f"Sure!\n```json\n{answer.text}\n```\nAnything else?"),
    "schema_echo": lambda answer: replace(
        answer, text=json.dumps({"type": "object", "properties": answer.value}, ensure_ascii=False)
    ),
    "think_tags": lambda answer: replace(answer, text=f"<think>so {{}} it is</think>{answer.text}"),
    "box": lambda answer: replace(answer, text=f"<|begin_of_box|>{answer.text}<|end_of_box|>"),
    "duplicate_keys": _duplicate_keys,
    "not_a_number": _text('{"number": NaN, "rows": [{"amount": 1e999}]}'),
    "loop": lambda answer: replace(answer, text=answer.text[:200] + '{"id": "R00001", "amount": 0},' * 4000),
    "rows_dropped": lambda answer: _with_value(answer, _drop),
    "rows_swapped": lambda answer: _with_value(answer, _swap),
    "digit_changed": lambda answer: _with_value(answer, _misread),
}
"""By name. The last three are valid JSON of the right shape: only a look at the page tells."""

HARMLESS_ANSWERS = frozenset({"fences", "schema_echo", "think_tags", "box"})
"""Those that still hold the whole answer for a tolerant reader."""

LYING_ANSWERS = frozenset({"rows_dropped", "rows_swapped", "digit_changed"})
"""Those that nothing but the page contradicts."""
