"""The client with its retries against every kind of trouble: what comes back is right, or it is an error."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import anyio
import pytest

from docextract.errors import DocextractError
from docextract.model.answer import complaint
from docextract.model.limiter import Gate, GateOptions
from docextract.model.retry import PatientClient, Retry, RetryOptions
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger
from docextract.testing.requests import connect, ledger_request
from docextract.testing.spoil import SPOILED
from docextract.testing.troubles import KINDS, PASSING

pytestmark = pytest.mark.anyio
LEDGERS = [make_ledger(number, 3) for number in range(40)]
TRANSPORT = [kind for kind in PASSING if kind not in SPOILED]


async def ask_all(kinds: Sequence[str], part: float, hand: Any) -> tuple[list[Any], FakeEndpoint]:
    """Every ledger asked once through `PatientClient`; waits pass at once. An error stands for its answer."""
    results: list[Any] = [None] * len(LEDGERS)
    with FakeEndpoint(script=script.share(part, kinds, seed=3), hang_s=0.1) as endpoint:
        gate = Gate(GateOptions(start=8, ceiling=8), clock=hand.clock)
        async with connect(endpoint) as inner, anyio.create_task_group() as group:
            client = PatientClient(inner, Retry(gate, clock=hand.clock))

            async def ask(place: int) -> None:
                try:
                    results[place] = await client.ask(ledger_request(LEDGERS[place], request_id=f"r{place}"))
                except DocextractError as error:
                    results[place] = error

            for place in range(len(LEDGERS)):
                group.start_soon(ask, place)
    return results, endpoint


async def test_transport_troubles_at_a_quarter_of_the_calls_are_got_over(hand: Any) -> None:
    results, endpoint = await ask_all(TRANSPORT, 0.25, hand)
    for ledger, reply in zip(LEDGERS, results, strict=True):
        if isinstance(reply, DocextractError):
            assert reply.code == "reply_not_json"  # counted, not retried here
        else:
            assert json.loads(reply.text) == ledger.data
    assert sum(not isinstance(reply, DocextractError) for reply in results) >= 34
    met = {call.trouble for call in endpoint.requests}
    assert len(met) > 5
    assert endpoint.peak_in_flight <= 8


async def test_nothing_wrong_is_silent_but_what_only_the_page_contradicts(hand: Any) -> None:
    results, endpoint = await ask_all([kind for kind in KINDS if kind not in {"slow", "flood"}], 0.4, hand)
    lies = {"rows_dropped", "rows_swapped", "digit_changed", "wrong_schema", "duplicate_keys"}
    for ledger, reply in zip(LEDGERS, results, strict=True):
        if isinstance(reply, DocextractError):
            assert reply.hint
            continue
        troubles = {call.trouble for call in endpoint.requests if call.rows[:1] == ((ledger.number, "R00001"),)}
        try:
            value = json.loads(reply.text)
        except ValueError:
            assert troubles & set(SPOILED)
            continue
        assert (
            value == ledger.data or complaint(reply) is not None or troubles & (lies | {"schema_echo", "not_a_number"})
        )


@pytest.mark.parametrize("most", [1, 3])
async def test_an_endpoint_that_takes_few_at_a_time_is_found_out(most: int, hand: Any) -> None:
    with FakeEndpoint(most_in_flight=most, latency_s=0.002) as endpoint:
        gate = Gate(GateOptions(start=8, ceiling=64), clock=hand.clock)
        async with connect(endpoint) as inner, anyio.create_task_group() as group:
            client = PatientClient(inner, Retry(gate, RetryOptions(max_outage_s=1e9), clock=hand.clock))
            for number, ledger in enumerate(LEDGERS):
                group.start_soon(client.ask, ledger_request(ledger, request_id=str(number)))
        answered = [call for call in endpoint.requests if call.status == 200]
    assert len(answered) == len(LEDGERS)
    assert gate.limit < 8
