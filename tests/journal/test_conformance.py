"""What every journal does, whichever store is behind it."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from unittest.mock import ANY

import anyio
import pytest

from docextract.errors import ConfigError
from docextract.journal.protocol import Journal
from docextract.journal.rows import Budget, Claim, InDoubt, PaidAnswer, ResultRow, UnitRow

Opener = Callable[..., AbstractAsyncContextManager[Journal]]


def unit(name: str, fingerprint: str = "f", signature: str = "s") -> UnitRow:
    return UnitRow(name=name, sources="[]", fingerprint=fingerprint, signature=signature)


def result(state: str = "complete", schema: str = "invoice") -> ResultRow:
    return ResultRow(schema=schema, state=state, summary={"name": "a"}, outputs={"a.json": [1, 2, "x"]})


def run(journal_at: Opener, main: Callable[[Journal], Awaitable[None]], **words: Any) -> None:
    async def outer() -> None:
        async with journal_at(**words) as journal:
            await main(journal)

    anyio.run(outer)


async def claimed(journal: Journal) -> Claim:
    claim = await journal.claim()
    assert claim is not None
    return claim


def test_a_unit_is_claimed_once_and_finished_once(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        await journal.add([(unit("a.pdf"), False, False)])
        claim = await claimed(journal)
        assert (claim.name, claim.sources) == ("a.pdf", "[]")
        assert await journal.claim() is None
        assert await journal.pending() == 1
        assert await journal.finish(claim, [result()])
        assert not await journal.finish(claim, [result("failed")])
        assert await journal.pending() == 0
        assert (await journal.known(["a.pdf"]))["a.pdf"].results == (result(),)

    run(journal_at, main)


def test_only_the_newest_claim_finishes_a_unit(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        await journal.add([(unit("a.pdf"), False, False)])
        first = await claimed(journal)
        await journal.release(first)
        second = await claimed(journal)
        assert second.fence > first.fence
        assert not await journal.finish(first, [result("failed")])
        await journal.release(first)
        assert await journal.finish(second, [result()]), "the old claim gave back what was no longer its own"

    run(journal_at, main)


def test_failed_and_partial_units_come_first_and_all_is_told_in_the_order_found(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        names = ["new.pdf", "failed.pdf", "done.pdf"]
        await journal.add([(unit(name), name == "done.pdf", name == "failed.pdf") for name in names])
        assert [(await claimed(journal)).name for _ in range(2)] == ["failed.pdf", "new.pdf"]
        told = [(name, state) async for name, state, _ in journal.results(page=2)]
        assert told == [("new.pdf", "claimed"), ("failed.pdf", "claimed"), ("done.pdf", "done")]

    run(journal_at, main)


def test_several_schemas_of_a_unit_are_kept_apart(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        await journal.add([(unit("a.pdf"), False, False)])
        rows = [result(schema="receipt"), result("partial", schema="invoice")]
        await journal.finish(await claimed(journal), rows)
        told = [results async for _, _, results in journal.results()]
        assert told == [tuple(reversed(rows))]

    run(journal_at, main)


def test_many_claims_at_once_share_the_units_out(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        names = [f"{number}.pdf" for number in range(40)]
        await journal.add([(unit(name), False, False) for name in names])
        got: list[str] = []

        async def work() -> None:
            while (claim := await journal.claim()) is not None:
                got.append(claim.name)

        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(work)
        assert sorted(got) == sorted(names)

    run(journal_at, main)


def test_what_a_later_run_knows(journal_at: Opener) -> None:
    async def main() -> None:
        async with journal_at() as journal:
            await journal.add([(unit("a.pdf"), False, False), (unit("b.pdf"), False, False)])
            await journal.finish(await claimed(journal), [result()])
        async with journal_at() as journal:
            known = await journal.known(["a.pdf", "b.pdf", "c.pdf"])
            assert {name: each.state for name, each in known.items()} == {"a.pdf": "done", "b.pdf": "pending"}
            assert await journal.claim() is None, "units of an earlier run wait until this run has found them"
            await journal.add([(unit("b.pdf"), False, False)])
            assert (await claimed(journal)).name == "b.pdf"
            assert await journal.known([]) == {}

    anyio.run(main)


def test_finding_a_unit_again_in_the_same_run_undoes_nothing(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        await journal.add([(unit("a.pdf"), False, False)])
        claim = await claimed(journal)
        await journal.add([(unit("a.pdf"), False, False)])
        assert await journal.claim() is None
        assert await journal.finish(claim, [result()])

    run(journal_at, main)


def test_names_that_are_no_text_survive(journal_at: Opener) -> None:
    name = b"caf\xe9\n\xf0\x9f\x8e\x89.pdf".decode("utf-8", "surrogateescape")

    async def main(journal: Journal) -> None:
        await journal.add([(unit(name), False, False)])
        assert (await claimed(journal)).name == name
        assert list(await journal.known([name])) == [name]

    run(journal_at, main)


def test_adopted_results_stand_and_what_is_known_is_not_overwritten(journal_at: Opener) -> None:
    async def main() -> None:
        async with journal_at() as journal:
            await journal.add([(unit("mine.pdf"), False, False)])
            await journal.adopt([(unit("mine.pdf", "other"), [result("failed")]), (unit("old.pdf"), [result()])])
            assert (await claimed(journal)).name == "mine.pdf"
            known = await journal.known(["mine.pdf", "old.pdf"])
            assert (known["old.pdf"].state, known["old.pdf"].results) == ("done", (result(),))
            assert (known["mine.pdf"].fingerprint, known["mine.pdf"].results) == ("f", ())

    anyio.run(main)


def test_what_a_run_did_not_come_to_is_left_over_for_the_next(journal_at: Opener) -> None:
    async def main() -> None:
        async with journal_at() as journal:
            await journal.add(
                [(unit("a.pdf"), True, False), (unit("b.pdf"), False, False), (unit("c.pdf"), False, False)]
            )
            assert await journal.left_over(9) == []
        async with journal_at() as journal:
            assert [row.name for row in await journal.left_over(9)] == ["b.pdf", "c.pdf"]
            assert await journal.left_over(1) == [unit("b.pdf")]
            await journal.add([(unit("b.pdf"), False, False)])
            assert [row.name for row in await journal.left_over(9)] == ["c.pdf"]
            assert (await claimed(journal)).name == "b.pdf"

    anyio.run(main)


def test_answers_are_there_after_a_reopen_and_attempts_count_up(journal_at: Opener) -> None:
    async def main() -> None:
        async with journal_at() as journal:
            first = await journal.intend("key", 1)
            assert first is not None
            await journal.answered(first[0], b'{"text": "42"}', {"calls": 1}, 0.5)
            second = await journal.intend("key", 1)
            assert second is not None
            assert (first[1], second[1]) == (1, 2)
            await journal.call_failed(second[0], "timed_out")
        async with journal_at() as journal:
            assert [(each.attempt, each.body) for each in await journal.replies("key")] == [(1, b'{"text": "42"}')]
            assert await journal.replies("other") == []

    anyio.run(main)


def test_intents_on_one_key_at_once_get_different_attempts(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        made: list[Any] = []

        async def intend() -> None:
            made.append(await journal.intend("key", 1))

        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(intend)
        assert sorted(attempt for _, attempt in made) == list(range(1, 11))
        assert len({call for call, _ in made}) == 10

    run(journal_at, main)


def test_the_same_question_is_not_asked_twice_at_once(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        first = await journal.intend("key", 1, alone=True)
        assert first is not None
        assert await journal.intend("key", 2, alone=True) is None
        assert await journal.intend("another", 2, alone=True) is not None
        await journal.answered(first[0], b"{}", {}, 0.0)
        assert len(await journal.replies("key")) == 1
        again = await journal.intend("key", 2, alone=True)
        assert again is not None
        assert again[1] == 2
        assert await journal.in_flight() == 2

    run(journal_at, main)


def test_the_worst_cost_is_reserved_and_a_ceiling_is_never_passed(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        first = await journal.intend("a", 1, 0.6, 1.0)
        assert first is not None
        assert await journal.intend("b", 1, 0.6, 1.0) is None
        assert await journal.budget() == Budget(spent=0.0, reserved=0.6, open=1)
        await journal.answered(first[0], b"{}", {}, 0.1)
        assert await journal.in_flight() == 0
        second = await journal.intend("b", 1, 0.6, 1.0)
        assert second is not None
        await journal.call_failed(second[0], "timed_out", 0.6)
        assert await journal.intend("c", 1, 0.4, 1.0) is None
        assert await journal.intend("c", 1, 0.3, 1.0) is not None, "exactly the ceiling is allowed"

    run(journal_at, main)


def test_no_number_of_intents_at_once_passes_the_ceiling(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        made = []

        async def intend(number: int) -> None:
            if await journal.intend(f"key {number}", 1, 0.1, 0.7) is not None:
                made.append(number)

        async with anyio.create_task_group() as group:
            for number in range(30):
                group.start_soon(intend, number)
        assert len(made) == 7
        assert await journal.budget() == Budget(spent=0.0, reserved=0.7, open=7)

    run(journal_at, main)


def test_settling_twice_counts_once(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        made = await journal.intend("a", 1, 0.6)
        assert made is not None
        await journal.answered(made[0], b"{}", {}, 0.25)
        await journal.answered(made[0], b"{}", {}, 0.25)
        assert await journal.budget() == Budget(spent=0.25, reserved=0.0, open=0)

    run(journal_at, main)


def test_calls_left_open_are_in_doubt_and_count_as_spent(journal_at: Opener) -> None:
    async def main() -> None:
        async with journal_at(job="j") as journal:
            made = await journal.intend("a", 1, 0.6)
            assert made is not None
        async with journal_at(job="j") as journal:
            assert await journal.in_doubt() == InDoubt(calls=0, cost=0.0), "the run that left it open has noticed it"
            again = await journal.intend("a", 1, 0.1)
            assert again is not None
            assert again[1] == 2

    anyio.run(main)


def test_a_call_that_is_given_up_is_in_doubt_at_once(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        given_up, ended = await journal.intend("a", 1, 0.6), await journal.intend("b", 1, 0.3)
        assert given_up is not None
        assert ended is not None
        await journal.answered(ended[0], b"{}", {}, 0.25)
        for call in (given_up[0], given_up[0], ended[0]):
            await journal.call_cut_off(call)
        assert await journal.in_doubt() == InDoubt(calls=1, cost=0.6)
        assert await journal.budget() == Budget(spent=0.85, reserved=0.0, open=0)
        assert [reply.call for reply in await journal.replies("b")] == [ended[0]]

    run(journal_at, main)


def test_plans_and_notes(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        assert await journal.plan("k") is None
        assert await journal.plan("k", "first") == "first"
        assert await journal.plan("k", "second") == "first"
        assert await journal.note("n") is None
        assert await journal.note("n", "1") == "1"
        assert await journal.note("n", "2") == "2"
        assert await journal.note("n") == "2"

    run(journal_at, main)


def test_a_second_run_is_refused_while_one_is_at_work(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        with pytest.raises(ConfigError, match="in use by run 1 of process"):
            async with journal_at():
                pass

    run(journal_at, main)


def test_a_worker_joins_and_shares_units_money_and_news(journal_at: Opener) -> None:
    async def main(journal: Journal) -> None:
        await journal.add([(unit("a.pdf"), False, False), (unit("b.pdf"), False, False)])
        async with journal_at(join="any", job="j") as other, journal_at(join="1") as third:
            names = {(await claimed(each)).name for each in (journal, other)}
            assert names == {"a.pdf", "b.pdf"}
            assert await journal.intend("x", 1, 0.6, 1.0) is not None
            assert await other.intend("y", 1, 0.6, 1.0) is None
            assert await third.in_flight() == 1
            await third.halt("quota_exhausted")
            await other.halt("another reason")
            await journal.all_found()
            progress = await other.progress()
            assert (progress.all_found, progress.halted, progress.claimed) == (True, "quota_exhausted", 2)
            assert not progress.is_over
        assert await journal.pending() == 2
        assert (await journal.progress()).pending == 1, "the worker that left gave its unit back"

    run(journal_at, main, job="j")


@pytest.mark.parametrize(
    ("words", "said"), [({"join": "7"}, "run 7 is not at work"), ({"join": "any", "job": "k"}, "another job")]
)
def test_joining_what_is_not_there_or_is_another_job_is_refused(
    journal_at: Opener, words: dict[str, str], said: str
) -> None:
    async def main(journal: Journal) -> None:
        with pytest.raises(ConfigError, match=said):
            async with journal_at(**words):
                pass

    run(journal_at, main, job="j")


def test_there_is_nothing_to_join_once_a_run_has_ended(journal_at: Opener) -> None:
    async def main() -> None:
        async with journal_at():
            pass
        with pytest.raises(ConfigError, match="no run is at work"):
            async with journal_at(join="any"):
                pass

    anyio.run(main)


def test_an_adopted_unit_that_is_found_changed_is_done_again(journal_at: Opener) -> None:
    async def main() -> None:
        async with journal_at() as journal:
            await journal.adopt([(unit("old.pdf", "content"), [result()])])
            assert await journal.pending() == 0
            assert await journal.claim() is None
            await journal.add([(unit("old.pdf", "new"), False, False)])
            assert (await claimed(journal)).name == "old.pdf"

    anyio.run(main)


def test_answers_of_another_journal_are_stored_once_and_charged_to_nobody(journal_at: Opener) -> None:
    async def main() -> None:
        body = zlib.compress(b"paid elsewhere")
        answer = PaidAnswer(key="key", attempt=2, usage="{}", cost=7, body=body)
        async with journal_at() as journal:
            assert await journal.adopt_answers([answer, answer]) == 1
            assert [(reply.attempt, reply.body) for reply in await journal.replies("key")] == [(2, b"paid elsewhere")]
            assert await journal.budget() == Budget(spent=0.0, reserved=0.0, open=0)
            assert await journal.intend("key", 1) == (ANY, 3)

    anyio.run(main)
