"""A PDF opened in the child: how many pages, of what size, which are blank, which are equal.

pdfium counts and measures (it also draws and reads, so its numbering is the one that matters) and pypdf is asked
for structure. Where one of them cannot open the file the other can do, with a warning; where the two count
differently, or both fail, poppler is asked too if it is installed.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c
from pypdf import PdfWriter

from docextract.errors import InputError, PageError
from docextract.pages.draw import draw_by_poppler, draw_whole
from docextract.pages.limits import TREE_PAGES
from docextract.pages.opened import PYPDF_ERRORS, OpenPdf, open_pdf, structure_only, words_of
from docextract.pages.uniform import is_uniform, thumbnail_size
from docextract.types import RenderSpec

POPPLER_S = 10.0  # pdfinfo takes 0.05 s for 100,000 pages; one that takes longer is caught in a loop
MOST_SAID = 4000  # characters of a title or a subject that are looked at
LETTER = (612.0, 792.0)  # where no parser can say: the size that pdfium itself falls back to
Row = dict[str, Any]

_PAINT = re.compile(rb"(?:^|[\s\]>)])(?:Tj|TJ|'|\"|Do|f\*?|F|B\*?|b\*?|S|s|sh|BI)(?=\s|$)")


def describe(path: str, passwords: Sequence[str], max_pages: int, parsers: Sequence[str], rescue: str) -> Row:
    """`page_total`, `sizes` of the first `max_pages` pages (points as displayed), `path`, `password`, `warnings`.

    `parsers` are those that may be asked, of pdfium and pypdf: the parent leaves out one that ended a child on
    this file. Where only pypdf can open the file it writes it anew to `rescue`, and that is the `path` to go on
    with. InputError encrypted or corrupt where none opens it, with the words of each.
    """
    said: list[str] = []
    warnings: list[str] = []
    opened: OpenPdf | None = None
    if "pdfium" in parsers:
        try:
            opened = open_pdf(path, passwords)
        except InputError as error:
            if error.code == "encrypted":
                raise
            said.append(str(error))
    if opened is None and "pypdf" in parsers:
        opened = _rescued(path, rescue, said, warnings)
        total = len(opened.document) if opened is not None else 0
    elif opened is not None:
        total = len(opened.document)
        if "pypdf" in parsers and total <= TREE_PAGES:
            total = _checked_count(opened, warnings)
    if opened is not None:
        return _described(opened, total, max_pages, warnings)
    counted = _poppler_count(path)
    if counted is None:
        raise InputError("; ".join(["no page can be found", *said, "poppler: cannot open it or is not installed"]))
    return {
        "page_total": counted,
        "sizes": [LETTER] * min(counted, max_pages),
        "path": path,
        "password": None,
        "warnings": ["damaged: only poppler can draw it"],
        "is_drawable": False,
    }


def _described(opened: OpenPdf, total: int, max_pages: int, warnings: list[str]) -> Row:
    return {
        "page_total": total,
        "sizes": [_size(opened, index) for index in range(min(total, max_pages))],
        "path": opened.path,
        "password": opened.password,
        "warnings": warnings + _warnings(opened.document),
        "about": _about(opened.document),
        "is_drawable": True,
    }


def _rescued(path: str, rescue: str, said: list[str], warnings: list[str]) -> OpenPdf | None:
    """The document as pypdf writes it anew: it finds a lost catalogue or trailer where others give up."""
    broken = structure_only(path)
    counted, words = _pypdf_count(broken)
    reader = broken.reader()
    if words or not counted or reader is None:
        said.append(f"pypdf: {words or 'finds no pages in it'}")
        return None
    try:
        Path(rescue).parent.mkdir(parents=True, exist_ok=True)
        writer = PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        writer.write(rescue)
        opened = open_pdf(rescue)
    except (*PYPDF_ERRORS, InputError) as error:
        said.append(f"pypdf: {words_of(error)}")
        return None
    warnings.append(f"damaged: its pages were taken out and written anew ({said[0]})")
    return opened


def _checked_count(opened: OpenPdf, warnings: list[str]) -> int:
    """The number of pages: pdfium's, held against pypdf's."""
    total = len(opened.document)
    counted, words = _pypdf_count(opened)
    if counted == total:
        return total
    if not counted:
        if words is not None and opened.is_encrypted:
            return total  # pypdf needs a further package for some ciphers: that says nothing about the file
        if not any(_can_load(opened, index) for index in range(min(total, 3))) and not _poppler_draws(opened.path):
            raise InputError(f"no page can be loaded; pypdf: {words or 'finds no pages in it'}")
        warnings.append(f"damaged: repaired while opening ({words or 'pypdf finds no pages in it'})")
        return total
    warnings.append(f"damaged page tree: {total} or {counted} pages")
    if counted > total:  # more than pdfium can draw: only where somebody else can
        return counted if _poppler_count(opened.path) == counted else total
    while total > counted and not _can_load(opened, total - 1):
        total -= 1  # a count that promises more than there is
    return total


def look(path: str, indexes: Sequence[int], password: str | None, *, structure: bool) -> list[Row]:
    """Rotation, size, digest, blankness and presence of text of these pages (0-based), one row each.

    A row is empty where pdfium cannot load the page: whether it can be drawn some other way is found when drawing.
    """
    opened = open_pdf(path, () if password is None else (password,))
    return [_look_at(opened, index, structure=structure) for index in indexes]


def _look_at(opened: OpenPdf, index: int, *, structure: bool) -> Row:
    try:
        page = opened.document[index]
    except pypdfium2.PdfiumError:
        return {}
    seen = opened.structure(index) if structure and len(opened.document) <= TREE_PAGES else None
    try:
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            said = f"damaged page: {width:g} x {height:g} points have no area"
            return {"fault": {"code": "corrupt", "message": said}}
        unit = _user_unit(seen)
        has_text = _has_text(page)
        row = {
            "width": width * unit,
            "height": height * unit,
            "rotation": page.get_rotation(),
            "has_text": has_text,
            "blank": not has_text and _is_blank(opened, page, seen),
            "digest": None,
        }
    finally:
        page.close()
    if seen is not None:
        try:
            row["digest"] = opened.prints.of(seen)
        except PYPDF_ERRORS:
            row["digest"] = None
    return row


def has_content(page: Any) -> bool:
    """Whether pdfium found anything to draw on a page: objects or annotations."""
    return bool(pdfium_c.FPDFPage_CountObjects(page) > 0 or pdfium_c.FPDFPage_GetAnnotCount(page) > 0)


def has_lost_image(page: Any) -> bool:
    """Whether the page holds an image that pdfium cannot decode, which it would leave out without a word."""
    try:
        for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=8):
            image.get_bitmap().close()
    except pypdfium2.PdfiumError:
        return True
    return False


def _is_blank(opened: OpenPdf, page: Any, seen: Any) -> bool:
    """No words, and drawn small it is of one colour, and nothing that should have been drawn was lost."""
    if seen is None and not (opened.is_encrypted or len(opened.document) > TREE_PAGES):
        return False  # pypdf was asked and failed: the file is damaged, and an empty page may be a lost one
    if not has_content(page):
        # The structure must show nothing either: content that could not be decoded, or that names missing
        # objects, is not blank but damaged. Where pypdf cannot be asked pdfium is believed.
        return seen is None or not _paints(seen)
    image = draw_whole(opened.document, page, thumbnail_size(*page.get_size()))
    return is_uniform(image) and not has_lost_image(page)


def _paints(seen: Any) -> bool:
    try:
        contents = seen.get_contents()
        return contents is not None and _PAINT.search(contents.get_data()) is not None
    except PYPDF_ERRORS:
        return True


def _has_text(page: Any) -> bool:
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return False
    try:
        count = textpage.count_chars()
        return count > 0 and bool(textpage.get_text_range(0, min(count, 2000)).strip())
    except pypdfium2.PdfiumError:
        return False
    finally:
        textpage.close()


def _user_unit(seen: Any) -> float:
    """UserUnit (ISO 32000-1, 14.11.2): a page's units in points. pdfium leaves it out of its sizes."""
    try:
        unit = float(seen.get("/UserUnit", 1)) if seen is not None else 1.0
    except PYPDF_ERRORS:
        return 1.0
    return unit if 0.01 <= unit <= 1000 else 1.0


def _size(opened: OpenPdf, index: int) -> tuple[float, float]:
    if index >= len(opened.document):
        return LETTER
    try:
        width, height = opened.document.get_page_size(index)
    except pypdfium2.PdfiumError:
        return LETTER
    return (width, height) if width > 0 and height > 0 else LETTER


def _pypdf_count(opened: OpenPdf) -> tuple[int, str | None]:
    reader = opened.reader()
    if reader is None:
        return 0, opened.reader_error
    try:
        return len(reader.pages), None
    except PYPDF_ERRORS as error:
        return 0, words_of(error)


def _can_load(opened: OpenPdf, index: int) -> bool:
    try:
        opened.document[index].close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _poppler_draws(path: str) -> bool:
    """Whether poppler can draw the first page. Its count says little: it believes what the page tree promises."""
    try:
        draw_by_poppler(path, 0, RenderSpec(width=64, height=64))
    except PageError:
        return False
    return True


def _poppler_count(path: str) -> int | None:
    """What poppler counts, or None where it is not installed or cannot open the file."""
    tool = shutil.which("pdfinfo")
    if tool is None:
        return None
    try:
        done = subprocess.run([tool, "--", path], capture_output=True, timeout=POPPLER_S, check=False)
    except (subprocess.TimeoutExpired, OSError):
        return None
    match = re.search(rb"^Pages:\s+(\d+)", done.stdout, re.MULTILINE)
    return int(match.group(1)) or None if match else None


def _about(document: Any) -> list[tuple[str, str]]:
    """What the file says of itself (title, subject, keywords, ...): never sent, never evidence."""
    told = [(name, _meta_text(document, name)) for name in document.METADATA_KEYS]
    return [(f"PDF {name.lower()}", text) for name, text in told if text]


def _meta_text(document: Any, name: str) -> str:
    """An entry of the information dictionary; half a surrogate pair in it becomes U+FFFD."""
    size = pdfium_c.FPDF_GetMetaText(document, name.encode(), None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium_c.FPDF_GetMetaText(document, name.encode(), buffer, size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace")[:MOST_SAID]


def _warnings(document: Any) -> list[str]:
    warnings = []
    attached = document.count_attachments()
    if attached:
        warnings.append(f"{attached} attached file{'s' if attached > 1 else ''} in it: not read")
    if document.get_formtype() == pdfium_c.FORMTYPE_XFA_FULL:
        warnings.append("an XFA form, which shows only its placeholder here: print it to a new PDF from its own viewer")
    return warnings
