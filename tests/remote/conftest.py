"""An S3-speaking server on this machine, and the built-in memory file system of fsspec."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, within_s: float) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="session")
def s3_server(need_module: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the variables by which every S3 client of a process finds the server."""
    for name in ("moto", "flask", "s3fs"):
        need_module(name)
    port = _free_port()
    with (tmp_path_factory.mktemp("s3") / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log
        )
        assert _answers(port, 60)
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        server.terminate()
        server.wait(30)


@pytest.fixture
def s3(s3_server: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a client whose process sees the server; its buckets are gone at the end."""
    import fsspec

    for name, value in s3_server.items():
        monkeypatch.setenv(name, value)
    files = fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True)
    yield files
    for bucket in files.ls(""):
        files.rm(bucket, recursive=True)


@pytest.fixture
def memory() -> Iterator[Any]:
    """Return fsspec's file system in memory, empty."""
    import fsspec

    files = fsspec.filesystem("memory")
    yield files
    for path in files.find("/"):
        files.rm_file(path)


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., None]:
    """Return a function that copies a folder of this machine to a path of a store."""

    def go(files: Any, folder: Path, path: str) -> None:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                files.pipe_file(f"{path}/{file.relative_to(folder).as_posix()}", file.read_bytes())

    return go
