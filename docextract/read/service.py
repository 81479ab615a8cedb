"""What a reading child answers, one function an operation. Messages: see `pages/channel.py`.

    words  {path, password, pages}             text layers of PDF pages, each with what it is good for
    ocr    {path, kind, password, page, ...}   one page by its pixels; `above` and `below` are pictures beside it
    flow   {path, kind, ocr, ...}              a kind without layout, set on a virtual page

`pages` are [{index, number, width, height}]. Words are blobs (`read/wire.py`), one a page that could be read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docextract.read.wire import words_to_bytes
from docextract.types import Page

Answer = tuple[dict[str, Any], list[bytes]]


def handle(op: str, args: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Answer one message. Raises the typed errors of what was asked."""
    del blobs  # no operation of this kind takes any
    return OPERATIONS[op](args)


def words(args: dict[str, Any]) -> Answer:
    """Text layers. A page that pdfium cannot open is a `fault`; the others go on."""
    import pypdfium2

    from docextract.pages.opened import open_pdf
    from docextract.read.combine import scaled
    from docextract.read.pdfpage import text_layer

    opened = open_pdf(args["path"], _passwords(args))
    rows: list[dict[str, Any]] = []
    blobs: list[bytes] = []
    for page in args["pages"]:
        try:
            found, verdict = text_layer(opened.document, page["index"], page["number"])
        except pypdfium2.PdfiumError as error:
            rows.append({"fault": {"code": "render_crashed", "message": f"page {page['number']}: pdfium: {error}"}})
            continue
        blobs.append(words_to_bytes(scaled(found, page["width"], page["height"])))
        rows.append({"use": verdict.use, "reason": verdict.reason})
    return {"pages": rows}, blobs


def ocr(args: dict[str, Any]) -> Answer:
    """One page by its pixels; `use` and `reason` are what `words` said of it, None for image files."""
    import pypdfium2

    from docextract.pages.opened import open_pdf
    from docextract.read.combine import combined, scaled
    from docextract.read.pagewords import Picture, ocr_page
    from docextract.read.pdfpage import text_layer

    page = Page(source=0, **args["page"])
    beside = {
        side: Picture(path=found["path"], kind=found["kind"], page=Page(source=0, **found["page"]))
        for side in ("above", "below")
        if (found := args.get(side)) is not None
    }
    seen = ocr_page(args["path"], args["kind"], page, password=args["password"], engine=args["engine"], **beside)
    if args["kind"] == "pdf" and not page.only_poppler:
        try:
            layer, _ = text_layer(open_pdf(args["path"], _passwords(args)).document, page.index, page.number)
        except pypdfium2.PdfiumError:
            return {}, [words_to_bytes(seen)]  # poppler drew what pdfium cannot open
        seen = combined(scaled(layer, page.width, page.height), seen, args["use"], args["reason"])
    return {}, [words_to_bytes(seen)]


def flow(args: dict[str, Any]) -> Answer:
    """A Word, text, Markdown or HTML file."""
    from docextract.pages.flow import flow as read_flow
    from docextract.read.flow_words import flow_words
    from docextract.read.inner_pictures import picture_texts

    structure, pictures = read_flow(args["path"], args["kind"])
    texts, note = picture_texts(pictures, args["engine"], args["why"])
    return {}, [words_to_bytes(flow_words(structure, texts, number=args["number"], note=note))]


def _passwords(args: dict[str, Any]) -> tuple[str, ...]:
    return () if args["password"] is None else (args["password"],)


OPERATIONS: dict[str, Callable[[dict[str, Any]], Answer]] = {"words": words, "ocr": ocr, "flow": flow}
