"""What a rendering child answers: all that `pages/service.py` does, and the text layer of a page that it has open.

A page to `render` may have a `layer` {number, width, height}: then its head has a `layer` {use, reason}, and the words
are a blob behind its pictures. A page whose layer cannot be had this way is read by a reading child as if it had not
been asked for.
"""

from __future__ import annotations

from typing import Any

from docextract.errors import DocextractError, InputError
from docextract.pages import service
from docextract.pages.service import Answer

Row = dict[str, Any]


def handle(op: str, args: Row, blobs: list[bytes]) -> Answer:
    """Answer one message. Raises the typed errors of what was asked."""
    if op != "render":
        return service.handle(op, args, blobs)
    heads: list[Row] = []
    pictures: list[bytes] = []
    for page in args["pages"]:
        head, data = _render(args, page)
        heads.append(head)
        pictures += data
    return {"pages": heads}, pictures


def _render(args: Row, page: Row) -> tuple[Row, list[bytes]]:
    one = {**args, "pages": [page]}
    if page.get("layer") is None or args["kind"] != "pdf":
        return _alone(one)
    import pypdfium2

    from docextract.pages.opened import open_pdf

    try:
        opened = open_pdf(args["path"], () if args["password"] is None else (args["password"],))
        with opened.page(page["index"]) as held:
            head, pictures = _alone(one)
            layer = None if "fault" in head else _layer(held, page["layer"])
    except (InputError, pypdfium2.PdfiumError):  # drawn otherwise, or told by a fault that says why not
        return _alone(one)
    if layer is None:
        return head, pictures
    return {**head, "layer": layer[0]}, [*pictures, layer[1]]


def _alone(one: Row) -> tuple[Row, list[bytes]]:
    answer, pictures = service.render(one)
    return answer["pages"][0], pictures


def _layer(page: Any, asked: Row) -> tuple[Row, bytes] | None:
    import pypdfium2

    from docextract.read.combine import scaled
    from docextract.read.pdfpage import has_filled_fields, layer_of
    from docextract.read.wire import words_to_bytes

    if has_filled_fields(page):  # reading them changes the page, which may be drawn again
        return None
    try:
        words, verdict = layer_of(page, asked["number"])
    except (DocextractError, pypdfium2.PdfiumError):  # said by the reading child, which is asked again
        return None
    body = words_to_bytes(scaled(words, asked["width"], asked["height"]))
    return {"use": verdict.use, "reason": verdict.reason}, body
