"""Tesseract as an OCR engine, where its program is installed: its TSV output, read from a pipe."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess

from docextract.errors import InputError, PageError
from docextract.read.pixels import Pixels
from docextract.read.seen import Quad, SeenLine, SeenWord

DEADLINE_S = 60.0


class TesseractReader:
    """Starts the program once a page, with all languages that are installed beside English."""

    name = "tesseract"

    def __init__(self) -> None:
        program = shutil.which("tesseract")
        if program is None:
            raise InputError("tesseract is not installed", code="missing_tool", hint="run `apt install tesseract-ocr`")
        self._program = program
        self._languages = self._installed()

    def _installed(self) -> str:
        listed = subprocess.run([self._program, "--list-langs"], capture_output=True, check=False, timeout=DEADLINE_S)
        names = listed.stdout.decode("utf-8", "replace").split("\n")[1:]
        return "+".join(sorted(name.strip() for name in names if name.strip() and name.strip() != "osd")) or "eng"

    def lines(self, pixels: Pixels) -> list[SeenLine]:
        """Lines from top to bottom. PageError where the program fails or takes more than a minute."""
        import cv2

        _, encoded = cv2.imencode(".png", pixels)
        command = [self._program, "stdin", "stdout", "-l", self._languages, "--psm", "3", "tsv"]
        try:
            done = subprocess.run(
                command, input=encoded.tobytes(), capture_output=True, check=False, timeout=DEADLINE_S
            )
        except subprocess.TimeoutExpired as error:
            raise PageError("tesseract took longer than a minute", code="render_timed_out") from error
        if done.returncode != 0:
            raise PageError(f"tesseract failed: {done.stderr.decode('utf-8', 'replace').strip()[:200]}")
        return parse_tsv(done.stdout.decode("utf-8", "replace"))


def parse_tsv(text: str) -> list[SeenLine]:
    """Lines of tesseract's TSV: rows of level 5 are words, grouped by page, block, paragraph and line."""
    lines: dict[tuple[str, ...], list[SeenWord]] = {}
    for row in csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
        word = (row.get("text") or "").strip()
        if row.get("level") != "5" or not word:
            continue
        left, top = float(row["left"]), float(row["top"])
        right, bottom = left + float(row["width"]), top + float(row["height"])
        key = tuple(row[name] for name in ("page_num", "block_num", "par_num", "line_num"))
        confidence = max(0.0, float(row["conf"]) / 100)
        lines.setdefault(key, []).append(
            SeenWord(text=word, quad=_upright(left, top, right, bottom), confidence=confidence)
        )
    return [_line(words) for words in lines.values()]


def _line(words: list[SeenWord]) -> SeenLine:
    xs = [x for word in words for x, _ in word.quad]
    ys = [y for word in words for _, y in word.quad]
    confidence = sum(word.confidence for word in words) / len(words)
    return SeenLine(words=tuple(words), quad=_upright(min(xs), min(ys), max(xs), max(ys)), confidence=confidence)


def _upright(left: float, top: float, right: float, bottom: float) -> Quad:
    return (left, top), (right, top), (right, bottom), (left, bottom)
