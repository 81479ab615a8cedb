import platform

import pytest

from docextract.session import slack


def test_what_is_free_is_given_back_once_in_so_many_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(slack, "give_back", lambda: given.append(1))
    windows = slack.Slack()
    for _ in range(3 * slack.EVERY - 1):
        windows.ended()
    assert len(given) == 2


def test_giving_back_is_known_to_glibc_alone() -> None:
    blocks = [bytes(100_000) for _ in range(200)]
    kept = blocks[::2]
    del blocks
    assert slack.give_back() or platform.libc_ver()[0] != "glibc"
    assert all(len(block) == 100_000 for block in kept)
