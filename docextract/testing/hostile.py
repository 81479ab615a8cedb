"""The zoo of hostile files: what each is called, how it is made, and how a run may end it.

for case in CASES:
    case.make(folder / case.name)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from docextract.testing import bombs_other as other
from docextract.testing import bombs_pdf as pdf
from docextract.testing import bombs_word as word


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`ends` are the states (complete, partial) and error codes that are right; nothing else is.

    `pages` are page states that must be there, with how often.
    """

    name: str
    make: Callable[[Path], None]
    ends: frozenset[str]
    pages: tuple[tuple[str, int], ...] = ()


def _case(name: str, make: Callable[[Path], None], *ends: str, pages: tuple[tuple[str, int], ...] = ()) -> Case:
    return Case(name=name, make=make, ends=frozenset(ends), pages=pages)


_DIES = ("render_timed_out", "render_crashed", "limit_reached", "quarantined")
"""How a page ends that no renderer can draw within its limits."""

# (A document of blank pages is partial under a schema that requires a field.)
CASES: tuple[Case, ...] = (
    _case("pdf-14400-points.pdf", pdf.large_page, "complete"),
    _case("pdf-user-unit.pdf", pdf.unit_page, "complete"),
    _case(
        "pdf-page-without-area.pdf", pdf.page_without_area, "partial", pages=(("failed: corrupt", 1), ("extracted", 1))
    ),
    _case("pdf-nested-forms.pdf", pdf.nested_forms, *_DIES),
    _case("pdf-form-in-itself.pdf", pdf.form_in_itself, "complete"),
    _case("pdf-tree-loop.pdf", pdf.tree_loop, "corrupt"),
    _case("pdf-reference-loop.pdf", pdf.reference_loop, "complete", "corrupt"),
    _case("pdf-100000-pages.pdf", pdf.many_pages, "partial", pages=(("skipped: limit", 99_000), ("extracted", 1_000))),
    _case("pdf-10000-attachments.pdf", pdf.many_attachments, "complete"),
    _case("pdf-flate-bomb.pdf", pdf.flate_bomb, "complete", *_DIES),
    _case("pdf-path-flood.pdf", pdf.path_flood, "complete", *_DIES),
    _case("pdf-word-flood.pdf", pdf.word_flood, "complete", *_DIES),
    _case("pdf-image-bomb.pdf", pdf.image_bomb, "complete", *_DIES),
    _case("pdf-deep-arrays.pdf", pdf.deep_arrays, "complete", "corrupt", *_DIES),
    _case("pdf-pattern-loop.pdf", pdf.pattern_loop, "complete", "partial", *_DIES),
    _case("word-text.docx", word.word_text, "limit_reached"),
    _case("word-paragraphs.docx", word.word_paragraphs, "limit_reached"),
    _case("word-media.docx", word.word_media, "limit_reached"),
    _case("word-lying.docx", word.word_lying, "limit_reached", "corrupt"),
    _case("word-members.docx", word.word_members, "limit_reached"),
    _case("word-laughs.docx", word.word_laughs, "corrupt"),
    _case("word-entity.docx", word.word_entity, "corrupt"),
    _case("word-external-dtd.docx", word.word_dtd, "corrupt"),
    _case("word-external-relations.docx", word.word_relations, "complete"),
    _case("word-climbing.docx", word.word_climbing, "corrupt"),
    _case("word-deep.docx", word.word_deep, "corrupt", "limit_reached"),
    _case("sheet-flood.xlsx", word.sheet_flood, "limit_reached"),
    _case("png-144-megapixels.png", partial(other.png_bomb, side=12_000), "limit_reached"),
    _case("png-180-megapixels.png", partial(other.png_bomb, side=13_400), "limit_reached"),
    _case("png-900-megapixels.png", partial(other.png_bomb, side=30_000), "limit_reached"),
    _case("png-packed-text.png", other.png_text, "corrupt", "limit_reached"),
    _case("tiff-bomb.tif", other.tiff_bomb, "limit_reached"),
    _case("tiff-circle.tif", other.tiff_circle, "limit_reached", "complete", "partial"),
    _case("tiff-frames.tif", other.tiff_frames, "complete", "partial", *_DIES),
    _case("gif-frames.gif", other.gif_frames, "limit_reached"),
    _case("text-flood.txt", other.text_flood, "limit_reached"),
    _case("html-deep.html", other.html_deep, "complete", "limit_reached"),
    _case("html-spans.html", other.html_spans, "complete", "limit_reached"),
    _case("markdown-stars.md", other.markdown_stars, "complete", "limit_reached", "render_timed_out"),
)
