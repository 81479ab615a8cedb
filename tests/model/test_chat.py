from __future__ import annotations

import json
from dataclasses import replace

import anyio
import pytest

from docextract.errors import AccountError, ConfigError, DocextractError, ReplyError, TransportError
from docextract.model.answer import complaint
from docextract.model.chat import ChatLimits
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger
from docextract.testing.requests import StoredPages, connect, ledger_request
from docextract.testing.troubles import STOPPING
from docextract.types import CacheRule, Message, ModelReply, Window

pytestmark = pytest.mark.anyio
LEDGER = make_ledger(5, 30)


async def ask(endpoint: FakeEndpoint, *, deadline_s: float = 5.0, wire_bytes: int = 8_000_000) -> ModelReply:
    async with connect(endpoint, limits=ChatLimits(wire_bytes=wire_bytes)) as client:
        return await client.ask(ledger_request(LEDGER, request_id="a", deadline_s=deadline_s))


async def failure(kind: str, *, deadline_s: float = 5.0) -> DocextractError:
    with FakeEndpoint(script=script.first([kind] * 9)) as endpoint:
        with pytest.raises(DocextractError) as caught:
            await ask(endpoint, deadline_s=deadline_s)
        assert len(endpoint.requests) == 1
        assert endpoint.key not in str(caught.value)
        return caught.value


@pytest.mark.parametrize("mode", ["zai", "openai", "anthropic", "llamacpp"])
@pytest.mark.parametrize("is_streamed", [True, False])
async def test_every_mode_gives_the_rows_and_the_usage_the_endpoint_counted(mode: str, is_streamed: bool) -> None:
    with FakeEndpoint(mode) as endpoint:  # type: ignore[arg-type]  # the parametrised strings are modes
        async with connect(endpoint, stream=is_streamed) as client:
            reply = await client.ask(ledger_request(LEDGER))
            again = await client.ask(ledger_request(LEDGER))
        assert json.loads(reply.text) == LEDGER.data
        first, second = endpoint.requests
        assert first.is_stream is is_streamed
        assert (reply.usage.input_tokens, reply.usage.output_tokens) == (first.input_tokens, first.output_tokens)
        assert not reply.usage.estimated
        assert again.usage.cached_tokens == second.cached_tokens > 0
        if client.profile.price and client.profile.price.input:
            assert 0 < again.usage.cost_usd < reply.usage.cost_usd


async def test_pixels_are_fetched_once_a_call_in_the_order_of_the_messages() -> None:
    request = ledger_request(LEDGER)
    with FakeEndpoint() as endpoint:
        async with connect(endpoint) as client:
            await client.ask(request)
        assert isinstance(request.pages, StoredPages)
        assert request.pages.asked == 2
        assert [row for _, row in endpoint.requests[0].rows] == [row.id for row in LEDGER.rows]


@pytest.mark.parametrize("kind", ["rate_limit", "frequency", "overload", "overload_529", "server_error", "bad_gateway",
                                  "unavailable", "gateway_timeout", "html", "redirect"])  # fmt: skip
async def test_passing_refusals_are_worth_another_try(kind: str) -> None:
    error = await failure(kind)
    assert isinstance(error, TransportError)
    assert error.retryable
    assert error.in_doubt is (kind == "gateway_timeout")
    assert (error.code == "rate_limited") is (kind in {"rate_limit", "frequency"})


@pytest.mark.parametrize("kind", ["reset", "cut_body", "cut_stream", "half_glued"])
async def test_an_answer_that_breaks_off_may_have_been_billed(kind: str) -> None:
    if kind == "cut_body":
        with FakeEndpoint(script=script.first([kind])) as endpoint:
            async with connect(endpoint, stream=False) as client:
                with pytest.raises(TransportError) as caught:
                    await client.ask(ledger_request(LEDGER))
                error: DocextractError = caught.value
    else:
        error = await failure(kind)
    assert isinstance(error, TransportError)
    assert error.in_doubt


@pytest.mark.parametrize("kind", sorted(STOPPING))
async def test_account_and_model_troubles_stop_the_run(kind: str) -> None:
    error = await failure(kind)
    assert isinstance(error, ConfigError if kind == "no_model" else AccountError)
    assert error.scope == "run"
    assert not error.retryable


async def test_an_unpaid_bill_is_no_rate_limit_although_both_are_429() -> None:
    assert (await failure("balance")).code == "quota_exhausted"
    assert (await failure("wrong_key")).code == "auth_failed"
    assert "ZAI_API_KEY" in (await failure("wrong_key")).hint


@pytest.mark.parametrize(("kind", "code"), [("unsafe", "refused"), ("too_long", "page_too_large"),
                                            ("bad_parameter", "config_error")])  # fmt: skip
async def test_what_concerns_one_window_leaves_the_run_alone(kind: str, code: str) -> None:
    error = await failure(kind)
    assert (error.code, error.scope, error.retryable) == (code, "window", False)


@pytest.mark.parametrize("kind", ["stream_error", "event_error"])
async def test_an_error_inside_a_stream_is_read_like_any_other(kind: str) -> None:
    error = await failure(kind)
    assert isinstance(error, TransportError)
    assert error.code == "unavailable"


@pytest.mark.parametrize("kind", ["invalid_utf8", "not_json"])
async def test_bytes_that_are_no_answer_are_asked_for_again(kind: str) -> None:
    error = await failure(kind)
    assert (error.code, error.retryable) == ("reply_not_json", True)


@pytest.mark.parametrize("kind", ["gzip_bomb", "flood"])
async def test_an_endless_answer_is_cut_at_the_wire(kind: str) -> None:
    error = await failure(kind)
    assert (error.code, error.retryable) == ("limit_reached", False)


@pytest.mark.parametrize("kind", ["hang", "slow"])
async def test_a_deadline_holds_whatever_trickles_in(kind: str) -> None:
    with anyio.fail_after(5):
        error = await failure(kind, deadline_s=0.2)
    assert isinstance(error, TransportError)
    assert (error.code, error.in_doubt) == ("timed_out", True)


async def test_words_are_progress_so_a_long_answer_outlives_the_deadline() -> None:
    with FakeEndpoint(chunk_s=0.02, chunk_chars=60) as endpoint:
        reply = await ask(endpoint, deadline_s=0.3)
    assert json.loads(reply.text) == LEDGER.data
    assert reply.ms > 300


@pytest.mark.parametrize("kind", ["glued", "no_usage", "no_done"])
async def test_streams_that_lose_no_word_are_taken(kind: str) -> None:
    with FakeEndpoint(script=script.first([kind])) as endpoint:
        reply = await ask(endpoint)
    assert json.loads(reply.text) == LEDGER.data
    assert reply.usage.estimated is (kind == "no_usage")
    assert reply.usage.output_tokens > 0


@pytest.mark.parametrize(("kind", "code"), [("truncated", "reply_truncated"), ("context_exceeded", "reply_truncated"),
                                            ("network_error", "unavailable"), ("sensitive", "refused"),
                                            ("empty", "reply_empty"), ("reasoning_only", "reply_empty"),
                                            ("loop", "reply_invalid")])  # fmt: skip
async def test_answers_that_arrive_and_are_no_good_come_back_with_their_cost(kind: str, code: str) -> None:
    with FakeEndpoint(script=script.first([kind])) as endpoint:
        reply = await ask(endpoint)
    error = complaint(reply)
    assert isinstance(error, ReplyError)
    assert (error.code, error.retryable) == (code, code != "refused")
    assert reply.usage.input_tokens > 0


async def test_a_loop_is_cut_long_before_it_is_paid_to_the_end() -> None:
    with FakeEndpoint(script=script.first(["loop"]), chunk_chars=2000) as endpoint:
        reply = await ask(endpoint)
    assert reply.finish_reason == "loop"
    assert len(reply.text) < 20_000  # of 136,000


async def test_a_good_answer_has_no_complaint() -> None:
    with FakeEndpoint(thinks=True) as endpoint:
        async with connect(endpoint) as client:
            reply = await client.ask(ledger_request(LEDGER, params={"max_tokens": 16_000, "thinking": "on"}))
    assert complaint(reply) is None
    assert reply.reasoning
    assert reply.usage.reasoning_tokens > 0
    assert "step" not in reply.text


async def test_what_never_answered_and_always_says_the_same_is_a_wrong_address() -> None:
    with FakeEndpoint(script=script.when(lambda _: True, "html")) as endpoint:
        async with connect(endpoint) as client:
            for kind in (TransportError, TransportError, ConfigError):
                with pytest.raises(kind):
                    await client.ask(ledger_request(LEDGER))


async def test_after_a_first_answer_web_pages_are_a_passing_trouble() -> None:
    with FakeEndpoint(script=script.when(lambda question: question.number > 1, "html")) as endpoint:
        async with connect(endpoint) as client:
            await client.ask(ledger_request(LEDGER))
            for _ in range(4):
                with pytest.raises(TransportError):
                    await client.ask(ledger_request(LEDGER))


async def test_nothing_listens_there() -> None:
    with FakeEndpoint() as endpoint:
        pass
    with pytest.raises(TransportError) as caught:
        await ask(endpoint)
    assert caught.value.code == "unavailable"
    assert not caught.value.in_doubt


async def test_a_client_has_one_connection_and_serves_one_call_after_the_other() -> None:
    with FakeEndpoint(latency_s=0.2) as endpoint:
        async with connect(endpoint) as client, anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(client.ask, ledger_request(make_ledger(1, 1)))
            await anyio.sleep(0.1)
            assert client._connections.clients == 20
        assert endpoint.peak_in_flight == 20
        async with connect(endpoint) as client:
            for _ in range(3):
                await client.ask(ledger_request(make_ledger(1, 1)))
            assert client._connections.clients == 1


async def test_a_streamed_answer_leaves_its_connection_open() -> None:
    with FakeEndpoint() as endpoint:
        async with connect(endpoint) as client:
            for _ in range(4):
                await client.ask(ledger_request(make_ledger(1, 1)))
        assert client.ladder.shape("").stream
        assert endpoint.connections == 1


async def test_cancelling_a_call_frees_its_connection() -> None:
    with FakeEndpoint(script=script.first(["hang"])) as endpoint:
        async with connect(endpoint, limits=ChatLimits(connections=1)) as client:
            async with anyio.create_task_group() as group:
                group.start_soon(client.ask, ledger_request(LEDGER))
                while not endpoint.requests:  # noqa: ASYNC110 - it comes from the endpoint's thread
                    await anyio.sleep(0.01)
                group.cancel_scope.cancel()
            reply = await client.ask(ledger_request(LEDGER))
    assert json.loads(reply.text) == LEDGER.data


async def test_closing_twice_is_fine() -> None:
    with FakeEndpoint() as endpoint:
        async with connect(endpoint) as client:
            await client.aclose()


async def test_text_goes_as_plain_strings_and_is_answered_from() -> None:
    request = ledger_request(LEDGER)
    rows = "\n".join(f"| {row.id} | {row.date} | {row.description} | {row.amount:.2f} |" for row in LEDGER.rows)
    messages = (request.messages[0], Message(role="user", parts=(f"Ledger {LEDGER.number}\n{rows}",)))
    with FakeEndpoint() as endpoint:
        async with connect(endpoint) as client:
            reply = await client.ask(replace(request, messages=messages))
    assert json.loads(reply.text) == LEDGER.data
    assert endpoint.requests[0].images == ()


async def test_breakpoints_are_marked_only_where_the_endpoint_needs_them() -> None:
    with FakeEndpoint("anthropic") as endpoint:
        async with connect(endpoint, cache=CacheRule(kind="none")) as client:
            await client.ask(ledger_request(LEDGER))
            await client.ask(ledger_request(LEDGER))
        assert [call.cached_tokens for call in endpoint.requests] == [0, 0]
        endpoint.clear()
        async with connect(endpoint) as client:
            await client.ask(ledger_request(LEDGER))
            await client.ask(ledger_request(LEDGER))
        first, second = endpoint.requests
        assert first.cached_tokens == 0
        assert second.cached_tokens == second.input_tokens - 1


async def test_a_page_larger_than_the_endpoint_takes_is_not_sent() -> None:
    with FakeEndpoint() as endpoint:
        async with connect(endpoint) as client:
            small = replace(client.profile.image, max_bytes=100)
        async with connect(endpoint, image=small) as client:
            with pytest.raises(DocextractError) as caught:
                await client.ask(ledger_request(LEDGER))
    assert caught.value.code == "page_too_large"
    assert endpoint.requests == []


async def test_usage_that_is_missing_is_estimated_from_the_window() -> None:
    request = ledger_request(LEDGER)
    window = Window(document="d", index=0, of=1, pages=(1, 2), tokens_high=1234)
    with FakeEndpoint(script=script.first(["no_usage"])) as endpoint:
        async with connect(endpoint) as client:
            reply = await client.ask(replace(request, window=window))
    assert reply.usage.estimated
    assert reply.usage.input_tokens == 1234
