"""One page of a PDF: its text layer as `Words`, and whether that will do."""

from __future__ import annotations

import math
from typing import Any

import pypdfium2.raw as pdfium_c

from docextract.pages.bounds import bound, page_reached
from docextract.read.frame import frame_of
from docextract.read.glyphs import Glyphs
from docextract.read.hidden import part
from docextract.read.quality import Verdict, judge
from docextract.read.rulings import drawn
from docextract.read.textlayer import assemble
from docextract.types import Words

_DRAWN_ANNOTATIONS = frozenset({pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP})


def text_layer(pdf: Any, index: int, number: int) -> tuple[Words, Verdict]:
    """Words, hidden words and rulings of page `index` (0-based) of an open PDF; `number` is what the page is called."""
    page = pdf[index]
    try:
        if has_filled_fields(page) and pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) == 1:
            page.close()  # FLATTEN_SUCCESS: what was typed into the form is page content from now on
            page = pdf[index]
        return layer_of(page, number)
    finally:
        page.close()


def layer_of(page: Any, number: int) -> tuple[Words, Verdict]:
    """As `text_layer`, of an open page, without what was typed into its form fields."""
    frame = frame_of(page)
    objects = drawn(page, frame)
    text_page = page.get_textpage()
    try:
        _check_length(text_page.count_chars())
        glyphs = Glyphs(text_page, frame, objects.covered)
        marks = assemble(glyphs)
    finally:
        text_page.close()
    if len(marks) > bound("page_words"):
        raise page_reached("page_words", f"the page has {len(marks):,} words")
    shown, hidden = part(marks, frame, page, objects.images)
    has_ink = bool(shown) or _has_ink(page, bool(objects.images or objects.paths or marks))
    verdict = judge(shown, glyphs.unsound, objects.image_share(frame), has_ink=has_ink)
    note = None
    sideways = sum(1 for word in shown if word.turn % 2)
    if sideways > len(shown) / 2:
        note = "most of the text runs sideways on the page as displayed"
    words = Words(
        page=number,
        width=round(frame.width, 2),
        height=round(frame.height, 2),
        words=tuple(shown),
        source="text" if shown else "none",
        quality=round(verdict.quality, 3),
        rulings=tuple(r for r in objects.rulings if math.isfinite(r.x0 + r.y0 + r.x1 + r.y1)),
        hidden=tuple(hidden),
        note=note,
    )
    return words, verdict


def _check_length(characters: int) -> None:
    if characters > bound("page_characters"):
        raise page_reached("page_characters", f"the page's text layer has {characters:,} characters")


def _has_ink(page: Any, has_objects: bool) -> bool:
    """Whether a page without words shows anything at all, by a small picture of it."""
    if not has_objects:
        return False
    width, height = page.get_size()
    low, high = page.render(scale=min(1.0, 300 / max(width, height, 1.0)), grayscale=True).to_pil().getextrema()
    return int(high) - int(low) > 8


def has_filled_fields(page: Any) -> bool:
    """Whether form fields, notes or stamps are drawn over the page: pdfium's text layer leaves them out."""
    for index in range(min(int(pdfium_c.FPDFPage_GetAnnotCount(page)), 2000)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        pdfium_c.FPDFPage_CloseAnnot(annotation)
        if kind in _DRAWN_ANNOTATIONS:
            return True
    return False
