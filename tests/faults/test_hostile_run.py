"""One run over a small zoo: every file ends in its class, and nobody else notices."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter

from docextract.testing import bombs_other as other
from docextract.testing import bombs_pdf as pdf
from docextract.testing import bombs_word as word
from docextract.testing.documents import write_pdf
from docextract.testing.ledgers import make_ledger

PARENT_MB = 300
ZOO: dict[str, tuple[Callable[[Path], object], str]] = {
    "pages.pdf": (partial(pdf.many_pages, pages=1_200), "partial"),
    "tree.pdf": (pdf.tree_loop, "corrupt"),
    "area.pdf": (pdf.page_without_area, "partial"),
    "itself.pdf": (pdf.form_in_itself, "complete"),
    "text.docx": (partial(word.word_text, mebibytes=20), "limit_reached"),
    "blocks.docx": (partial(word.word_paragraphs, paragraphs=600_000), "limit_reached"),
    "laughs.docx": (word.word_laughs, "corrupt"),
    "climbing.docx": (word.word_climbing, "corrupt"),
    "large.png": (partial(other.png_bomb, side=11_500), "limit_reached"),
    "large.tif": (partial(other.tiff_bomb, side=11_500), "limit_reached"),
    "animation.gif": (partial(other.gif_frames, frames=600, side=1_500), "limit_reached"),
    "spans.html": (partial(other.html_spans, rows=20, cells=50), "limit_reached"),
    "archive.zip": (lambda path: path.write_bytes(b"PK\x05\x06" + bytes(18)), "unsupported"),
    "cut.pdf": (lambda path: path.write_bytes(b"%PDF-1.7\n1 0 obj\n<</Type/Cat"), "corrupt"),
    "nothing.pdf": (lambda path: path.write_bytes(b""), "empty_file"),
}


def run(inputs: Path, out: Path, *more: str) -> tuple[int, bytes, int]:
    """Exit code, what was said, and the most resident memory of the run's own process in MB."""
    command = [sys.executable, "-m", "docextract", "run", str(inputs), "--out", str(out), "--model", "local"]
    command += ["--schema", "tables", "--ocr", "off", "--limit", "page_seconds=120", *more]
    peak = 0
    with (out.with_suffix(".said")).open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        while process.poll() is None:
            peak = max(peak, resident_mb(process.pid))
            time.sleep(0.05)
    return process.returncode, out.with_suffix(".said").read_bytes(), peak


def resident_mb(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # not Linux, or it has ended
        return 0
    return next((int(line.split()[1]) >> 10 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def account(out: Path, name: str) -> dict[str, Any]:
    meta: dict[str, Any] = json.loads((out / f"{name}.meta.json").read_text())
    return meta


def test_every_file_ends_in_its_class_and_the_neighbours_do_not_notice(tmp_path: Path) -> None:
    inputs, plain = tmp_path / "in", tmp_path / "plain"
    inputs.mkdir()
    plain.mkdir()
    for name, (make, _) in ZOO.items():
        make(inputs / name)
    for folder in (inputs, plain):
        write_pdf(folder / "ledger.pdf", make_ledger(1, 40))
    writer = PdfWriter(clone_from=PdfReader(plain / "ledger.pdf"))
    writer.encrypt("sesame", algorithm="AES-256")
    writer.write(inputs / "locked.pdf")
    writer.write(inputs / "locked too.pdf")
    (tmp_path / "passwords").write_text("wrong\nsesame\n")
    code, said, peak = run(inputs, tmp_path / "out", "--password-file", str(tmp_path / "passwords"))
    assert (code, b"Traceback" in said) == (1, False), said
    assert peak < PARENT_MB
    ends = {name: account(tmp_path / "out", name) for name in ZOO}
    assert {name: meta["error"]["code"] if meta["error"] else meta["state"] for name, meta in ends.items()} == {
        name: end for name, (_, end) in ZOO.items()
    }
    pages = Counter((page["state"], page["reason"]) for page in ends["pages.pdf"]["pages"])
    assert pages == {("extracted", None): 1000, ("skipped", "limit"): 200}
    assert run(plain, tmp_path / "alone")[0] == 0
    for part in ("", ".meta"):
        alone = json.loads((tmp_path / "alone" / f"ledger.pdf{part}.json").read_text())
        beside = json.loads((tmp_path / "out" / f"ledger.pdf{part}.json").read_text())
        for told in (alone, beside):
            told.pop("attempts", None)
            told.pop("usage", None)
        assert beside == alone
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file() and b"sesame" in path.read_bytes()]
    twin = (tmp_path / "out" / "ledger.pdf.json").read_bytes()
    for name in ("locked.pdf", "locked too.pdf"):
        assert (tmp_path / "out" / f"{name}.json").read_bytes() == twin
