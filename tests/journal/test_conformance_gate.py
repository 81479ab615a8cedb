"""Limits that all workers of a run share, whichever store is behind the journal."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from itertools import pairwise
from typing import Any

import anyio
import pytest

from docextract.journal.protocol import Journal
from docextract.journal.rows import Limits

Opener = Callable[..., AbstractAsyncContextManager[Journal]]
LIMITS = Limits(start=2, ceiling=8)


def run(journal_at: Opener, main: Callable[[Journal], Awaitable[None]], **words: Any) -> None:
    async def outer() -> None:
        async with journal_at(**words) as journal:
            await main(journal)

    anyio.run(outer)


def test_slots_are_shared_by_all_workers(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        async with journal_at(join="any") as other:
            first, second = await journal.enter("m", LIMITS), await other.enter("m", LIMITS)
            assert first.slot
            assert second.slot
            assert (await journal.enter("m", LIMITS)).slot is None
            assert (await journal.enter("another model", LIMITS)).slot
            await other.leave(second.slot)
            assert (await journal.enter("m", LIMITS)).slot
            assert (await other.enter("m", LIMITS)).slot is None
            await journal.leave(first.slot)
            assert (await other.enter("m", LIMITS)).slot
        assert (await journal.enter("m", LIMITS)).slot, "the slot of a worker that left is free"

    run(journal_at, main)


def test_a_call_that_missed_its_turn_gets_a_later_one(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        limits = Limits(start=8, ceiling=8, rpm=600)
        async with journal_at(join="any") as other:
            dues = [(await each.enter("m", limits)).due for each in (journal, other, journal)]
            dues += [(await each.turn("m", limits)).due for each in (other, journal)]
            known = [due for due in dues if due is not None]
            assert len(known) == 5
            # A tenth of a second apart, whoever asks; the first may come out of the leeway that is left.
            assert all(0.1 <= later - earlier + 0.021 < 0.5 for earlier, later in pairwise(known))
            assert (await other.turn("m", limits)).slot is None, "it holds one already"
            assert (await journal.turn("without a rate", LIMITS)).due is None

    run(journal_at, main)


def test_a_pause_that_one_is_asked_for_stops_all(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        async with journal_at(join="any") as other:
            assert await other.paused("m") == 0.0
            await journal.limited("m", LIMITS, 50.0)
            await other.pause("m", LIMITS, 1.0)
            refused = await other.enter("m", LIMITS)
            assert refused.slot is None
            assert 30.0 < refused.wait_s <= 50.0
            assert 30.0 < await other.paused("m") <= 50.0
            assert (await other.enter("another model", LIMITS)).slot

    run(journal_at, main)


def test_the_limit_falls_on_a_rate_limit_and_grows_with_use(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        async def width() -> int:
            slots = []
            while (leave := await journal.enter("m", limits)).slot is not None:
                slots.append(leave.slot)
            for _ in slots:
                await journal.succeeded("m", limits)
            for slot in slots:
                await journal.leave(slot)
            return len(slots)

        limits = Limits(start=2, ceiling=8)
        assert [await width() for _ in range(4)] == [2, 4, 8, 8]
        await journal.limited("m", limits)
        assert await width() == 4

    run(journal_at, main)


@pytest.mark.parametrize("kind", ["rpm", "tpm"])
def test_rates_hold_over_all_workers(journal_at: Opener, kind: str) -> None:
    async def main(journal: Journal) -> None:
        # One a tenth of a second, whether that is a request or ten tokens of a hundred a second.
        limits = Limits(start=99, ceiling=99, rpm=600) if kind == "rpm" else Limits(start=99, ceiling=99, tpm=6000)
        async with journal_at(join="any") as other:
            begun = time.monotonic()
            waits = [(await each.enter("m", limits, 10)).wait_s for each in (journal, other) * 10]
            took = time.monotonic() - begun
            assert 1.9 - 0.03 - took <= waits[-1] <= 1.9
            assert waits == sorted(waits) or took > 0.1

    run(journal_at, main)


def test_one_warms_a_prefix_and_the_rest_wait(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        async with journal_at(join="any") as other:
            assert await journal.lead("p") == "lead"
            assert await other.lead("p") == "wait"
            assert await journal.lead("p") == "wait"
            assert await other.lead("another") == "lead"
            await journal.led("p", warm=False)
            assert await other.lead("p") == "lead", "the next one tries where the first one failed"
            await other.led("p", warm=True)
            assert await journal.lead("p") == "warm"
        assert await journal.lead("another") == "lead", "its leader has left"

    run(journal_at, main)
