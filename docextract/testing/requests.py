"""Requests about ledgers, and clients that ask them, for tests of what stands between prompt and endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from docextract.model.address import Key, check_address
from docextract.model.chat import ChatClient, ChatLimits
from docextract.model.profiles import resolve
from docextract.testing.documents import encode, paint
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, Ledger, draw
from docextract.types import (
    ExtractionRequest,
    Json,
    Message,
    ModelProfile,
    PageImage,
    RenderedPage,
    RenderSpec,
    Window,
    Words,
)

_HEAD = "Extract the data of the pages as JSON. JSON Schema of the answer:\n"


class StoredPages:
    """A `PageSource` of images made beforehand; `asked` counts how many were fetched."""

    def __init__(self, images: Mapping[int, RenderedPage]) -> None:
        self._images = images
        self.asked = 0

    async def words(self, pages: Sequence[int]) -> tuple[Words, ...]:
        """No words: pages without a text layer."""
        return tuple(Words(page=page, width=595, height=842, words=(), source="none") for page in pages)

    async def images(self, images: Sequence[PageImage]) -> tuple[RenderedPage, ...]:
        """The images as they are, whatever size is asked for."""
        self.asked += len(images)
        return tuple(self._images[image.page] for image in images)


def page_images(ledger: Ledger, *, per_page: int | None = None, scale: float = 1.4) -> dict[int, RenderedPage]:
    """The ledger's pages as JPEG, `scale` pixels a point, by page number."""
    images = {}
    for number, page in enumerate(draw(ledger, per_page=per_page), start=1):
        image = paint(page, scale)
        images[number] = RenderedPage(
            page=number, media_type="image/jpeg", data=encode(image), width=image.width, height=image.height
        )
    return images


def ledger_request(
    ledger: Ledger, *, request_id: str = "", deadline_s: float = 10.0, params: Mapping[str, Json] | None = None
) -> ExtractionRequest:
    """One window with all pages of a ledger, asked for under `LEDGER_SCHEMA`."""
    images = page_images(ledger)
    parts: list[str | PageImage | RenderedPage] = []
    for number, image in images.items():
        spec = RenderSpec(width=image.width, height=image.height)
        parts += [f"Page {number}:", PageImage(page=number, spec=spec, tokens=image.width * image.height // 784)]
    return ExtractionRequest(
        model="zai/glm-5v-turbo",
        key=ledger.number,
        window=Window(document=ledger.number, index=0, of=1, pages=tuple(images), tokens_high=8000 * len(images)),
        schema=LEDGER_SCHEMA,
        wire_schema=LEDGER_SCHEMA,
        messages=(
            Message(role="system", parts=(_HEAD + json.dumps(LEDGER_SCHEMA, sort_keys=True),), cache=True),
            Message(role="user", parts=(*parts, "Answer with the JSON."), cache=True),
        ),
        params=params or {"max_tokens": 16_000, "thinking": "off"},
        pages=StoredPages(images),
        request_id=request_id,
        deadline_s=deadline_s,
    )


@asynccontextmanager
async def connect(
    endpoint: FakeEndpoint, *, limits: ChatLimits | None = None, **facts: Any
) -> AsyncIterator[ChatClient]:
    """A client of a fake endpoint with a key that fits; `facts` are fields of its profile to replace."""
    profile: ModelProfile = resolve(endpoint.behaviour.model, base_url=endpoint.base_url)
    address = check_address(profile.base_url)
    key = Key(endpoint.key, address.origin, "TEST_KEY")
    client = ChatClient(replace(profile, **facts), address, key, limits=limits)
    try:
        yield client
    finally:
        await client.aclose()
