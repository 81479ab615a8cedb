"""What one line of text says: the recognition model, and its answer taken apart (CTC).

The model looks at columns of eight pixels of a line 48 pixels tall and gives each a probability for
every character, a space, or nothing. A character is where the likeliest is neither nothing nor what
it was one column before (Graves et al., "Connectionist Temporal Classification", 2006).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from docextract.read.pixels import Pixels
from docextract.read.seen import Quad

HEIGHT = 48
"""Pixels that every line is made tall."""
NARROWEST = 48
"""Pixels that a line is padded to; none is padded to the width of another, which costs time and reads worse."""
SPACE = 0.22
"""Probability of a space between two characters from which there is one, likelier though nothing may be.

Measured on receipts and on drawn pages: words lost by a missing space fall by a third, none is torn apart.
"""
DOUBTFUL = 0.97
"""Probability of a character below which it is kept what else it may be."""
OTHERS, LEAST = 5, 0.002
"""How many other characters are kept at most, and from which probability."""
UPENDED = 1.5
"""Height over width from which a box holds a line that stands on end."""

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sign:
    """A character or a space: its probability, and the middle of its place as a share of the line's length.

    `others` is what else a doubtful character may be, with its probability, the likeliest first.
    """

    text: str
    confidence: float
    place: float
    others: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a line."""

    signs: tuple[Sign, ...]

    @property
    def text(self) -> str:
        """Characters and spaces."""
        return "".join(sign.text for sign in self.signs)

    @property
    def confidence(self) -> float:
        """The mean over all that is no space; 0 where there is nothing."""
        printed = [sign.confidence for sign in self.signs if sign.text != " "]
        return sum(printed) / len(printed) if printed else 0.0

    @property
    def least(self) -> float:
        """The least certain letter or digit; 1 where there is none."""
        return min((sign.confidence for sign in self.signs if sign.text.isalnum()), default=1.0)

    @property
    def rank(self) -> float:
        """How good it is beside another reading of the same line: its mean, and a little its least certain sign."""
        return self.confidence + 0.1 * min((sign.confidence for sign in self.signs if sign.text != " "), default=0.0)


class Recogniser:
    """Reads lines with one ONNX session, which takes 1 x 3 x 48 x width, values -1 to 1."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        listed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *listed, " "]

    def read(self, line: Pixels) -> Reading:
        """`line` is 48 pixels tall, its text upright."""
        values = line.astype(np.float32)
        values *= 1 / 127.5
        values -= 1.0
        width = line.shape[1]
        padded = max(width, NARROWEST)
        values = np.ascontiguousarray(np.pad(values, ((0, 0), (0, padded - width), (0, 0))).transpose(2, 0, 1))
        answer: Probabilities = self._session.run(None, {self._input: values[None]})[0][0]
        return decoded(answer, self._characters, len(answer) * width / padded)


def decoded(answer: Probabilities, characters: list[str], columns: float) -> Reading:
    """The reading of columns x characters; the first character is nothing, the last a space.

    `columns` is how many of them the line itself takes.
    """
    best = answer.argmax(axis=1)
    starts = best != 0
    starts[1:] &= best[1:] != best[:-1]
    signs: list[Sign] = []
    before = 0
    for at in np.flatnonzero(starts).tolist():
        text = characters[int(best[at])]
        if signs and text != " " and signs[-1].text != " ":
            between = float(answer[before : at + 1, -1].max())
            if between > SPACE:
                signs.append(Sign(" ", between, (before + at + 1) / 2 / columns))
        confidence = float(answer[at, best[at]])
        others = _others(answer[at], characters) if confidence < DOUBTFUL and text != " " else ()
        signs.append(Sign(text, confidence, min(1.0, (at + 0.5) / columns), others))
        before = at
    return Reading(tuple(signs))


def _others(column: Probabilities, characters: list[str]) -> tuple[tuple[str, float], ...]:
    """The likeliest characters of a column but the first; neither nothing nor a space."""
    count = min(OTHERS + 3, len(column))
    likely = sorted(np.argpartition(column, -count)[-count:].tolist(), key=lambda index: -column[index])
    found = [(characters[index], float(column[index])) for index in likely[1:] if 0 < index < len(column) - 1]
    return tuple(other for other in found if other[1] >= LEAST)[:OTHERS]


def cut(pixels: Pixels, quad: Quad, *, tighter: float = 0.0) -> Pixels:
    """The line in a box, upright and 48 pixels tall; one that stands on end is taken to run downwards.

    `tighter` is the share of the box's height that is left out above and below.
    """
    corners = np.asarray(quad, np.float32)
    wide = max(1, int(max(math.dist(quad[0], quad[1]), math.dist(quad[2], quad[3]))))
    tall = max(1, int(max(math.dist(quad[0], quad[3]), math.dist(quad[1], quad[2]))))
    upended = is_upended(quad)
    if tighter:
        less = (corners[1] - corners[0] if upended else corners[3] - corners[0]) * tighter
        corners = corners + np.stack([less, -less, -less, less] if upended else [less, less, -less, -less])
        wide, tall = (
            (max(1, int(wide * (1 - 2 * tighter))), tall) if upended else (wide, max(1, int(tall * (1 - 2 * tighter))))
        )
    level = np.asarray([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, level)
    line = cv2.warpPerspective(pixels, matrix, (wide, tall), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    if upended:
        line = np.rot90(line)
        wide, tall = tall, wide
    return np.asarray(cv2.resize(line, (max(1, math.ceil(HEIGHT * wide / tall)), HEIGHT)), dtype=np.uint8)


def is_upended(quad: Quad) -> bool:
    """Whether the line in a box stands on end."""
    return math.dist(quad[0], quad[3]) >= UPENDED * math.dist(quad[0], quad[1])
