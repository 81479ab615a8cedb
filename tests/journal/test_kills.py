"""A process that is killed between any two steps: what it held is free, what it had is kept, the rest is in doubt."""

from __future__ import annotations

import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest

from docextract.journal.open import open_journal
from docextract.journal.protocol import Journal
from docextract.journal.rows import Budget, Claim, InDoubt, Limits, UnitRow

WORKER = """
import sys, anyio
from docextract.journal.open import open_journal
from docextract.journal.rows import Limits, ResultRow

where, join, last = sys.argv[1:]

def opened():
    if where.startswith("postgresql"):
        from docextract.journal.postgres import PostgresJournal
        return PostgresJournal(where, lease_s=1.5)
    return open_journal(where)

async def main():
    journal = opened()
    await journal.start(job="j", join=join or None)
    if not join:
        from docextract.journal.rows import UnitRow
        await journal.add([(UnitRow(name="a.pdf", sources="[]", fingerprint="f", signature="s"), False, False)])

    async def reached(step):
        if step == last:
            print(step, flush=True)
            await anyio.sleep(60)

    claim = await journal.claim()
    await reached("claim")
    await journal.enter("m", Limits(start=1, ceiling=1))
    await journal.lead("prefix")
    await reached("slot")
    call, _ = await journal.intend("key", claim.unit, 0.5)
    await reached("intent")
    await journal.answered(call, b"paid", {}, 0.125)
    await reached("answer")
    await journal.finish(claim, [ResultRow(schema="s", state="complete", summary={})])
    await reached("finish")

anyio.run(main)
"""
STEPS = ["claim", "slot", "intent", "answer", "finish"]
Starter = Callable[..., "subprocess.Popen[str]"]


def journal_of(where: str) -> Journal:
    if where.startswith("postgresql"):
        from docextract.journal.postgres import PostgresJournal

        return PostgresJournal(where, lease_s=1.5)
    return open_journal(where)


async def killed_at(step: str, where: str, python: Starter, join: str = "") -> None:
    child = python(WORKER, where, join, step)
    assert child.stdout is not None
    assert await anyio.to_thread.run_sync(child.stdout.readline) == f"{step}\n"
    child.kill()
    child.communicate()


async def until(asked: Callable[[], Awaitable[bool]]) -> None:
    with anyio.fail_after(20):
        while not await asked():  # noqa: ASYNC110 - another process's end is no event of this one
            await anyio.sleep(0.05)


async def check_what_is_left(journal: Journal, step: str) -> None:
    """Whatever the dead process had reached: its unit comes back unless it was done, its answer is there if it was."""
    claim: Claim | None = None

    async def free_unit() -> bool:
        nonlocal claim
        claim = await journal.claim()
        return claim is not None or (await journal.progress()).is_over

    async def free_slot() -> bool:
        return (await journal.enter("m", Limits(start=1, ceiling=1))).slot is not None

    async def free_lead() -> bool:
        return await journal.lead("prefix") == "lead"

    for freed in (free_unit, free_slot, free_lead):
        await until(freed)
    assert (claim.fence if claim is not None else None) == (None if step == "finish" else 2)
    is_paid = step in {"answer", "finish"}
    assert [reply.body for reply in await journal.replies("key")] == [b"paid"] * is_paid
    assert await journal.in_doubt() == (InDoubt(calls=1, cost=0.5) if step == "intent" else InDoubt(calls=0, cost=0.0))
    spent = 0.5 if step == "intent" else 0.125 if is_paid else 0.0
    assert await journal.budget() == Budget(spent=spent, reserved=0.0, open=0)


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_is_killed_while_the_run_goes_on(where: str, python: Starter, step: str) -> None:
    async def main() -> None:
        journal = journal_of(where)
        await journal.start(job="j")
        try:
            await journal.add([(UnitRow(name="a.pdf", sources="[]", fingerprint="f", signature="s"), False, False)])
            await journal.all_found()
            await killed_at(step, where, python, join="any")
            await check_what_is_left(journal, step)
        finally:
            await journal.aclose()

    anyio.run(main)


@pytest.mark.parametrize("step", ["claim", "intent", "answer"])
def test_the_only_process_is_killed_and_the_same_command_goes_on(where: str, python: Starter, step: str) -> None:
    async def main() -> None:
        await killed_at(step, where, python)
        if where.startswith("postgresql"):
            await anyio.sleep(1.6)  # a lease, not a process, says there that nobody is at work
        journal = journal_of(where)
        assert await journal.start(job="j") == "2"
        try:
            await journal.add([(UnitRow(name="a.pdf", sources="[]", fingerprint="f", signature="s"), False, False)])
            await journal.all_found()
            await check_what_is_left(journal, step)
        finally:
            await journal.aclose()

    anyio.run(main)


def test_a_run_that_ended_in_order_hands_no_cost_on_nor_does_another_job(tmp_path: Path, python: Starter) -> None:
    async def spent(job: str) -> float:
        journal = open_journal(tmp_path / "journal.db")
        await journal.start(job=job)
        try:
            return (await journal.budget()).spent
        finally:
            await journal.aclose()

    async def main() -> None:
        await killed_at("answer", str(tmp_path / "journal.db"), python)
        assert await spent("another") == 0.0
        await killed_at("answer", str(tmp_path / "journal.db"), python)
        assert await spent("j") == 0.125
        assert await spent("j") == 0.0

    anyio.run(main)


CROWD = """
import sys, anyio
from docextract.journal.open import open_journal
from docextract.journal.rows import Limits, ResultRow

async def main():
    journal = open_journal(sys.argv[1])
    await journal.start(join="any", job="j")
    limits = Limits(start=3, ceiling=3)
    print("in", flush=True)
    sys.stdin.readline()

    async def work():
        while (claim := await journal.claim()) is not None:
            while (leave := await journal.enter("m", limits)).slot is None:
                await anyio.sleep(0.005)
            made = await journal.intend(claim.name, claim.unit, 0.03, 0.5)
            if made is not None:
                await journal.answered(made[0], b"paid", {}, 0.01)
            await journal.leave(leave.slot)
            state = "complete" if made else "pending"
            await journal.finish(claim, [ResultRow(schema="s", state=state, summary={})])

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(work)
    await journal.aclose()

anyio.run(main)
"""


def test_a_crowd_of_processes_does_every_unit_once_and_spends_no_more_than_it_may(where: str, python: Starter) -> None:
    async def main() -> None:
        journal = open_journal(where)
        await journal.start(job="j")
        await journal.add(
            [(UnitRow(name=f"{n}.pdf", sources="[]", fingerprint="f", signature="s"), False, False) for n in range(90)]
        )
        await journal.all_found()
        children = [python(CROWD, where) for _ in range(3)]
        for child in children:
            assert child.stdout is not None
            assert await anyio.to_thread.run_sync(child.stdout.readline) == "in\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("\n")
            child.stdin.flush()
        for child in children:
            await anyio.to_thread.run_sync(child.communicate)
            assert child.returncode == 0
        ends = {name: results[0].state async for name, _, results in journal.results()}
        assert len(ends) == 90
        paid = [name for name, state in ends.items() if state == "complete"]
        assert [len(await journal.replies(name)) for name in paid] == [1] * len(paid)
        # A refusal needs 0.03 more than what is left beside two other calls in flight, which hold 0.06.
        assert 0.42 <= (await journal.budget()).spent <= 0.5
        assert (await journal.budget()).open == 0
        assert (await journal.progress()).is_over
        await journal.aclose()

    anyio.run(main)
