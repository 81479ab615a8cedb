"""Empty rows across a tall page: where it can be cut without cutting through a line of text."""

from __future__ import annotations

import io
import os
from typing import Any

from PIL import Image

from docextract.errors import DocextractError
from docextract.pages.pool import Pool
from docextract.pages.uniform import is_uniform
from docextract.types import Document, Kind, Page, RenderSpec

_WIDTH = 320  # pixels; wide enough that a thin line of text still darkens its rows
_MOST_ROWS = 12_000
_LEAST_BAND = 4  # pixels at that width: less is the gap between two lines of a paragraph, or inside a letter

Band = tuple[float, float]
"""Top and bottom as fractions of the page's height."""


async def even_bands(pool: Pool, document: Document, page: Page) -> tuple[Band, ...]:
    """The page's even bands, top first. None where it cannot be drawn: then it is cut wherever it must be."""
    source = document.unit.sources[page.source]
    args = {
        "path": os.path.abspath(source.path),  # noqa: PTH100, ASYNC240  Path.absolute keeps `..`; no disk is touched
        "kind": source.kind,
        "index": page.index,
        "size": [page.width, page.height],
        "password": document.password,
        "renderer": "poppler" if page.only_poppler else "pdfium",
    }
    try:
        answer, _ = await pool.call("bands", args, deadline_s=pool.limit("page_seconds"))
    except DocextractError:
        return ()
    return tuple((top, bottom) for top, bottom in answer["bands"])


def find_bands(args: dict[str, Any]) -> list[Band]:
    """In the child: draw the page small, and collect its rows of one colour."""
    from docextract.pages.picture import render_page

    width, height = args["size"]
    kind: Kind = args["kind"]
    rows = max(1, min(_MOST_ROWS, round(height * _WIDTH / max(width, 1e-6))))
    spec = RenderSpec(width=_WIDTH, height=rows, format="png", renderer=args["renderer"])
    _, data = render_page(args["path"], kind, args["index"], spec, args["password"])
    with Image.open(io.BytesIO(data)) as picture:
        return _bands(picture.convert("L"))


def _bands(picture: Image.Image) -> list[Band]:
    width, height = picture.size
    bands: list[Band] = []
    start: int | None = None
    for row in range(height + 1):
        even = row < height and is_uniform(picture.crop((0, row, width, row + 1)))
        if even and start is None:
            start = row
        if not even and start is not None:
            if row - start >= _LEAST_BAND:
                bands.append((start / height, row / height))
            start = None
    return bands
