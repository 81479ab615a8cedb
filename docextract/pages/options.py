"""Options of the pages room, and the page ranges of `--pages`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from docextract.errors import ConfigError

PageRanges = tuple[tuple[int, int | None], ...]
"""First and last page, both 1-based and inclusive; a last of None means to the end."""

_PART = re.compile(r"(\d{1,9})?\s*(-)?\s*(\d{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesOptions:
    """How files become pages.

    `max_pages` is the number of pages described per document; `page_deadline_s` bounds the rendering of a page,
    `load_deadline_s` the opening of a document (seconds of a child's work, waiting not counted).
    """

    renderer: Literal["pdfium", "poppler"] = "pdfium"
    max_pages: int = 1000
    page_deadline_s: float = 20.0
    load_deadline_s: float = 60.0


def parse_page_range(text: str) -> PageRanges:
    """`1-3,7,10-` as ranges, sorted and merged. ConfigError for anything else (zero, backwards, words)."""
    ranges: list[tuple[int, int | None]] = []
    for part in text.split(","):
        match = _PART.fullmatch(part.strip())
        first, dash, last = match.groups() if match else (None, None, None)
        if match is None or (first is None and last is None):
            raise ConfigError(f"--pages {text!r}: {part.strip()!r} is no page or range", hint="write it as 1-3,7 or 5-")
        low = int(first) if first else 1
        high = (int(last) if last else None) if dash else low
        if low < 1 or (high is not None and high < low):
            raise ConfigError(
                f"--pages {text!r}: {part.strip()!r} is empty; pages count from 1", hint="write it as 1-3,7 or 5-"
            )
        ranges.append((low, high))
    return _merged(sorted(ranges, key=lambda pair: pair[0]))


def is_in_range(number: int, ranges: PageRanges) -> bool:
    """Whether a 1-based page number is in one of the ranges."""
    return any(low <= number and (high is None or number <= high) for low, high in ranges)


def _merged(ranges: list[tuple[int, int | None]]) -> PageRanges:
    merged: list[tuple[int, int | None]] = []
    for low, high in ranges:
        if merged:
            before_low, before_high = merged[-1]
            if before_high is None:
                break
            if low <= before_high + 1:
                merged[-1] = (before_low, None if high is None else max(before_high, high))
                continue
        merged.append((low, high))
    return tuple(merged)
