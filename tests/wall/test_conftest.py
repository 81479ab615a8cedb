"""The net under the tests holds: see tests/conftest.py."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest


def test_no_connection_leaves_this_machine() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match="stay on this machine"):
        outward.connect(("192.0.2.1", 80))
    with socket.socket() as outward, pytest.raises(AssertionError, match="stay on this machine"):
        outward.connect_ex(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="stay on this machine"):
        socket.getaddrinfo("example.invalid", 80)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_a_missing_tool_fails_in_ci(need_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-tool"):
        need_tool("no-such-tool")


def test_a_missing_tool_skips_elsewhere(need_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-tool"):
        need_tool("no-such-tool")


def test_a_tool_that_is_there_is_named_by_its_path(need_tool: Callable[[str], str]) -> None:
    assert need_tool("sh").startswith("/")
