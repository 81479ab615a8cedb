"""Text layers that a child read while it had their pages open to draw them; opening a page costs as much as reading it.

What a layer says is the business of the room that reads it: here it is a few facts and a blob.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from docextract.types import Document, Page, PageImage

Layer = tuple[dict[str, Any], bytes]
"""What the child said of a page's text layer, and its words as they came over the channel."""


@dataclass(slots=True)
class Layers:
    """Collects the layers of one document, in `found` by page number. `known` are pages whose words are there already.

    Each page is asked for once, and never again after its child ended: it may have been the text that ended it.
    """

    known: Collection[int]
    found: dict[int, Layer] = field(default_factory=dict)
    _asked: set[int] = field(default_factory=set)

    def asked(self, document: Document, page: Page, image: PageImage) -> dict[str, Any] | None:
        """What a child is asked for beside `image`; None where nothing is wanted, or not from pdfium."""
        is_pdf = document.unit.sources[page.source].kind == "pdf"
        if not is_pdf or page.only_poppler or image.spec.renderer != "pdfium":
            return None
        if page.number in self.known or page.number in self._asked:
            return None
        self._asked.add(page.number)
        return {"number": page.number, "width": page.width, "height": page.height}
