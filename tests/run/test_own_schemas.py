"""A schema with a union, a map, an enum, recursion and a validator, over whole runs against every kind of endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger

SCHEMA = Path(__file__).parent.parent / "schemas" / "own" / "everything.py"
TRUTH = {
    "root": {
        "kind": "knot",
        "value": "Steel pipe",
        "marks": {"weight": 1.5, "size": 3.0},
        "below": [
            {"kind": "leaf", "value": 42, "marks": {}, "below": []},
            {"kind": None, "value": None, "marks": {"age": 7.0}, "below": []},
        ],
    }
}
ENDPOINTS: dict[str, tuple[Any, dict[str, Any], dict[str, Any], list[str]]] = {
    "strict": ("openai", {}, {}, ["json_schema"]),
    "grammar": ("llamacpp", {}, {}, ["json_schema"]),
    "json mode": ("zai", {}, {}, ["json_object"]),
    "tool": ("anthropic", {}, {}, ["tool"]),
    "plain, by refusals": ("zai", {"json_object": "refused"}, {}, ["json_object", "plain"]),
    "down the ladder": ("openai", {"json_schema": "refused"}, {}, ["json_schema", "json_object"]),
    # An endpoint that finds Gemini's words not strict enough, which is one more refusal.
    "another's words": ("openai", {}, {"model": "gemini/gemini-2.5-flash", "api_key_env": "OPENAI_API_KEY"},
                        ["json_schema", "json_object"]),
}  # fmt: skip
"""Mode and habits of the endpoint, options of the run, and the rungs that are tried, in order."""


def told(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """The value as a model writes it that keeps to the schema it was sent."""
    if "$ref" in schema:
        return told(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    for branch in schema.get("anyOf", ()):
        made = told(value, branch, root)
        if jsonschema.Draft202012Validator({**branch, "$defs": root.get("$defs", {})}).is_valid(made):
            return made
    kind = schema.get("type")
    if isinstance(value, dict) and kind == "array":
        return [{"key": key, "value": inner} for key, inner in value.items()]
    if isinstance(value, dict):
        properties = schema.get("properties")
        return value if not properties else {name: told(value.get(name), properties[name], root) for name in properties}
    return [told(item, schema["items"], root) for item in value] if isinstance(value, list) else value


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the endpoint says in turn, in the words of the schema that it was sent."""
    turns: list[Any] = []

    def fill(schema: dict[str, Any] | None, ledgers: Sequence[Any]) -> Any:
        assert schema is not None
        said = told(turns.pop(0) if len(turns) > 1 else turns[0], schema, schema)
        jsonschema.Draft202012Validator(schema).validate(said)
        return said

    monkeypatch.setattr("docextract.testing.answers.fill", fill)
    return turns


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_it_passes_on_every_kind_of_endpoint(kind: str, answers: list[Any], tmp_path: Path, run: Any) -> None:
    mode, habits, options, rungs = ENDPOINTS[kind]
    write_pdf(tmp_path / "a.pdf", make_ledger(1, 3))
    # The first answer is one that the endpoint's own check lets through and the validator does not.
    wrong = {"root": {"kind": "knot", "value": 100, "marks": {}, "below": []}}
    answers += [wrong, TRUTH]
    with FakeEndpoint(mode, **habits) as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[tmp_path / "a.pdf"], schema=[SCHEMA], second_look="off", **options
        )
    meta = done.meta("a.pdf")
    assert done.summary.exit_code == 0, meta["issues"]
    assert done.data("a.pdf") == TRUTH
    assert [attempt["outcome"] for attempt in meta["attempts"]][-2:] == ["reply_invalid", "ok"]
    answered = [call.rung for call in done.answered]
    assert list(dict.fromkeys(call.rung for call in done.requests)) == rungs
    assert set(answered) == {rungs[-1]}
    assert json.loads((tmp_path / "out" / "a.pdf.json").read_text(encoding="utf-8")) == TRUTH
