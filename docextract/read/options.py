"""How pages are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OcrName = Literal["local", "glm-ocr", "tesseract", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """`ocr` reads pixels where there is no sound text layer; `verify="ocr"` reads them always, as a second witness.

    `page_deadline_s` is the seconds a page may take, by text layer or by OCR.
    """

    ocr: OcrName = "local"
    verify: Literal["text", "ocr"] = "text"
    page_deadline_s: float = 20.0
