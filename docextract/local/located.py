"""Chosen values as evidence: boxes as fractions of the page, the text as printed, and how it relates to the value."""

from __future__ import annotations

from collections.abc import Mapping

from docextract.local.candidates import Candidate
from docextract.local.segments import Sheet, union
from docextract.types import Box, Evidence
from docextract.values.text import squeeze


def evidence_of(path: str, found: Candidate, sheets: Mapping[int, Sheet]) -> Evidence:
    """Evidence of one leaf. `sheets` by page number."""
    sheet = sheets[found.spots[0].segment.page]
    boxes: list[Box] = []
    spans: list[tuple[int, int]] = []
    for spot in found.spots:
        words = spot.segment.between(spot.start, spot.end)
        if not words or spot.segment.page != sheet.page:
            continue
        box = union([(w.x0, w.y0, w.x1, w.y1) for w in words])
        boxes.append(
            (
                _share(box[0], sheet.width),
                _share(box[1], sheet.height),
                _share(box[2], sheet.width),
                _share(box[3], sheet.height),
            )
        )
        spans += [word.span for word in words if word.span]
    quote = " ".join(spot.text.strip() for spot in found.spots)
    flows = bool(spans)
    return Evidence(
        path=path,
        page=sheet.page,
        box=union(boxes) if boxes and not flows else None,
        boxes=tuple(boxes) if not flows else (),
        span=(min(s[0] for s in spans), max(s[1] for s in spans)) if flows else None,
        quote=quote,
        status="verbatim" if quote == str(found.value) else "normalised",
        confidence=round(_confidence(found, quote), 3),
    )


def _confidence(found: Candidate, quote: str) -> float:
    """The score, less what the reader was unsure of in the words themselves."""
    words = [w for spot in found.spots for w in spot.segment.between(spot.start, spot.end)]
    read = min((w.confidence for w in words), default=1.0) if squeeze(quote) else 1.0
    return max(0.05, min(0.99, found.score * read))


def _share(length: float, whole: float) -> float:
    return round(min(1.0, max(0.0, length / whole)), 5)
