import anyio
import pytest

from docextract.errors import InputError
from docextract.steps.ahead import Ahead
from docextract.steps.gather import alongside


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


pytestmark = pytest.mark.anyio


async def test_pages_that_came_while_others_were_read_are_read_together() -> None:
    read: list[list[int]] = []
    may = anyio.Event()

    async def some(pages: object) -> None:
        read.append(list(pages))  # type: ignore[call-overload]  # a sequence of numbers
        await may.wait()

    ahead = Ahead(some)

    async def work() -> None:
        ahead.add((1, 2))
        await anyio.wait_all_tasks_blocked()
        ahead.add((3,))
        ahead.add((4, 5))
        ahead.end()
        may.set()

    await alongside(work, ahead.follow)
    assert read == [[1, 2], [3, 4, 5]]


async def test_it_ends_where_nothing_came() -> None:
    async def never(pages: object) -> None:
        raise AssertionError(pages)

    ahead = Ahead(never)

    async def work() -> None:
        ahead.end()

    with anyio.fail_after(5):
        await alongside(work, ahead.follow)


async def test_an_error_is_raised_as_itself_and_reading_is_given_up() -> None:
    async def forever(pages: object) -> None:
        await anyio.sleep_forever()

    ahead = Ahead(forever)

    async def work() -> None:
        ahead.add((1,))
        await anyio.wait_all_tasks_blocked()
        raise InputError("no", code="corrupt")

    with anyio.fail_after(5), pytest.raises(InputError, match="no"):
        await alongside(work, ahead.follow)
