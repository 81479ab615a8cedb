"""Endpoints with other habits: JSON modes refused, ignored, echoed; strict schemas; cache breakpoints; thinking."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint


@pytest.mark.parametrize(
    ("habit", "rungs"),
    [
        ({"json_object": "refused"}, {"json_object": 1, "plain": 3}),
        ({"json_object": "ignored"}, {"json_object": 3}),
        ({"echoes_schema": True}, {"json_object": 3}),
        ({"wraps_box": True}, {"json_object": 3}),
    ],
    ids=["refused", "ignored", "echoed", "boxed"],
)
def test_response_format_at_zai(
    habit: dict[str, Any], rungs: dict[str, int], few: Any, tmp_path: Path, run: Any
) -> None:
    with FakeEndpoint("zai", **habit) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema])
    assert done.summary.exit_code == 0
    assert done.wrong(few) == []
    assert Counter(call.rung for call in done.requests) == rungs


def test_a_refused_json_mode_is_remembered_by_the_next_run(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai", json_object="refused") as endpoint:
        options = {"inputs": [few.folder], "schema": [few.schema]}
        run(endpoint, tmp_path / "out", **options)
        again = run(endpoint, tmp_path / "out", **options, thinking="on")  # other questions, the same endpoint
    assert again.summary.exit_code == 0
    assert Counter(call.rung for call in again.requests) == {"plain": 3}


@pytest.mark.parametrize("mode", ["openai", "anthropic"])
def test_other_providers(mode: Any, few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint(mode) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], concurrency=2, window_pages=1)
    assert done.summary.exit_code == 0
    assert done.wrong(few) == []
    assert done.summary.usage.cached_tokens == sum(call.cached_tokens for call in done.requests)


def test_openai_is_asked_strictly_also_for_maps_unions_and_recursion(tmp_path: Path, few: Any, run: Any) -> None:
    schema = {
        "type": "object",
        "properties": {
            "number": {"type": "string", "default": "", "x-aliases": ["No."]},
            "rows": {"type": "array", "items": {"$ref": "#/$defs/row"}, "uniqueItems": True},
            "totals": {"type": "object", "additionalProperties": {"type": "number"}},
            "either": {"oneOf": [{"type": "integer"}, {"type": "string", "format": "uri"}, {"type": "null"}]},
            "tree": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
        },
        "$defs": {
            "row": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "amount": {"type": "number"}},
                "required": ["id"],
            },
            "node": {"type": "object", "properties": {"below": {"type": "array", "items": {"$ref": "#/$defs/node"}}}},
        },
    }
    path = tmp_path / "hard.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    with FakeEndpoint("openai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[path])
    assert done.summary.exit_code == 0
    assert Counter((call.rung, call.status) for call in done.requests) == {("json_schema", 200): 3}
    for name, ledger in few.ledgers.items():
        data = done.data(name)
        assert [row["id"] for row in data["rows"]] == [row.id for row in ledger.rows]
        assert data["number"] == ledger.number


def test_anthropic_finds_the_prefix_at_its_breakpoints(few: Any, tmp_path: Path, run: Any) -> None:
    context = tmp_path / "context.txt"
    context.write_text("An account is a number between 1000 and 9999. " * 200, encoding="utf-8")
    with FakeEndpoint("anthropic") as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], context=str(context), window_pages=1
        )
    assert done.wrong(few) == []
    assert all(call.cached_tokens > 1500 for call in done.requests[1:])


@pytest.mark.parametrize(
    ("thinking", "seen"),
    [
        ("off", ["disabled"] * 4),
        ("auto", ["disabled", "disabled", "disabled", "enabled"]),
        ("on", ["enabled"] * 4),
    ],
)
def test_thinking_switches(thinking: str, seen: list[str], make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 1)
    spoil = script.first(["wrong_schema", "wrong_schema", "wrong_schema"])
    with FakeEndpoint("zai", script=spoil) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema], thinking=thinking)
    assert [call.thinking for call in done.requests] == seen
    assert done.wrong(one) == []


def test_repair_turns_hit_the_cache_for_all_but_their_last_turn(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 1)
    with FakeEndpoint("zai", script=script.first(["wrong_schema"])) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema])
    asked, repair = done.requests
    assert repair.images == asked.images
    assert repair.cached_tokens == asked.input_tokens  # what is new is the bad answer and what is wrong with it
    assert done.wrong(one) == []


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        ("prose", ["reply_not_json", "reply_not_json", "ok"]),
        ("unsafe", ["refused", "ok"]),
        ("sensitive", ["refused", "ok"]),
        ("too_long", ["page_too_large", "ok"]),
    ],
)
def test_the_fallback_is_asked_when_the_model_gives_no_good_answer(
    kind: str, outcomes: list[str], make_shelf: Any, tmp_path: Path, run: Any
) -> None:
    one = make_shelf(1, 1)
    with FakeEndpoint("openai", key=None) as second:
        with FakeEndpoint("zai", script=script.when(lambda _: True, kind)) as endpoint:
            facts = {"base_url": second.base_url, "needs_key": False}
            done = run(
                endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema], retries=1,
                fallback="openai/gpt-5-mini", models={"openai/gpt-5-mini": facts},
            )  # fmt: skip
            sides = {max(call.pixels[0]) for call in endpoint.requests}
            assert len(sides) == (3 if kind == "too_long" else 1)  # too long: smaller pictures are tried first
            assert len(endpoint.requests) == len(outcomes) - 2 + len(sides)
        assert len(second.requests) == 1
    assert done.wrong(one) == []
    assert [one["outcome"] for one in done.meta("l000.pdf")["attempts"]] == outcomes


def test_the_fallback_is_asked_only_about_the_page_that_was_refused(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    one = make_shelf(1, 4, least=4)

    def third_page(question: Any) -> bool:
        return any(row.id == "R00060" for ledger in question.ledgers for row in ledger.rows)

    with FakeEndpoint("openai", key=None) as second:
        with FakeEndpoint("zai", script=script.when(third_page, "unsafe")) as endpoint:
            facts = {"base_url": second.base_url, "needs_key": False}
            done = run(
                endpoint, tmp_path / "out", inputs=[one.folder], schema=[one.schema],
                fallback="openai/gpt-5-mini", models={"openai/gpt-5-mini": facts},
            )  # fmt: skip
        assert [len(call.images) for call in second.requests] == [1]
    assert done.wrong(one) == []
