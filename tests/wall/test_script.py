"""`extract()` works wherever Python runs: an unguarded script, a running event loop, a thread, exec."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Runner = Callable[..., CompletedProcess[str]]

MODEL = """
from pydantic import BaseModel
from docextract import aextract, extract

class Invoice(BaseModel):
    number: str | None = None
    iban: str | None = None

def show(result):
    print("RESULT", result.state, type(result.data).__name__, result.data.iban)

"""

WAYS = {
    "plain script": 'show(extract("invoice.pdf", Invoice))',
    "twice": 'extract("invoice.pdf", Invoice)\nshow(extract("invoice.pdf", Invoice))',
    "running loop": """
import asyncio
async def main():
    show(await aextract("invoice.pdf", Invoice))
asyncio.run(main())
""",
    "called inside a running loop": """
import asyncio
async def main():
    show(extract("invoice.pdf", Invoice))
asyncio.run(main())
""",
    "thread": """
import threading
done = threading.Thread(target=lambda: show(extract("invoice.pdf", Invoice)))
done.start()
done.join()
""",
    "notebook cell": """
exec(compile('show(extract("invoice.pdf", Invoice))', "<cell>", "exec"))
""",
}


@pytest.mark.parametrize("way", WAYS)
def test_extract_works_from(way: str, run_python: Runner, root: Path, tmp_path: Path) -> None:
    (tmp_path / "invoice.pdf").write_bytes((root / "examples/inbox/invoice-english.pdf").read_bytes())
    (tmp_path / "script.py").write_text(MODEL + WAYS[way], encoding="utf-8")
    done = run_python(["-W", "error", "script.py"], tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    assert line == "RESULT complete Invoice GB29NWBK60161331926819"


def test_extract_works_from_standard_input(run_python: Runner, root: Path, tmp_path: Path) -> None:
    call = f"extract({str(root / 'examples/inbox/invoice-english.pdf')!r}, Invoice)"
    done = run_python(["-c", MODEL + f"show({call})"], tmp_path, timeout=120)
    assert done.stdout == "RESULT complete Invoice GB29NWBK60161331926819\n", done.stderr
