from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.errors import ReplyError, TransportError
from docextract.model.answer import Assembly, read_timings, read_usage
from docextract.model.loops import LoopGuard, loop_start
from docextract.model.sse import EventReader, payloads
from docextract.types import Json


def read(chunks: list[bytes]) -> list[dict[str, Json] | None]:
    reader = EventReader()
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    events += reader.close()
    return [payload for event in events for payload in payloads(event)]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(
    values=st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20)), max_size=8),
    places=st.lists(st.integers(0, 10_000), max_size=20),
    end=st.sampled_from(["\n\n", "\r\n\r\n"]),
    is_spaced=st.booleans(),
)
def test_chunks_may_be_cut_anywhere(values: list[dict[str, str]], places: list[int], end: str, is_spaced: bool) -> None:
    head = "data: " if is_spaced else "data:"
    text = ": hello\n\n" + "".join(head + json.dumps(value, ensure_ascii=False) + end for value in values)
    assert read(cut(f"{text}data: [DONE]{end}".encode("utf-8", "replace"), places)) == [*_clean(values), None]


def _clean(values: list[dict[str, str]]) -> list[dict[str, str]]:
    text = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    clean: list[dict[str, str]] = json.loads(text)
    return clean


def test_glued_chunks_are_taken_apart() -> None:
    assert read([b'data: {"a":1}data: {"a":2}\n\n']) == [{"a": 1}, {"a": 2}]
    assert read([b'data: {"a":1}\ndata: {"a":2}\n\ndata: [DONE]']) == [{"a": 1}, {"a": 2}, None]
    assert read([b'data: {"a":1}{"a":2}[DONE]\n\n']) == [{"a": 1}, {"a": 2}, None]


@pytest.mark.parametrize("data", [b'data: {"id":data: {"id":1}\n\n', b'data: {"a":"1\n\n', b"data: nonsense\n\n"])
def test_what_cannot_be_read_is_told_since_words_may_be_lost_with_it(data: bytes) -> None:
    with pytest.raises(TransportError) as caught:
        read([data])
    assert caught.value.in_doubt


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(ReplyError):
        read([b'data: {"a":"\xff"}\n\n'])


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "choices", "delta", "message", "content", "tool_calls", "function", "arguments", "index",
                         "usage", "prompt_tokens", "completion_tokens", "prompt_tokens_details", "finish_reason",
                         "timings", "refusal", "reasoning"]), inner, max_size=6),
    max_leaves=30,
))  # fmt: skip
def test_a_chunk_of_any_shape_does_no_harm(value: Json) -> None:
    assembly = Assembly()
    assembly.feed(value if isinstance(value, dict) else {"choices": [value]})
    assert isinstance(assembly.text, str)
    read_usage(value)
    read_timings(value)


def chunk(**delta: Json) -> dict[str, Json]:
    return {"id": "1", "choices": [{"index": 0, "delta": {"role": "assistant", **delta}}]}


def test_content_reasoning_and_usage_are_kept_apart() -> None:
    assembly = Assembly()
    assembly.feed(chunk(reasoning_content="let me "))
    assembly.feed(chunk(reasoning="see"))
    assembly.feed(chunk(content='{"a":'))
    assembly.feed(chunk(content="1}"))
    assembly.feed({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}],
                   "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15,
                             "prompt_tokens_details": {"cached_tokens": 4},
                             "completion_tokens_details": {"reasoning_tokens": 2}}})  # fmt: skip
    assert (assembly.text, assembly.reasoning, assembly.finish) == ('{"a":1}', "let me see", "stop")
    tokens = assembly.tokens
    assert tokens is not None
    assert (tokens.input, tokens.cached, tokens.output, tokens.reasoning) == (10, 4, 5, 2)


def test_usage_may_come_in_a_chunk_without_choices() -> None:
    assembly = Assembly()
    assembly.feed(chunk(content="x"))
    assembly.feed({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}})
    assert assembly.tokens is not None


def test_a_tools_arguments_are_the_answer_in_pieces_whole_or_as_an_object() -> None:
    pieces = Assembly()
    for text in ('{"a"', ":1}"):
        pieces.feed(chunk(tool_calls=[{"index": 0, "function": {"name": "answer", "arguments": text}}]))
    assert pieces.text == '{"a":1}'
    whole = Assembly()
    whole.feed({"choices": [{"message": {"content": "", "tool_calls": [{"function": {"arguments": {"a": 1}}}]},
                             "finish_reason": "tool_calls"}]})  # fmt: skip
    assert json.loads(whole.text) == {"a": 1}
    assert whole.finish == "tool"


def test_a_refusal_in_words_is_a_refusal() -> None:
    assembly = Assembly()
    assembly.feed(chunk(refusal="I cannot help with that."))
    assert assembly.finish == "refused"


def test_usage_in_the_words_of_other_providers() -> None:
    claude = read_usage({"input_tokens": 10, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 50,
                         "output_tokens": 7})  # fmt: skip
    assert claude is not None
    assert (claude.input, claude.cached, claude.written, claude.output) == (160, 100, 50, 7)
    llama = read_timings({"cache_n": 30, "prompt_n": 12, "predicted_n": 9})
    assert llama is not None
    assert (llama.input, llama.cached, llama.output) == (42, 30, 9)
    router = read_usage({"prompt_tokens": 5, "completion_tokens": 1, "cost": 0.25})
    assert router is not None
    assert router.cost_usd == 0.25
    assert read_usage({"prompt_tokens": "many", "completion_tokens": 1}) is None


@given(st.text(min_size=1, max_size=600), st.text(max_size=300), st.integers(0, 599))
def test_forty_times_the_same_is_a_loop(piece: str, before: str, extra: int) -> None:
    times = max(41, 6_700 // len(piece) + 2)
    tail = (before + piece * times + piece[:extra])[-24_000:]
    assert loop_start(tail) is not None


def test_a_long_table_of_similar_rows_is_no_loop() -> None:
    rows = [f'{{"id": "R{number:05d}", "text": null, "amount": {number % 3}.00}},' for number in range(2000)]
    guard = LoopGuard()
    assert not any(guard.feed(row) for row in rows)
    guard = LoopGuard()
    assert not any(guard.feed(row) for row in ['{"a": null, "b": null},'] * 39)


def test_endless_white_space_is_a_loop() -> None:
    guard = LoopGuard()
    guard.feed('{"a": 1')
    assert any(guard.feed("\n  \t") for _ in range(1000))
