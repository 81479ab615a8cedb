"""A real llama.cpp server with a small model: strict JSON, cached tokens, and patience while it loads.

Runs only where one is named, as docs/endpoints.md says: DOCEXTRACT_LLAMACPP_SERVER (the llama-server binary)
with DOCEXTRACT_LLAMACPP_MODEL (a GGUF file), or DOCEXTRACT_LLAMACPP_URL of a server that is up.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from docextract.testing.endpoint import wait_until

URL = os.environ.get("DOCEXTRACT_LLAMACPP_URL")
SERVER = os.environ.get("DOCEXTRACT_LLAMACPP_SERVER")
MODEL = os.environ.get("DOCEXTRACT_LLAMACPP_MODEL")

# An optional server, not a missing tool: skipped in CI as well.
pytestmark = pytest.mark.skipif(
    not URL and not (SERVER and MODEL),
    reason="no llama.cpp server is named (DOCEXTRACT_LLAMACPP_URL, or _SERVER and _MODEL; docs/endpoints.md)",
)

SCHEMA = {
    "title": "Bill",
    "type": "object",
    "properties": {
        "number": {"type": ["string", "null"], "description": "The invoice number"},
        "total": {"type": ["number", "null"], "description": "The total amount"},
        "paid": {"type": ["boolean", "null"], "description": "Whether it says that it is paid"},
    },
    "required": ["number", "total", "paid"],
    "additionalProperties": False,
}
BILLS = {
    "a.txt": "INVOICE\n\nInvoice number: INV-2041\nDate: 2024-03-05\nSeller: Northwind Traders\n\nTotal: 118.50 EUR\n",
    "b.txt": "INVOICE\n\nInvoice number: INV-2077\nDate: 2024-04-19\nSeller: Blue Harbour\n\nTotal: 1240.00 EUR\n",
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of two short bills, and the schema's file."""
    folder, schema = tmp_path / "in", tmp_path / "bill.json"
    folder.mkdir()
    for name, text in BILLS.items():
        (folder / name).write_text(text, encoding="utf-8")
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return folder, schema


@contextmanager
def served(port: int) -> Iterator[subprocess.Popen[bytes]]:
    assert SERVER
    assert MODEL
    arguments = [SERVER, "-m", MODEL, "--host", "127.0.0.1", "--port", str(port), "-c", "8192", "-np", "1"]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(files: tuple[Path, Path], base_url: str, out: Path) -> list[str]:
    folder, schema = files
    options = ["--model", "llamacpp/any", "--base-url", base_url, "--page-input", "text", "--out", str(out)]
    return ["-m", "docextract", "run", str(folder), "--schema", str(schema), *options]


def check(out: Path) -> None:
    """Strict JSON for both, and the second found the first's prefix in the cache."""
    cached = []
    for name, text in BILLS.items():
        data = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
        assert set(data) == {"number", "total", "paid"}
        assert data["number"] in text
        assert isinstance(data["total"], float | int)
        meta: dict[str, Any] = json.loads((out / f"{name}.meta.json").read_text(encoding="utf-8"))
        assert meta["state"] == "complete"
        assert [attempt["outcome"] for attempt in meta["attempts"]] == ["ok"]
        cached.append(meta["usage"]["cached_tokens"])
    assert max(cached) > 100


def calls(out: Path, which: str) -> int:
    """How many calls the run has written down, of those that the SQL condition names."""
    journal = out / ".docextract" / "journal.db"
    if not journal.exists():
        return 0
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as connection:
        try:
            found = connection.execute(f"SELECT count(*) FROM call WHERE {which}")  # noqa: S608 - our own words
            return int(found.fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0


def is_loading(port: int) -> bool:
    """Whether the server is there and says 503."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=5).close()
    except urllib.error.HTTPError as error:
        return error.code == 503
    except OSError:
        return False
    return False


def test_strict_json_and_cached_tokens_come_back(
    files: tuple[Path, Path], tmp_path: Path, run_python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    out = tmp_path / "out"
    if URL:
        done = run_python(command(files, URL, out), tmp_path)
    else:
        port = free_port()
        with served(port):
            done = run_python(command(files, f"http://127.0.0.1:{port}/v1", out), tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    check(out)


@pytest.mark.skipif(not SERVER, reason="only with a server that the test can start itself")
def test_a_server_that_is_not_there_yet_is_waited_for(files: tuple[Path, Path], tmp_path: Path) -> None:
    out, port = tmp_path / "out", free_port()
    arguments = [sys.executable, *command(files, f"http://127.0.0.1:{port}/v1", out)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert wait_until(lambda: calls(out, "outcome = 'unavailable'") > 0, within_s=60)
        with served(port):
            said, _ = process.communicate(timeout=200)
    assert process.returncode == 0, said
    check(out)


@pytest.mark.skipif(not SERVER, reason="only with a server that the test can start itself")
def test_a_server_that_is_loading_its_model_says_503_to_the_run_and_is_waited_out(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    out, port = tmp_path / "out", free_port()
    arguments = [sys.executable, *command(files, f"http://127.0.0.1:{port}/v1", out)]
    with served(port) as server:
        assert wait_until(lambda: is_loading(port), within_s=60)
        # Held in the middle of loading, it keeps the run's call in its queue, and answers it when it goes on.
        server.send_signal(signal.SIGSTOP)
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            try:
                assert wait_until(lambda: calls(out, "outcome IS NULL") > 0, within_s=60)
            finally:
                server.send_signal(signal.SIGCONT)
            said, _ = process.communicate(timeout=200)
    assert process.returncode == 0, said
    # The port was open all the time, so what failed was told 503.
    assert calls(out, "outcome = 'unavailable'") >= 1
    check(out)
