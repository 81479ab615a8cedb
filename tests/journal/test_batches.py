"""Calls that go out in batches: written down once, paid once, in both stores."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from docextract.journal.rows import BatchAnswer, Deferred, UnitRow

KEYS = [f"{number:064x}" for number in range(3)]


def test_put_off_calls_outlive_their_process_and_cost_what_they_cost(journal_at: Any) -> None:
    async def main() -> None:
        async with journal_at(job="j") as journal:
            deferred = [Deferred(key=key, unit=1, reserved=0.5) for key in KEYS]
            await journal.put_off("b1", "written", deferred)
            await journal.put_off("b1", "again", deferred)  # a transaction that is done twice counts once
            assert (await journal.batches()) == {"b1": "written"}
            budget = await journal.budget()
            assert (budget.spent, budget.reserved, budget.open) == (1.5, 0, 0)
            assert await journal.is_put_off(KEYS[0])
            assert await journal.intend(KEYS[0], 1, alone=True) is None
        async with journal_at(job="j") as journal:
            assert (await journal.in_doubt()).calls == 0
            await journal.note_batch("b1", "created")
            answers = [BatchAnswer(key=KEYS[0], body=b"yes", usage={"n": 1}, cost=0.1),
                       BatchAnswer(key=KEYS[1], outcome="refused: no", cost=0.0)]  # fmt: skip
            assert await journal.take_batch("b1", answers) == 2
            assert await journal.take_batch("b1", answers) == 0
            assert [reply.body for reply in await journal.replies(KEYS[0])] == [b"yes"]
            assert await journal.batch_failures(KEYS[1]) == ["refused: no"]
            assert await journal.close_batch("b1", "ended", "unavailable: expired") == 1
            assert await journal.batch_failures(KEYS[2]) == ["unavailable: expired"]
            assert not await journal.is_put_off(KEYS[2])
            assert (await journal.batches()) == {"b1": "ended"}
            assert await journal.intend(KEYS[2], 1, alone=True) is not None

    anyio.run(main)


def test_an_answer_whose_call_is_lost_is_kept_once(journal_at: Any) -> None:
    async def main() -> None:
        async with journal_at() as journal:
            answer = BatchAnswer(key=KEYS[0], body=b"paid", usage={}, cost=0.1)
            assert await journal.take_batch("lost", [answer]) == 1
            assert await journal.take_batch("lost", [answer]) == 0
            assert len(await journal.replies(KEYS[0])) == 1

    anyio.run(main)


@pytest.mark.parametrize("again", [False, True])
def test_a_unit_that_waits_is_pending_for_the_next_run_only(journal_at: Any, again: bool) -> None:
    row = UnitRow(name="a.pdf", sources="[]", fingerprint="f", signature="s")

    async def main() -> None:
        async with journal_at() as journal:
            await journal.add([(row, False, False)])
            claim = await journal.claim()
            assert claim is not None
            await journal.wait(claim)
            if again:
                await journal.wait(claim)
            await journal.all_found()
            assert await journal.claim() is None
            assert (await journal.progress()).is_over
            assert [(name, state) async for name, state, _ in journal.results()] == [("a.pdf", "pending")]
        async with journal_at() as journal:
            await journal.add([(row, False, False)])
            assert await journal.claim() is not None

    anyio.run(main)
