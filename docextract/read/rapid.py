"""The local OCR engine: RapidOCR 3.10 with the PP-OCRv6 models that its wheel carries.

Settings as measured on receipts and on drawn pages: no orientation classifier (it lowers recall),
detection on at most 1280 pixels, one thread (two spin and cost half as much again), and each line by
itself at its own width: lines padded to the longest of a batch cost two fifths more and are read worse.
Nothing is ever downloaded: the models' paths are given, and a missing one is an error.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

from docextract.errors import InputError
from docextract.read.engines import DETECTION, RECOGNITION, models_folder
from docextract.read.pixels import Pixels
from docextract.read.seen import Point, Quad, SeenLine, SeenWord

LEAST_SCORE = 0.5
"""Mean confidence below which a line is noise."""


class RapidReader:
    """Loads its models once: 0.8 s of CPU and about 0.7 GB of memory."""

    name = "local"

    def __init__(self) -> None:
        folder = models_folder()
        if folder is None:
            raise InputError(
                "local OCR is not installed", code="missing_tool", hint='run `pip install "docextract[local]"`'
            )
        import cv2

        cv2.setNumThreads(1)
        self._engine = _engine_class()(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.text_score": LEAST_SCORE,
                "Global.max_side_len": 2600,
                "Global.return_word_box": True,
                "Global.return_single_char_box": True,
                "Det.limit_side_len": 1280,
                "Det.limit_type": "max",
                "Det.model_path": str(folder / DETECTION),
                "Rec.model_path": str(folder / RECOGNITION),
                "Rec.rec_batch_num": 1,
                "Rec.rec_img_shape": [3, 48, 48],  # the last is the least width that a line is padded to
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                # Widths differ from line to line: without an arena every one is allotted anew (a tenth of the time).
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
            }
        )

    def lines(self, pixels: Pixels) -> list[SeenLine]:
        """Lines from top to bottom."""
        result: Any = self._engine(pixels)
        if result.boxes is None or result.txts is None:
            return []
        seen = []
        letters = result.word_results or ((),) * len(result.txts)
        for text, score, box, signs in zip(result.txts, result.scores, result.boxes, letters, strict=False):
            quad = _quad(box)
            words = split_line(text, float(score), quad, signs)
            if words:
                seen.append(SeenLine(words=words, quad=quad, confidence=float(score)))
        return seen


def _engine_class() -> Any:
    """RapidOCR, imported without a socket being opened: urllib3, which its downloader imports, tries IPv6 out."""
    before = socket.has_ipv6
    socket.has_ipv6 = False
    try:
        from rapidocr import RapidOCR
    finally:
        socket.has_ipv6 = before
    return RapidOCR


def split_line(text: str, score: float, quad: Quad, signs: Sequence[Any]) -> tuple[SeenWord, ...]:
    """Words of a line by its spaces, each with the boxes of its own characters.

    `signs` is (character, confidence, four corners) for each character that is no space; where they
    do not match the text, the line is shared out by its characters.
    """
    words = text.split()
    if not words:
        return ()
    if "".join(words) != "".join(str(sign[0]) for sign in signs):
        return _shared(text, score, quad)
    found = []
    start = 0
    for number, word in enumerate(words):
        own = signs[start : start + len(word)]
        start += len(word)
        first = quad[0] if number == 0 else _point(own[0][2][0])
        below = quad[3] if number == 0 else _point(own[0][2][3])
        last = quad[1] if start == len(signs) else _point(own[-1][2][1])
        under = quad[2] if start == len(signs) else _point(own[-1][2][2])
        confidence = sum(float(sign[1]) for sign in own) / len(own)
        found.append(SeenWord(text=word, quad=(first, last, under, below), confidence=round(confidence, 4)))
    return tuple(found)


def _shared(text: str, score: float, quad: Quad) -> tuple[SeenWord, ...]:
    found = []
    place = 0
    for word in text.split():
        place = text.index(word, place)
        start, end = place / len(text), (place + len(word)) / len(text)
        place += len(word)
        corners = (_between(quad[0], quad[1], start), _between(quad[0], quad[1], end))
        below = (_between(quad[3], quad[2], end), _between(quad[3], quad[2], start))
        found.append(SeenWord(text=word, quad=(*corners, *below), confidence=round(score, 4)))
    return tuple(found)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _point(pair: Any) -> Point:
    return float(pair[0]), float(pair[1])


def _quad(box: Any) -> Quad:
    return _point(box[0]), _point(box[1]), _point(box[2]), _point(box[3])
