"""At every point in the life of a document the process is killed, or the disk fails, and the same command goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from docextract.errors import ConfigError
from docextract.faultpoints import POINTS, parse
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.launcher import Launcher
from docextract.testing.postgres import PostgresServer
from docextract.testing.sweep import Sweep

KILLED, OUTPUT = -9, 4


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    with Launcher(one_cpu=True) as launcher:
        yield launcher


@pytest.fixture(scope="module")
def on_a_file(launcher: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweep]:
    with FakeEndpoint("zai") as endpoint:
        sweep = Sweep(launcher=launcher, endpoint=endpoint, base=tmp_path_factory.mktemp("file"))
        sweep.learn(documents=2)
        yield sweep


@pytest.fixture(scope="module")
def on_a_server(
    launcher: Launcher, server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sweep]:
    urls: dict[str, str] = {}

    def where(out: Path) -> str:
        return urls.setdefault(out.name, server.url())

    with FakeEndpoint("zai") as endpoint:
        sweep = Sweep(
            launcher=launcher, endpoint=endpoint, base=tmp_path_factory.mktemp("server"), where=where,
            stored=lambda out: server.count(where(out), "reply"),
        )  # fmt: skip
        sweep.learn(documents=2)
        yield sweep


IN_ORDER = ("commit", "committed", *(point for point in POINTS if not point.startswith("commit")))
"""As a run passes them for the first time."""

ABOUT_THE_JOURNAL = ("commit", "committed", "claimed", "intent", "stored", "done")
"""Where a run on a server is not the same program as one with a file."""


def killed_again(sweep: Sweep, point: str) -> None:
    """At the second time and the last."""
    assert sweep.passed[point], "no run passes this point"
    found = [
        sweep.after(f"{point}:{number}:kill", [KILLED]) for number in sweep.times(point, every=False) if number > 1
    ]
    assert [one for one in found if one.wrong] == []


@pytest.mark.parametrize("store", ["on_a_file", "on_a_server"])
def test_killed_at_the_first_time_of_every_point_one_after_the_other(
    request: pytest.FixtureRequest, store: str
) -> None:
    assert set(IN_ORDER) == set(POINTS)
    sweep: Sweep = request.getfixturevalue(store)
    found = sweep.chain([f"{point}:1:kill" for point in IN_ORDER], [KILLED])
    assert [one for one in found if one.wrong] == []
    assert [one.fault for one in found if one.reached] == [f"{point}:1:kill" for point in IN_ORDER]


@pytest.mark.parametrize("point", sorted(set(POINTS) - {"scan", "listed", "summing", "ended"}))
def test_killed_at_the_second_and_last_time_with_the_journal_in_a_file(on_a_file: Sweep, point: str) -> None:
    killed_again(on_a_file, point)


@pytest.mark.parametrize("point", ABOUT_THE_JOURNAL)
def test_killed_at_the_second_and_last_time_with_the_journal_on_a_server(on_a_server: Sweep, point: str) -> None:
    killed_again(on_a_server, point)


@pytest.mark.parametrize("kind", ["ENOSPC", "EIO"])
@pytest.mark.parametrize("point", ["temp:2", "renamed:3+", "commit:9", "commit:9+", "committed:12"])
def test_a_disk_that_fails_ends_the_run_and_the_same_command_goes_on(on_a_file: Sweep, point: str, kind: str) -> None:
    found = on_a_file.after(f"{point}:{kind}", [OUTPUT])
    assert found.wrong == ()
    assert found.reached


@pytest.mark.parametrize("point", ["commit:9", "committed:9"])
def test_a_connection_that_breaks_around_a_commit_changes_nothing(on_a_server: Sweep, point: str) -> None:
    found = on_a_server.after(f"{point}:EIO", [])
    assert (found.reached, found.code, found.wrong) == (False, 0, ())


def test_an_interruption_at_any_point_drains(on_a_file: Sweep) -> None:
    points = ["listed:1", "claimed:1", "intent:1", "stored:1", "temp:1", "done:1"]
    found = on_a_file.chain([f"{point}:int" for point in points], [130])
    assert [one for one in found if one.wrong] == []
    assert [one.lost for one in found] == [0] * len(points)


@pytest.mark.parametrize("text", ["nowhere:1:kill", "stored:x:kill", "stored:1:ENOSUCH", "stored:1", "stored"])
def test_a_fault_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="DOCEXTRACT_FAULT"):
        parse(text)
