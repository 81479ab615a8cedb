"""One real run that the tests look at, folders of any number of documents, and a real browser."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Any

import pytest

from docextract.report.desk import Desk
from docextract.report.server import ReviewServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Runner = Callable[..., CompletedProcess[str]]

HOSTILE = "<img src=x onerror=document.title='pwned'>.txt"
"""A document's name that would do something if it were taken for markup."""

NOTE = "Note\n\nThe total of <b>this</b> note is 12.50 EUR. </script><script>document.title='pwned'</script>\n"

INVOICE = "invoice-english.pdf"


@pytest.fixture(scope="session")
def ran(root: Path, run_python: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a run over an invoice, a Word file, a name full of markup, and an empty file."""
    work = tmp_path_factory.mktemp("ran")
    (work / "inbox/people").mkdir(parents=True)
    shutil.copy(root / "examples/inbox" / INVOICE, work / "inbox")
    shutil.copy(root / "examples/inbox/applications/halvorsen.docx", work / "inbox/people")
    (work / "inbox" / HOSTILE).write_text(NOTE, encoding="utf-8")
    (work / "inbox/empty.pdf").write_bytes(b"")
    done = run_python(["-m", "docextract", "run", "inbox", "--model", "local", "--out", "out"], work)
    assert done.returncode == 1, done.stderr
    return work / "out"


@pytest.fixture
def out(ran: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(ran, tmp_path / "out")
    return tmp_path / "out"


@contextmanager
def serving(out: Path, gold: Path | None = None) -> Iterator[ReviewServer]:
    """The review of a folder, on a free port."""
    desk = Desk(out, gold or out / "gold")
    server = ReviewServer(desk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        desk.close()


@pytest.fixture
def review(out: Path) -> Iterator[ReviewServer]:
    """The review of `out`."""
    with serving(out) as server:
        yield server


def sidecar(name: str, **more: Any) -> dict[str, Any]:
    """A sidecar as the run writes it."""
    return {
        "version": 1,
        "source": {"path": name, "sha256": f"{abs(hash(name)):064x}"[-64:], "kind": "pdf", "bytes": 9, "pages": 1},
        "schema": {"name": "invoice", "sha256": "0" * 64, "why": None},
        "model": "zai/glm-5v-turbo",
        "state": "complete",
        "error": None,
        "pages": [{"page": 1, "state": "extracted", "reason": None, "window": 0}],
        "evidence": [],
        "conflicts": [],
        "issues": [],
        "attempts": [],
        "usage": {
            "calls": 1, "input_tokens": 900, "cached_tokens": 450, "output_tokens": 100, "reasoning_tokens": 0,
            "cost_usd": 0.002,
        },
        **more,
    }  # fmt: skip


def evidence(path: str, status: str = "verbatim", **more: Any) -> dict[str, Any]:
    """One leaf's evidence."""
    box = [0.1, 0.2, 0.3, 0.25]
    base = {"path": path, "page": 1, "box": box, "boxes": [box], "span": None, "quote": "x", "status": status}
    return {**base, "confidence": {"verbatim": 1.0, "absent": 0.05}.get(status, 0.5), **more}


def put(out: Path, meta: Mapping[str, Any], data: Any = None) -> dict[str, Any]:
    """Write a document's files; its line for run.json."""
    name = meta["source"]["path"]
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.meta.json").write_text(json.dumps(meta), encoding="utf-8")
    if data is not None:
        (out / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    return {
        "name": name, "schema": "invoice", "state": meta["state"], "error": meta["error"], "ms": 5,
        "pages": {"extracted": 1}, "issues": len(meta["issues"]), "usage": meta["usage"],
        "outputs": [f"{name}.json", f"{name}.meta.json"],
    }  # fmt: skip


def many(out: Path, count: int) -> Path:
    """A folder of `count` documents; every tenth has an absent value, every fiftieth failed."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "run.json").unlink(missing_ok=True)
    lines = []
    for index in range(count):
        failed = index % 50 == 49
        fault = {"code": "corrupt", "message": "it is broken", "hint": "get another", "scope": "file"}
        status = "absent" if index % 10 == 3 else "verbatim"
        meta = sidecar(
            f"part-{index // 500}/doc-{index:05}.pdf",
            state="failed" if failed else "complete",
            error=fault if failed else None,
            evidence=[] if failed else [evidence("/number", status), evidence("/total", "normalised", confidence=0.97)],
            attempts=[{"window": 0, "n": 1, "outcome": "ok", "finish_reason": "stop", "ms": 100 + index % 900}],
        )
        lines.append(put(out, meta, None if failed else {"number": f"N-{index}", "total": index / 4}))
    head = {"version": 1, "model": "zai/glm-5v-turbo", "schema": ["invoice"], "inputs": ["inbox"], "exit_code": 1}
    text = json.dumps(head, indent=2)[:-2]
    rows = ",\n    ".join(json.dumps(line) for line in lines)
    (out / "run.json").write_text(f'{text},\n  "results": [\n    {rows}\n  ]\n}}\n', encoding="utf-8")
    return out


# A module long: while Playwright is at work no other event loop can be run in this thread.
@pytest.fixture(scope="module")
def browser(need_tool: Callable[[str], str], need_module: Callable[[str], None]) -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    need_module("playwright")
    program = need_tool("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox needs a user who is not root; every page here is our own.
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of 1280 x 860 whose errors fail the test that made them."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(30_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None
    )
    page.on("request", lambda request: errors.append(request.url) if not _is_ours(request.url) else None)
    yield page
    context.close()
    assert errors == []


def _is_ours(url: str) -> bool:
    return url.startswith(("file:///", "data:", "http://127.0.0.1:"))
