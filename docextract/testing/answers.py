"""What a perfect model would answer: what the pages say, cut to the schema that was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docextract.testing.behaviour import Behaviour
from docextract.testing.ledgers import Ledger
from docextract.testing.seen import Question, parts_of, tokens_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer on its way out. `as_tool` sends `text` as a tool's arguments."""

    text: str
    finish: str = "stop"
    reasoning: str = ""
    as_tool: bool = False
    value: Any = field(default=None, repr=False)


def compose(question: Question, behaviour: Behaviour) -> Answer:
    """The answer when nothing goes wrong: with the mode's habits, cut at the output cap that was asked for."""
    value = fill(question.schema, question.ledgers)
    text = json.dumps(value, ensure_ascii=False)
    text, as_tool = _dress(text, question, behaviour)
    text = _rest(text, question)
    reasoning = _reasoning(question, behaviour)
    finish = "tool_calls" if as_tool else "stop"
    cap = question.body.get("max_tokens") or question.body.get("max_completion_tokens")
    if isinstance(cap, int):
        if behaviour.thinking_eats and reasoning:
            return Answer(text="", finish="length", reasoning="hm " * (cap // 2), value=value)
        room = max(0, cap - len(tokens_of(reasoning)))
        tokens = tokens_of(text)
        if len(tokens) > room:
            text, finish = "".join(tokens[:room]), "length"
    return Answer(text=text, finish=finish, reasoning=reasoning, as_tool=as_tool, value=value)


def fill(schema: Mapping[str, Any] | None, ledgers: Sequence[Ledger]) -> Any:
    """A value for a schema from ledgers: properties are found by name, rows where an item has a row's names."""
    if schema is None:
        return [ledger.data for ledger in ledgers]
    facts: dict[str, Any] = {}
    if ledgers:
        facts = {"number": ledgers[0].number or None, "rows": [row for one in ledgers for row in one.data["rows"]]}
    return _fill(schema, schema, facts)


def _fill(schema: Mapping[str, Any], root: Mapping[str, Any], facts: Mapping[str, Any]) -> Any:
    schema = _plain(schema, root)
    if isinstance(schema.get("properties"), dict):
        return {
            name: facts[name] if name in facts and not _is_list(inner, root) else _member(inner, root, facts)
            for name, inner in schema["properties"].items()
        }
    return [] if _is_list(schema, root) else None


def _member(schema: Mapping[str, Any], root: Mapping[str, Any], facts: Mapping[str, Any]) -> Any:
    if not _is_list(schema, root):
        inner = _plain(schema, root)
        return _fill(inner, root, facts) if isinstance(inner.get("properties"), dict) else None
    items = _plain(_plain(schema, root).get("items") or {}, root)
    names = items.get("properties") or {}
    rows = facts.get("rows") or []
    if not rows or len(names.keys() & rows[0].keys()) < 2:  # one name alone ("id", "date") may mean anything
        return []
    return [_fill(items, root, row) for row in rows]


def _plain(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its reference followed and, of alternatives, the first that is not null."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target: Any = root
        for step in reference[2:].split("/"):
            target = target[step]
        return _plain(target, root)
    for word in ("anyOf", "oneOf"):
        if isinstance(schema.get(word), list):
            return _plain(next((one for one in schema[word] if one.get("type") != "null"), {}), root)
    return schema


def _is_list(schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    kind = _plain(schema, root).get("type")
    return kind == "array" or (isinstance(kind, list) and "array" in kind)


def _dress(text: str, question: Question, behaviour: Behaviour) -> tuple[str, bool]:
    """The text as this endpoint would put it on the rung that was asked for, and whether as a tool call."""
    if question.rung == "tool":
        return text, True
    habit = {"json_schema": behaviour.json_schema, "json_object": behaviour.json_object}.get(question.rung, "ignored")
    if behaviour.echoes_schema:
        text = json.dumps({"type": "object", "properties": json.loads(text)}, ensure_ascii=False)
    if habit == "ignored":
        text = f"Here is the data from the document:\n```json\n{text}\n```"
    if behaviour.wraps_box:
        text = f"<think>looking at the page</think><|begin_of_box|>{text}<|end_of_box|>"
    return text, False


def _rest(text: str, question: Question) -> str:
    """What is left to say where the last assistant turn is a beginning of it and the user asks to go on."""
    messages = list(question.body.get("messages") or ())
    if len(messages) < 2 or messages[-2].get("role") != "assistant":
        return text
    said = "".join(str(part.get("text") or "") for part in parts_of(messages[-2]))
    asked = "".join(str(part.get("text") or "") for part in parts_of(messages[-1])).lower()
    return text[len(said) :] if "continue" in asked and said and text.startswith(said) and said != text else text


def _reasoning(question: Question, behaviour: Behaviour) -> str:
    thinking = question.body.get("thinking")
    kind = thinking.get("type") if isinstance(thinking, dict) else None
    is_on = kind == "enabled" or (behaviour.thinks and kind != "disabled")
    return "step " * (behaviour.thinking_tokens // 2) if is_on else ""
