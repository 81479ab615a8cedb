from __future__ import annotations

import json
from typing import Any

import anyio
import pytest

from docextract.model.faults import Refusal
from docextract.model.ladder import Ladder
from docextract.model.profiles import resolve
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger
from docextract.testing.requests import connect, ledger_request

LEDGER = make_ledger(2, 5)
ALL = frozenset({"response_format", "messages", "model"})
RUNGS = ("json_schema", "json_object", "tool", "plain")


def refusal(message: str, code: str | None = "1210") -> Refusal:
    return Refusal(status=400, code=code, words=(), message=message)


@pytest.mark.anyio
async def test_the_first_real_request_learns_and_the_next_one_knows() -> None:
    with FakeEndpoint(json_object="refused", json_schema="refused") as endpoint:
        async with connect(endpoint, rungs=RUNGS) as client:
            await client.ask(ledger_request(LEDGER, request_id="a"))
            await client.ask(ledger_request(LEDGER, request_id="b"))
            memory = client.ladder.dump()
        assert [call.rung for call in endpoint.requests] == ["json_schema", "json_object", "tool", "tool"]
        assert len({call.request_id for call in endpoint.requests}) == 4
        endpoint.clear()
        async with connect(endpoint, rungs=RUNGS) as client:
            client.ladder.load(json.loads(json.dumps(memory)))
            reply = await client.ask(ledger_request(LEDGER))
        assert [call.rung for call in endpoint.requests] == ["tool"]
    assert json.loads(reply.text) == LEDGER.data
    assert reply.finish_reason == "tool"


@pytest.mark.anyio
async def test_calls_in_flight_that_learn_the_same_thing_step_down_once() -> None:
    with FakeEndpoint(json_schema="refused", latency_s=0.05) as endpoint:
        async with connect(endpoint, rungs=RUNGS) as client:
            async with anyio.create_task_group() as group:
                for _ in range(6):
                    group.start_soon(client.ask, ledger_request(LEDGER))
            assert client.ladder.shape("s").rung == "json_object"
        assert len(endpoint.requests) == 12


@pytest.mark.anyio
async def test_an_output_cap_is_learned_from_the_refusal() -> None:
    with FakeEndpoint(model="zai/glm-4.5v") as endpoint:
        async with connect(endpoint, max_output=131_072) as client:
            await client.ask(ledger_request(LEDGER, params={"max_tokens": 50_000}))
            await client.ask(ledger_request(LEDGER, params={"max_tokens": 50_000}))
        assert [call.max_tokens for call in endpoint.requests] == [50_000, 16_384, 16_384]
        assert [call.status for call in endpoint.requests] == [400, 200, 200]


@pytest.mark.anyio
async def test_below_the_last_rung_is_plain_and_below_that_nothing() -> None:
    with FakeEndpoint("openai", json_object="refused") as endpoint:
        async with connect(endpoint, rungs=("json_object",)) as client:
            await client.ask(ledger_request(LEDGER))
            assert not client.ladder.learn(
                refusal("response_format"), client.ladder.shape(None), schema=None, fields=ALL
            )
        assert [call.rung for call in endpoint.requests] == ["json_object", "plain"]


@pytest.mark.anyio
async def test_calls_in_flight_learn_an_output_cap_together() -> None:
    with FakeEndpoint(model="zai/glm-4.5v", latency_s=0.05) as endpoint:
        async with connect(endpoint, max_output=131_072) as client, anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(client.ask, ledger_request(LEDGER, params={"max_tokens": 50_000}))
        assert sorted(call.status for call in endpoint.requests) == [200] * 4 + [400] * 4


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Unknown parameter: 'chat_template_kwargs'.", "chat_template_kwargs"),
        ("Unsupported value: 'temperature' does not support 0 with this model.", "temperature"),
        ("stream_options: Extra inputs are not permitted", "stream_options"),
        ("thinking参数非法", "thinking"),
    ],
)
def test_a_field_that_is_refused_by_name_is_left_out(message: str, field: str) -> None:
    ladder = Ladder(resolve("zai/glm-5v-turbo"))
    shape = ladder.shape("s")
    assert ladder.learn(refusal(message), shape, schema="s", fields=frozenset({field}))
    assert field in ladder.shape("s").dropped
    assert not ladder.learn(refusal(message), ladder.shape("s"), schema="s", fields=frozenset({field}))


def test_fields_that_were_not_sent_are_not_blamed() -> None:
    ladder = Ladder(resolve("zai/glm-5v-turbo"))
    assert not ladder.learn(refusal("thinking is wrong"), ladder.shape("s"), schema="s", fields=frozenset({"model"}))


def test_an_output_cap_that_does_not_fit_beside_the_prompt_is_lowered() -> None:
    text = (
        "'max_tokens' or 'max_completion_tokens' is too large: 50000. This model's maximum context length is {} tokens "
        "and your request has 3000 input tokens"
    )
    ladder = Ladder(resolve("vllm/x"))
    assert ladder.learn(refusal(text.format(8000), None), ladder.shape("s"), schema="s", fields=ALL)
    assert ladder.shape("s").max_output == 4500
    assert not ladder.learn(refusal(text.format(3100), None), ladder.shape("s"), schema="s", fields=ALL)


def test_openai_renames_the_output_cap() -> None:
    ladder = Ladder(resolve("generic-model", base_url="https://example.com/v1"))
    text = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    assert ladder.learn(refusal(text), ladder.shape("s"), schema="s", fields=frozenset({"max_tokens"}))
    assert ladder.shape("s").max_tokens_field == "max_completion_tokens"


def test_a_schema_that_is_refused_steps_down_alone() -> None:
    ladder = Ladder(resolve("openai/gpt-5-mini"))
    text = "Invalid schema for response_format 'answer': In context=(), 'default' is not permitted."
    assert ladder.learn(refusal(text), ladder.shape("one"), schema="one", fields=frozenset({"response_format"}))
    assert ladder.shape("one").rung == "json_object"
    assert ladder.shape("two").rung == "json_schema"


def test_without_a_schema_to_send_the_rungs_that_need_one_are_passed_over() -> None:
    assert Ladder(resolve("openai/gpt-5-mini")).shape(None).rung == "json_object"
    assert Ladder(resolve("anthropic/claude-sonnet-5")).shape(None).rung == "plain"


def test_broken_streams_twice_and_answers_are_asked_for_whole() -> None:
    ladder = Ladder(resolve("zai/glm-5v-turbo"))
    ladder.broke()
    assert ladder.shape("s").stream
    ladder.broke()
    assert not ladder.shape("s").stream


@pytest.mark.parametrize("memory", [{}, {"rung": "x", "schemas": 3, "dropped": None}, {"rung": 99}, {"max_output": -1}])
def test_a_memory_that_makes_no_sense_does_no_harm(memory: dict[str, Any]) -> None:
    ladder = Ladder(resolve("zai/glm-5v-turbo"))
    ladder.load(memory)
    assert ladder.shape("s").rung in {"json_object", "plain"}
    assert ladder.shape("s").max_output == 131_072
