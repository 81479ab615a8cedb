"""The key of a run stands in no byte that it writes or says, whatever the endpoint does and echoes."""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.script import Script, at, share
from docextract.testing.spoil import LYING_ANSWERS
from docextract.testing.troubles import FINAL, PASSING, STOPPING
from tests.run.conftest import Shelf

KEY = "k3y1d0f7his7es7.s3cr3tpar70f7h3k3y"
PIECES = (KEY, *KEY.split("."))
FORMS = [
    b"eyJhbGci",  # how a signed token begins
    *(piece.encode() for piece in PIECES),
    *(base64.b64encode(piece.encode())[:-4] for piece in PIECES),
    *(piece.encode("utf-16-le") for piece in PIECES),
    *(piece.encode().hex().encode() for piece in PIECES),
]
LOGGING = "import logging, sys; logging.basicConfig(level=1); from docextract.__main__ import main; sys.exit(main())"


def whole(path: Path) -> bytes:
    """A file's bytes, and of a database all that its cells unpack to: answers are stored deflated."""
    data = path.read_bytes()
    if not data.startswith(b"SQLite format 3"):
        return data
    pieces = [data]
    with closing(sqlite3.connect(path)) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in database.execute(f'select * from "{table}"'):  # noqa: S608  a name that the database gave
                pieces += [zlib.decompress(cell) for cell in row if isinstance(cell, bytes) and cell[:1] == b"\x78"]
    return b"".join(pieces)


def places_of_the_key(*roots: Path, said: bytes = b"") -> list[str]:
    """Files below the roots, and "said", that hold the key in any of its forms."""
    found = ["said"] if any(form in said for form in FORMS) else []
    for root in roots:
        for path in [root, *root.rglob("*")]:
            if any(form in os.fsencode(path) for form in FORMS):
                found.append(f"name of {path}")
            if path.is_file() and any(form in whole(path) for form in FORMS):
                found.append(str(path))
    return found


def arguments(base_url: str, shelf: Shelf, out: Path, *more: str) -> list[str]:
    return [
        "run", str(shelf.folder), "--schema", str(shelf.schema),
        "--model", "zai/glm-5v-turbo", "--base-url", base_url, "--out", str(out), "--verbose", *more,
    ]  # fmt: skip


def environment(scratch: Path) -> dict[str, str]:
    scratch.mkdir(exist_ok=True)
    kept = {n: v for n, v in os.environ.items() if not n.startswith("DOCEXTRACT_") and not n.endswith("_API_KEY")}
    return {**kept, "ZAI_API_KEY": KEY, "TMPDIR": str(scratch), "PYTHONWARNINGS": "ignore"}


def run_cli(base_url: str, shelf: Shelf, out: Path, scratch: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    """With every logger of every library at its lowest level, on standard error."""
    command = [sys.executable, "-X", "dev", "-c", LOGGING, *arguments(base_url, shelf, out, *more)]
    return subprocess.run(command, env=environment(scratch), cwd=scratch, capture_output=True, timeout=240, check=False)


@contextmanager
def echoing() -> Iterator[tuple[str, list[str]]]:
    """A gateway that puts the headers it was sent into everything that it answers."""
    asked: list[str] = []
    turns = ("error", "html", "content", "plain", "reasoning", "stream")

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            secret = self.headers["Authorization"]
            turn = turns[len(asked) % len(turns)]
            asked.append(secret)
            message = {"content": json.dumps({"rows": [], "note": secret}), "reasoning_content": secret}
            whole = json.dumps({"id": secret, "choices": [{"message": message, "finish_reason": "stop"}]})
            kind, status, body = {
                "error": ("application/json", 500, json.dumps({"error": {"code": "500", "message": f"sent {secret}"}})),
                "html": ("text/html", 200, f"<html><body>You sent {secret}</body></html>"),
                "content": ("application/json", 200, whole),
                "plain": ("application/json", 200, whole[: len(whole) // 2] + secret),
                "reasoning": ("application/json", 200, whole.replace('"rows"', '"wrong"')),
                "stream": ("text/event-stream", 200, f"data: {whole.replace('message', 'delta')}\n\ndata: [DONE]\n\n"),
            }[turn]
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *words: object) -> None:  # noqa: A002  the name is the parent's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v4", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_is_looked_for_is_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.db").write_bytes(b"..." + KEY.encode() + b"...")
    with closing(sqlite3.connect(tmp_path / "a" / "c.db")) as database:
        database.execute("create table answers (body blob)")
        database.execute("insert into answers values (?)", [zlib.compress(KEY.encode() * 9)])
        database.commit()
    assert len(places_of_the_key(tmp_path)) == 2
    assert places_of_the_key(tmp_path / "c", said=base64.b64encode(f"{KEY}".encode())) == ["said"]


@pytest.mark.parametrize("flags", [(), ("--json-events",), ("--sign-key",)], ids=["display", "events", "signed"])
def test_a_run_with_every_passing_fault_keeps_the_key(few: Shelf, tmp_path: Path, flags: tuple[str, ...]) -> None:
    key = None if "--sign-key" in flags else KEY  # the fake knows no signed tokens: it takes anything then
    with FakeEndpoint(key=key, script=share(0.6, PASSING, seed=3)) as endpoint:
        done = run_cli(endpoint.base_url, few, tmp_path / "out", tmp_path / "tmp", *flags)
        assert any(call.trouble for call in endpoint.requests), done.stderr
    assert done.returncode in {0, 1}, done.stderr
    assert (tmp_path / "out" / "run.json").exists()
    assert b"DEBUG:httpcore" in done.stderr  # what libraries log is among what is looked through
    assert places_of_the_key(tmp_path, said=done.stdout + done.stderr) == []


def test_a_run_with_every_fault_that_costs_a_document_keeps_the_key(shelf: Shelf, tmp_path: Path) -> None:
    kinds = [
        "hang",
        "slow",
        *sorted(LYING_ANSWERS),
        *sorted(FINAL - {"bad_parameter"}),
        "bad_parameter",
    ]  # it stops all
    with FakeEndpoint(key=KEY, script=at(dict(enumerate(kinds, 1))), hang_s=0.5) as endpoint:
        done = run_cli(endpoint.base_url, shelf, tmp_path / "out", tmp_path / "tmp", "--concurrency", "1")
        met = {call.trouble for call in endpoint.requests}
    assert met >= set(kinds), done.stderr
    assert done.returncode in {0, 1}, done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert places_of_the_key(tmp_path, said=done.stdout + done.stderr) == []


def test_a_process_that_dies_leaves_no_core(few: Shelf, tmp_path: Path) -> None:
    scratch, (_, most) = tmp_path / "tmp", resource.getrlimit(resource.RLIMIT_CORE)
    with FakeEndpoint(key=KEY, script=share(1.0, ["hang"]), hang_s=60) as endpoint:
        process = subprocess.Popen(
            [sys.executable, "-m", "docextract", *arguments(endpoint.base_url, few, tmp_path / "out")],
            env=environment(scratch),
            cwd=scratch,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most, most)),  # noqa: PLW1509  no threads yet
        )
        try:
            assert wait_until(lambda: len(endpoint.requests) > 0, within_s=120)
            own = resource.prlimit(process.pid, resource.RLIMIT_CORE) if sys.platform == "linux" else (0, most)
            process.send_signal(signal.SIGABRT)
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == -signal.SIGABRT
    assert own == (0, most)
    assert not list(scratch.rglob("core*"))
    assert places_of_the_key(tmp_path, said=said) == []


@pytest.mark.parametrize("kind", sorted(STOPPING))
def test_a_run_that_the_account_stops_keeps_the_key(few: Shelf, tmp_path: Path, kind: str) -> None:
    script: Script = at({1: kind, 2: kind})
    with FakeEndpoint(key=KEY, script=script) as endpoint:
        done = run_cli(endpoint.base_url, few, tmp_path / "out", tmp_path / "tmp")
    assert done.returncode in {2, 3}, done.stderr
    assert places_of_the_key(tmp_path, said=done.stdout + done.stderr) == []


def test_an_endpoint_that_echoes_the_key_does_not_get_it_stored(few: Shelf, tmp_path: Path) -> None:
    with echoing() as (base_url, asked):
        done = run_cli(base_url, few, tmp_path / "out", tmp_path / "tmp", "--max-outage", "5")
    assert len(asked) > 3
    assert {KEY in each for each in asked} == {True}
    assert done.returncode in {1, 2}, done.stderr
    assert b"Bearer ***" in whole(tmp_path / "out" / ".docextract" / "journal.db")
    assert places_of_the_key(tmp_path, said=done.stdout + done.stderr) == []


def test_what_is_private_is_readable_by_its_owner_only(few: Shelf, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with FakeEndpoint(key=KEY) as endpoint:
            run_cli(endpoint.base_url, few, tmp_path / "out", tmp_path / "tmp")
    finally:
        os.umask(old)
    private = tmp_path / "out" / ".docextract"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in private.glob("journal.db*")}
    assert set(modes.values()) == {0o600}, modes


def test_a_key_does_not_show_in_the_words_of_any_error(few: Shelf, tmp_path: Path) -> None:
    done = run_cli("http://example.com/v1", few, tmp_path / "out", tmp_path / "tmp")
    assert done.returncode == 2
    assert b"--allow-http" in done.stderr
    assert places_of_the_key(tmp_path, said=done.stdout + done.stderr) == []
