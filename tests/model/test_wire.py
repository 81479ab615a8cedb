from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.model.connect import Connections
from docextract.model.ladder import Ladder
from docextract.model.profiles import resolve
from docextract.model.wire import build_body, fetch_images, schema_digest
from docextract.testing.ledgers import make_ledger
from docextract.testing.requests import ledger_request
from docextract.types import ExtractionRequest, Message, ModelProfile

ZAI, OPENAI = resolve("zai/glm-5v-turbo"), resolve("openai/gpt-5-mini")
REQUEST = ledger_request(make_ledger(1, 30))


def body(request: ExtractionRequest, profile: ModelProfile = ZAI) -> tuple[bytes, dict[str, Any]]:
    images = anyio.run(fetch_images, request)
    built = build_body(request, profile, Ladder(profile).shape(schema_digest(request.wire_schema)), images)
    value: dict[str, Any] = json.loads(built.data)
    assert set(value) - {"cache_control"} == built.fields - {"cache_control"}
    return built.data, value


@given(texts=st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_goes_over_whole(texts: list[str]) -> None:
    messages = tuple(Message(role="user", parts=(text,)) for text in texts)
    _, value = body(replace(REQUEST, messages=messages))
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    assert [message["content"] for message in value["messages"]] == clean


def test_an_image_is_its_files_bytes() -> None:
    _, value = body(REQUEST)
    parts = [part for part in value["messages"][1]["content"] if part["type"] == "image_url"]
    urls = [part["image_url"]["url"] for part in parts]
    images = anyio.run(fetch_images, REQUEST)
    assert [base64.b64decode(url.removeprefix("data:image/jpeg;base64,")) for url in urls] == [i.data for i in images]
    bare = replace(ZAI, image=replace(ZAI.image, form="base64"))
    _, value = body(REQUEST, bare)
    assert base64.b64decode(value["messages"][1]["content"][1]["image_url"]["url"]) == images[0].data


def test_the_json_writer_never_sees_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    images = anyio.run(fetch_images, REQUEST)
    written: list[int] = []
    dumps = json.dumps

    def spy(value: Any, **options: Any) -> str:
        text = dumps(value, **options)
        written.append(len(text))
        return text

    monkeypatch.setattr(json, "dumps", spy)
    built = build_body(REQUEST, ZAI, Ladder(ZAI).shape("s"), images)
    assert sum(written) < 5000 < len(built.data)


def test_two_requests_share_their_bytes_up_to_the_first_page_and_a_repair_up_to_its_turn() -> None:
    first, _ = body(REQUEST)
    other, _ = body(ledger_request(make_ledger(2, 30)))
    page = first.index(b"base64,")
    assert first[:page] == other[:page]
    turn = (Message(role="assistant", parts=("{",)), Message(role="user", parts=("Mend it.",)))
    repair, _ = body(replace(REQUEST, messages=REQUEST.messages + turn))
    assert repair.startswith(first[: -len("]}")])


def test_nothing_but_the_request_id_tells_equal_requests_apart() -> None:
    first, _ = body(replace(REQUEST, request_id="one"))
    second, _ = body(replace(REQUEST, request_id="two"))
    assert first != second
    assert first.replace(b'"one"', b'"two"') == second


def test_what_zai_is_sent() -> None:
    _, value = body(replace(REQUEST, request_id="abcdef"))
    del value["messages"]
    assert value == {
        "model": "glm-5v-turbo",
        "max_tokens": 16_000,
        "do_sample": False,
        "thinking": {"type": "disabled"},
        "stream": True,
        "request_id": "abcdef",
        "response_format": {"type": "json_object"},
    }


def test_what_openai_is_sent() -> None:
    _, value = body(replace(REQUEST, request_id="abcdef"), OPENAI)
    assert value["max_completion_tokens"] == 16_000
    assert "max_tokens" not in value
    assert "request_id" not in value
    assert value["stream_options"] == {"include_usage": True}
    form = value["response_format"]["json_schema"]
    assert (form["strict"], form["name"], form["schema"]) == (True, "Ledger", REQUEST.wire_schema)


def test_a_temperature_takes_the_place_of_greedy_sampling_and_the_cap_that_of_a_larger_wish() -> None:
    _, value = body(replace(REQUEST, params={"temperature": 0.4, "max_tokens": 10**9, "thinking": "on"}))
    assert value["temperature"] == 0.4
    assert "do_sample" not in value
    assert value["max_tokens"] == 131_072
    assert value["thinking"] == {"type": "enabled"}


def test_at_most_four_breakpoints_and_the_last_ones() -> None:
    claude = resolve("anthropic/claude-sonnet-5")
    messages = tuple(Message(role="user", parts=(str(number),), cache=True) for number in range(6))
    data, value = body(replace(REQUEST, messages=messages), claude)
    assert data.count(b"cache_control") == 4
    assert [isinstance(message["content"], list) for message in value["messages"]] == [False, False, *[True] * 4]
    assert body(replace(REQUEST, messages=messages))[0].count(b"cache_control") == 0


def test_connections_may_be_made_before_the_loop_runs() -> None:
    connections = Connections(limit=3, tls=False)

    async def use() -> int:
        async with connections.take(), connections.take():
            count = connections.clients
        await connections.aclose()
        return count

    assert anyio.run(use) == 2
