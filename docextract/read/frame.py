"""The displayed page: from PDF user space (y up, unrotated, any origin) to points from the top left corner.

pdfium gives character boxes and path points in user space whatever the page's /Rotate is, while the
page's width and height are given rotated; this is the one place that knows both.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

from docextract.types import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The visible box of a page in user space, and `quarter`: quarter turns clockwise that the viewer applies."""

    left: float
    bottom: float
    right: float
    top: float
    quarter: int = 0

    @property
    def width(self) -> float:
        """Width of the displayed page in points."""
        return self.top - self.bottom if self.quarter % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the displayed page in points."""
        return self.right - self.left if self.quarter % 2 else self.top - self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space on the displayed page."""
        if self.quarter == 0:
            return x - self.left, self.top - y
        if self.quarter == 1:
            return y - self.bottom, x - self.left
        if self.quarter == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of user space on the displayed page, its corners put in order."""
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def frame_of(page: Any) -> Frame:
    """The frame of an open pypdfium2 page: its crop box cut to its media box, and its rotation."""
    rect = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDF_GetPageBoundingBox(page, ctypes.byref(rect)):
        return Frame(left=0.0, bottom=0.0, right=612.0, top=792.0)  # pdfium's own default: US Letter
    quarter = int(pdfium_c.FPDFPage_GetRotation(page)) % 4
    return Frame(left=rect.left, bottom=rect.bottom, right=rect.right, top=rect.top, quarter=quarter)
