"""What every noun is made of, and what went wrong, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Json = Any
"""A JSON value: None, bool, int, float, str, list of Json, or dict of str to Json."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1. In `Words` in points; in `Evidence` as fractions (0 to 1) of the displayed page."""

Kind = Literal[
    "pdf", "docx", "doc", "odt", "rtf", "pptx", "xlsx",
    "png", "jpeg", "webp", "gif", "bmp", "tiff",
    "text", "markdown", "html", "unsupported",
]  # fmt: skip
"""What a file is by its content, never by its extension."""

Scope = Literal["run", "file", "window", "page"]
DocumentState = Literal["complete", "partial", "failed"]
PageState = Literal["extracted", "blank", "skipped", "duplicate", "failed"]
Status = Literal["verbatim", "normalised", "approximate", "contradicted", "absent", "unchecked", "inferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error as it is written and shown: `code` is one of CODES in errors.py; `hint` says what to type next."""

    code: str
    message: str
    hint: str
    scope: Scope = "file"
