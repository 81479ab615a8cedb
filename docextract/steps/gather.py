"""Several tasks of one kind, side by side, whose first error is raised as itself and not inside a group."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

import anyio

from docextract.errors import DocextractError

T = TypeVar("T")


async def side_by_side(count: int, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `work` `count` times at once. The first error cancels the others; run-wide errors are told before others."""
    try:
        async with anyio.create_task_group() as group:
            for _ in range(count):
                group.start_soon(work)
    except BaseExceptionGroup as errors:
        raise foremost(errors) from None


async def to_the_end(items: Iterable[T], most: int, work: Callable[[T], Coroutine[Any, Any, None]]) -> None:
    """`work` on every item, at most `most` at once.

    After an error nothing more is begun: what is under way (a call that is paid for) is waited for, then
    the first error is raised.
    """
    waiting = list(items)
    following = iter(waiting)
    failures: list[DocextractError] = []

    async def take() -> None:
        for item in following:
            if failures:
                return
            try:
                await work(item)
            except DocextractError as error:
                failures.append(error)

    await side_by_side(min(len(waiting), most), take)
    if failures:
        raise failures[0]


async def alongside(
    work: Callable[[], Coroutine[Any, Any, None]], more: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Both to their ends. `more` raises nothing; where `work` does it is given up, and that error raised as itself."""
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(more)
            await work()
    except BaseExceptionGroup as errors:
        raise foremost(errors) from None


async def side_by_side_with(
    first: Callable[[], Coroutine[Any, Any, None]], second: Callable[[], Coroutine[Any, Any, None]] | None
) -> None:
    """Both to their ends; what the first raises is raised once the second has ended too."""
    failures: list[BaseException] = []

    async def guarded() -> None:
        try:
            await first()
        except DocextractError as error:
            failures.append(error)

    async with anyio.create_task_group() as group:
        group.start_soon(guarded)
        if second is not None:
            group.start_soon(second)
    if failures:
        raise failures[0]


def foremost(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Of all errors in a group: one that stops the run, else the first."""
    found = list(_flat(errors))
    stopping = [error for error in found if isinstance(error, DocextractError) and error.scope == "run"]
    return (stopping or found)[0]


def _flat(errors: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    flat: list[BaseException] = []
    for error in errors.exceptions:
        flat.extend(_flat(error) if isinstance(error, BaseExceptionGroup) else [error])
    return flat
