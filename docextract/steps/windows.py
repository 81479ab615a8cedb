"""The window plan of a document: what each page costs, as images or text, and which pages are asked about together.

A plan is made once, kept in the journal, and reused by every later run over the same content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from docextract.budget.fit import MOST_DPI, fit, is_tall, tiles
from docextract.budget.images import image_tokens
from docextract.budget.text import text_tokens
from docextract.budget.windows import PageCost, WindowRules, plan, shape
from docextract.layout.analyse import analyse
from docextract.layout.markdown import markdown
from docextract.pages.bands import even_bands
from docextract.prompt.build import prefix_text
from docextract.schema.asked import asked_digest
from docextract.schema.target import Target
from docextract.schema.wire import Wire
from docextract.session.session import Session
from docextract.steps.source import DocumentPages
from docextract.steps.stored import own_fields
from docextract.types import Document, ModelProfile, Page, PageImage, RenderSpec, Window, Words

_LOCAL_WINDOW = 100  # pages; keeps the words of a window well under 100 MB
_SOUND = 0.95  # quality from which a text layer may stand for the page under --page-input auto


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Windows in page order, with the costs and texts of their pages and the rules they were made by."""

    windows: tuple[Window, ...]
    costs: Mapping[int, PageCost]
    texts: Mapping[int, str]
    rules: WindowRules


async def plan_windows(
    session: Session, document: Document, pages: Sequence[Page], target: Target, ask: tuple[Wire | None, DocumentPages]
) -> Planned:
    """Plan, or take up the stored plan. Raises InputError (page_too_large) for a page that cannot be asked about."""
    wire, source = ask
    profile = session.engine.profile
    if profile is None or wire is None:
        return _local(session, document, pages)
    texts = await _texts(session, document, pages, source)
    # What can only go as words and has none that could be read is not asked about: an answer would be made up.
    mute = {page.number for page in pages if _flows(document, page) or not profile.vision} & set(source.faults)
    pages = [page for page in pages if page.number not in mute]
    costs = {page.number: await _cost(session, document, page, profile, texts) for page in pages}
    leaves, lists = shape(target.json_schema)
    rules = WindowRules(
        prompt=await session.prompt_tokens(prefix_text(session.fixed, wire.schema)),
        leaves=leaves,
        lists=lists,
        window_pages=session.job.window_pages,
        overlap=session.job.overlap,
    )
    planned = plan(document.digest, [costs[page.number] for page in pages], rules, profile)
    key = _key(session, document, asked_digest(target.json_schema, wire), pages)
    stored = await session.journal.plan(key, json.dumps(planned, default=own_fields))
    windows = tuple(_window(row) for row in json.loads(stored)) if stored else planned
    return Planned(windows=windows, costs=costs, texts=texts, rules=rules)


def _local(session: Session, document: Document, pages: Sequence[Page]) -> Planned:
    numbers = [page.number for page in pages]
    size = session.job.window_pages or _LOCAL_WINDOW
    groups = [tuple(numbers[start : start + size]) for start in range(0, len(numbers), size)]
    windows = tuple(
        Window(document=document.digest, index=index, of=len(groups), pages=group, text_pages=group)
        for index, group in enumerate(groups)
    )
    empty = text_tokens("")
    costs = {number: PageCost(page=number, text=empty) for number in numbers}
    return Planned(windows=windows, costs=costs, texts={}, rules=WindowRules(prompt=empty, leaves=0, lists=False))


async def _texts(session: Session, document: Document, pages: Sequence[Page], source: DocumentPages) -> dict[int, str]:
    """Markdown of the pages that go as text, or as both."""
    mode = session.job.page_input
    flowing = {page.number for page in pages if _flows(document, page)}
    wanted = [page.number for page in pages if page.number in flowing or mode in {"text", "both"}]
    wanted += [page.number for page in pages if page.number not in flowing and mode == "auto" and page.has_text]
    words = await source.words(wanted)
    texts = {}
    for each in words:
        if each.page in source.faults:
            continue
        if mode == "auto" and each.page not in flowing and each.quality < _SOUND:
            continue
        texts[each.page] = await anyio.to_thread.run_sync(_markdown, each)
    return texts


def _flows(document: Document, page: Page) -> bool:
    """Whether the page has no pixels of its own: Word, text, also as one file of a group."""
    return not document.has_layout or page.width == 0


def _markdown(words: Words) -> str:
    return markdown(analyse(words))


async def _cost(
    session: Session, document: Document, page: Page, profile: ModelProfile, texts: Mapping[int, str]
) -> PageCost:
    mode = session.job.page_input
    text = text_tokens(texts[page.number]) if page.number in texts else None
    if _flows(document, page) or (mode == "text" and text is not None) or not profile.vision:
        return PageCost(page=page.number, text=text or text_tokens(""))
    images = await _images(session, document, page, profile)
    if mode == "auto" and text is not None:
        # The cheaper of two faithful accounts of the page.
        if text.high <= sum(image.tokens for image in images):
            return PageCost(page=page.number, text=text)
        text = None
    return PageCost(page=page.number, images=images, text=text)


async def _images(session: Session, document: Document, page: Page, profile: ModelProfile) -> tuple[PageImage, ...]:
    most = session.job.max_tokens_per_image
    renderer = session.job.renderer
    full = _full_size(page)
    if not is_tall(full):
        size = fit(profile.image, full, most)
        spec = RenderSpec(width=size.width, height=size.height, renderer=renderer)
        return (PageImage(page=page.number, spec=spec, tokens=size.tokens),)
    images = []
    bands = await even_bands(session.render_pool, document, page)
    for top, bottom in tiles(full, profile.image, most, bands):
        size = fit(profile.image, (full[0], full[1] * (bottom - top)), most)
        crop = (0.0, top, 1.0, bottom) if (top, bottom) != (0.0, 1.0) else None
        spec = RenderSpec(width=size.width, height=size.height, renderer=renderer, crop=crop)
        tokens = image_tokens(profile.image, size.width, size.height)
        images.append(PageImage(page=page.number, spec=spec, tokens=tokens))
    return tuple(images)


def _full_size(page: Page) -> tuple[float, float]:
    """Pixels of the page at its sharpest useful size: an image's own, else MOST_DPI."""
    if page.pixels is not None:
        return float(page.pixels[0]), float(page.pixels[1])
    return page.width * MOST_DPI / 72, page.height * MOST_DPI / 72


def _key(session: Session, document: Document, asked: str, pages: Sequence[Page]) -> str:
    job = session.job
    parts = [
        document.digest,
        asked,
        session.engine.identity,
        [page.number for page in pages],
        [job.window_pages, job.overlap, job.max_tokens_per_image, job.page_input, job.renderer],
        [session.fixed.context, session.fixed.examples, session.fixed.schema_last],
    ]
    return hashlib.sha256(json.dumps(parts).encode("utf-8", "replace")).hexdigest()


def _window(row: dict[str, Any]) -> Window:
    images = tuple(
        PageImage(page=image["page"], tokens=image["tokens"], spec=RenderSpec(**_with_tuple(image["spec"])))
        for image in row["images"]
    )
    return Window(**(row | {"images": images, "pages": tuple(row["pages"]), "text_pages": tuple(row["text_pages"])}))


def _with_tuple(spec: dict[str, Any]) -> dict[str, Any]:
    return spec | {"crop": tuple(spec["crop"]) if spec["crop"] is not None else None}
