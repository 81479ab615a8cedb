"""The local OCR engine: the PP-OCRv6 models that RapidOCR's wheel carries, run by ONNX Runtime.

As measured on receipts and on drawn pages: no orientation classifier (it lowers recall), detection on
at most 1280 pixels, one thread (two spin and cost half as much again), each line by itself at its own
width. Lines of which a character is doubtful are read once more from a tighter cut, and the surer of the two
readings counts; what is still doubtful is decided by its neighbours and by the page's other words (`settle`).
The models' paths are given; nothing is ever downloaded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from docextract.errors import InputError
from docextract.read.detect import Detector
from docextract.read.engines import DETECTION, RECOGNITION, models_folder
from docextract.read.line_words import words_of
from docextract.read.lone import Mark, lone_marks
from docextract.read.pixels import Pixels
from docextract.read.recognise import Reading, Recogniser, cut, is_upended
from docextract.read.seen import Quad, SeenLine, SeenWord
from docextract.read.settle import settled

LEAST_SCORE = 0.5
"""Mean confidence below which a line is noise."""
DOUBTFUL_SIGN, DOUBTFUL_LINE = 0.7, 0.9
"""A letter or digit less certain than this, or a line's mean, has the line read once more: one in ten.

Half of all lines with a wrong letter are among them.
"""
SIGN = 0.9
"""Confidence given to a dash or dots that stand alone, known by their shape."""
LEAST_DIGIT = 0.85
"""Confidence from which a digit that stands alone counts."""
DIGITS = frozenset("0123456789")
TIGHTER = 0.06
"""Share of its height by which a line is cut tighter above and below to be read once more."""


class RapidReader:
    """Loads its models once: 0.4 s of CPU with what they need; a page then takes about 0.4 GB of memory."""

    name = "local"

    def __init__(self) -> None:
        folder = models_folder()
        if folder is None:
            raise InputError(
                "local OCR is not installed", code="missing_tool", hint='run `pip install "docextract[local]"`'
            )
        import cv2

        cv2.setNumThreads(1)
        self._detector = Detector(_session(folder / DETECTION))
        self._recogniser = Recogniser(_session(folder / RECOGNITION))

    def lines(self, pixels: Pixels) -> list[SeenLine]:
        """Lines from top to bottom."""
        quads = self._detector.boxes(pixels)
        again = not is_sideways(quads)  # such a page is turned and read anew
        lines = [cut(pixels, quad) for quad in quads]
        readings = [self._read(pixels, quad, line, again=again) for quad, line in zip(quads, lines, strict=True)]
        seen = []
        for quad, line, reading in zip(quads, lines, settled(readings), strict=True):
            words = words_of(reading, quad, line)
            if words and reading.confidence >= LEAST_SCORE:
                seen.append(SeenLine(words=words, quad=quad, confidence=round(reading.confidence, 4)))
        if again:
            seen += [found for mark in lone_marks(pixels, quads) if (found := self._mark(mark)) is not None]
        return seen

    def _mark(self, mark: Mark) -> SeenLine | None:
        """A line of a single digit, dash or dots; None where it is no such thing."""
        if mark.sign is not None:
            word = SeenWord(text=mark.sign, quad=mark.quad, confidence=SIGN)
            return SeenLine(words=(word,), quad=mark.quad, confidence=SIGN)
        height, width = mark.print.shape[:2]
        line = cut(mark.print, ((0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))))
        reading = self._recogniser.read(line)
        if reading.text not in DIGITS or reading.confidence < LEAST_DIGIT:
            return None
        words = words_of(reading, mark.quad, line)
        return SeenLine(words=words, quad=mark.quad, confidence=round(reading.confidence, 4))

    def _read(self, pixels: Pixels, quad: Quad, line: Pixels, *, again: bool) -> Reading:
        first = self._recogniser.read(line)
        if not again or (first.least >= DOUBTFUL_SIGN and first.confidence >= DOUBTFUL_LINE):
            return first
        if is_upended(quad):  # it may run upwards as well
            second = mirrored(self._recogniser.read(np.ascontiguousarray(np.rot90(line, 2))))
        else:
            second = self._recogniser.read(cut(pixels, quad, tighter=TIGHTER))
        return max(first, second, key=lambda reading: reading.rank)


def is_sideways(quads: Sequence[Quad]) -> bool:
    """Whether most of a page's text stands on end."""
    lengths = [(is_upended(quad), max(math.dist(quad[0], quad[1]), math.dist(quad[0], quad[3]))) for quad in quads]
    return len(quads) >= 8 and sum(far for ends, far in lengths if ends) > 0.6 * sum(far for _, far in lengths)


def mirrored(reading: Reading) -> Reading:
    """A reading of the line on its head, its places told from the other end."""
    return Reading(tuple(replace(sign, place=1 - sign.place) for sign in reading.signs))


def _session(model: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Widths differ from line to line: without the arena every one is allotted anew (a tenth of the time).
    provider = ("CPUExecutionProvider", {"arena_extend_strategy": "kSameAsRequested"})
    return onnxruntime.InferenceSession(str(model), sess_options=options, providers=[provider])
