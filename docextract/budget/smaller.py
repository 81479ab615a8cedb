"""A window that a model finds too large, with its pictures at less resolution: for one page, which cannot be halved."""

from __future__ import annotations

from dataclasses import replace

from docextract.budget.images import image_tokens
from docextract.types import ImageFacts, PageImage, Window

_SCALE = 0.7  # about half the tokens
_LEAST_SIDE = 640  # pixels of the longer side; less and small print is gone


def smaller(window: Window, facts: ImageFacts) -> Window | None:
    """The same window with every image at about half its tokens; None where it has none, or they are small already."""
    if not window.images or min(_longer(image) for image in window.images) * _SCALE < _LEAST_SIDE:
        return None
    images = tuple(_scaled(image, facts) for image in window.images)
    spared = sum(image.tokens for image in window.images) - sum(image.tokens for image in images)
    return replace(
        window,
        images=images,
        tokens_low=max(0, window.tokens_low - spared),
        tokens_high=max(0, window.tokens_high - spared),
    )


def _longer(image: PageImage) -> int:
    return max(image.spec.width, image.spec.height)


def _scaled(image: PageImage, facts: ImageFacts) -> PageImage:
    width, height = max(1, round(image.spec.width * _SCALE)), max(1, round(image.spec.height * _SCALE))
    spec = replace(image.spec, width=width, height=height)
    return replace(image, spec=spec, tokens=image_tokens(facts, width, height))
