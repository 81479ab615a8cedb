"""What every test stands on: no connection leaves this machine, and a missing tool is told, never hidden.

Under `CI=true` a missing tool or module fails the test that needs it; elsewhere it skips with the reason.
Use the fixtures: `def test_office(need_tool): soffice = need_tool("soffice")`.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

PACKAGES = {
    "pdftoppm": "poppler-utils",
    "soffice": "libreoffice-writer-nogui",
    "tesseract": "tesseract-ocr",
}

# The same examples on every run and machine, and no verdict from how busy the machine is.
settings.register_profile(
    "docextract", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("docextract")


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and under CI=true nothing may be left untested", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def need_tool() -> Callable[[str], str]:
    """Return a function from a program's name to its path; where it is not installed the test skips, or fails in CI."""

    def need(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            _missing(f"{name} is not installed (apt-get install {PACKAGES.get(name, name)})")
        assert path is not None
        return path

    return need


@pytest.fixture(scope="session")
def need_module() -> Callable[[str], None]:
    """Return a function that skips the test, or in CI fails it, where a Python module is not installed."""

    def need(name: str) -> None:
        if find_spec(name) is None:
            _missing(f"the Python module {name} is not installed")

    return need


def _is_loopback(host: object) -> bool:
    if not isinstance(host, str):
        return False
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse every connection and name look-up that is not for this machine."""
    real_connect, real_connect_ex, real_lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and not _is_loopback(host):
            raise AssertionError(f"a test tried to reach {address}: tests stay on this machine")

    def connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return real_connect_ex(self, address)

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if host is not None:
            refuse((host.decode() if isinstance(host, bytes) else host,))
        return real_lookup(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield
