"""Small pictures of pages, for a person to look at: sharp enough to read, a few tens of kilobytes."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from docextract.types import Page, PageImage, RenderedPage, RenderSpec

WIDTH = 720
"""Pixels across: ten-point print of an A4 page can be read, at 30 to 90 kB."""

MOST_PIXELS = 1_600_000
"""A page that would have more (a long screenshot) is made smaller both ways."""

_QUALITY = 50  # as JPEG: 1.5 ms a page, where WebP takes 12 ms for half the bytes
_MOST_SIDE = 16_000  # pixels


def small_spec(page: Page, *, width: int = WIDTH) -> RenderSpec:
    """The size and format of a page's small picture; never larger than an image's own pixels."""
    own = page.pixels[0] if page.pixels is not None else width
    wide = float(min(width, max(own, 1)))
    high = wide * page.height / page.width
    shrunk = min(1.0, math.sqrt(MOST_PIXELS * (width / WIDTH) ** 2 / (wide * high)), _MOST_SIDE / max(wide, high))
    size = max(1, round(wide * shrunk)), max(1, round(high * shrunk))
    return RenderSpec(width=size[0], height=size[1], quality=_QUALITY)


@dataclass(slots=True)
class Smaller:
    """Collects small pictures made from bitmaps that were drawn anyway, at most `most` of them; `pages` by number."""

    most: int
    pages: dict[int, RenderedPage] = field(default_factory=dict)

    def asked(self, page: Page, image: PageImage) -> dict[str, Any] | None:
        """What a child is asked for beside `image`: nothing for a part of a page, or a page that was seen to."""
        if image.spec.crop is not None or page.number in self.pages or len(self.pages) >= self.most:
            return None
        spec = small_spec(page)
        return asdict(spec) if spec.width < image.spec.width else None
