"""Gives the words and pixels of one document's pages when they are needed; words are read once and kept."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Protocol

import anyio
import anyio.to_thread

from docextract.errors import DocextractError, error_from_fault
from docextract.intake.web import is_web
from docextract.pages.layers import Layers
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.pages.small import Smaller
from docextract.read.options import ReadOptions
from docextract.read.packed import FEW, ManyWords, PackedPage, opened_from, packed
from docextract.read.reader import read
from docextract.session.kept_words import KeptWords
from docextract.steps.steady import Steady
from docextract.types import Document, Fault, Page, PageImage, RenderedPage, Words

_PAGES_AT_ONCE = 64
"""Read and packed before the next are read: of these the words are held as objects for a while."""


class RemoteOcr(Protocol):
    """A service that reads pages: `document` is the digest of the page's document."""

    async def read(self, source: DocumentPages, document: str, page: Page) -> Words:
        """The page's words. Raises what rendering and asking raise."""
        ...


class DocumentPages:
    """A `PageSource`. `faults` names the pages that could not be read or rendered, and why.

    `kept`, where it is set, holds what OCR read in earlier runs.
    """

    def __init__(
        self,
        document: Document,
        render_pool: Pool,
        read_pool: Pool,
        options: ReadOptions,
        *,
        smaller: Smaller | None = None,
        remote: RemoteOcr | None = None,
        steady: Steady | None = None,
    ) -> None:
        """`smaller` collects small pictures of the pages that are rendered; `remote` reads pixels over the network.

        `steady` is asked before pixels are given out: those of a file that changed belong to another document.
        """
        self._document = document
        self._render_pool = render_pool
        self._read_pool = read_pool
        self._options = options
        self.smaller = smaller
        self._remote = remote
        self._steady = steady
        self.kept: KeptWords | None = None
        self._words: dict[int, Words | PackedPage] = {}
        self._layers = Layers(self._words)
        self._unread: dict[int, Fault] = {}
        self._packs = len(document.pages) > FEW
        self._lock = anyio.Lock()
        self._sizes = {page.number: (page.width, page.height) for page in document.pages}
        self.faults: dict[int, Fault] = {}

    async def words(self, pages: Sequence[int]) -> tuple[Words, ...]:
        """Words of these pages; a page that cannot be read has none, and its fault is in `faults`."""
        await self._read(pages)
        return opened_from(self._words, pages)

    async def many_words(self, pages: Sequence[int]) -> ManyWords:
        """The same for many pages: each is made when it is looked at."""
        await self._read(pages)
        return ManyWords(self._words[number] for number in pages)

    async def read_ahead(self, pages: Sequence[int]) -> None:
        """Read what will be asked for later, as far as that goes: whoever asks for it then is told what is wrong.

        Not where reading costs money: it may turn out not to be needed.
        """
        if self._remote is None:
            with contextlib.suppress(DocextractError):
                await self._read(pages, ahead=True)

    async def _read(self, pages: Sequence[int], *, ahead: bool = False) -> None:
        async with self._lock:
            missing = [number for number in pages if number not in self._words]
            missing = [number for number in missing if not await self._was_kept(number)]
        for start in range(0, len(missing), _PAGES_AT_ONCE):
            async with self._lock:
                await self._read_some(missing[start : start + _PAGES_AT_ONCE])
        if not ahead:  # what was read ahead is known from now on, and not from when that happened to end
            for number in self._unread.keys() & set(pages):
                self.faults[number] = self._unread.pop(number)

    async def _read_some(self, numbers: Sequence[int]) -> None:
        missing = [number for number in numbers if number not in self._words]
        if not missing:
            return
        remote = self._read_remotely if self._remote is not None else None
        near = {number: layer for number in missing if (layer := self._layers.found.pop(number, None))}
        found = await read(self._read_pool, self._document, missing, self._options, remote=remote, layers=near)
        for number in missing:
            words = self._kept_words(number, found.get(number))
            # A service's answers are in the journal already.
            if self.kept is not None and remote is None and words.source == "ocr":
                await self.kept.put(self._document.digest, words)

    async def _was_kept(self, number: int) -> bool:
        """Whether an earlier run has read the page's pixels; its words are then at hand."""
        found = await self.kept.get(self._document.digest, number) if self.kept is not None else None
        if found is not None:
            self._words[number] = packed(found) if self._packs else found
        return found is not None

    async def _read_remotely(self, page: Page) -> Words:
        if self._remote is None:
            raise AssertionError("only called where there is a service")
        return await self._remote.read(self, self._document.digest, page)

    def _kept_words(self, number: int, found: Words | Fault | None) -> Words:
        if not isinstance(found, Words):
            if found is not None:
                self._unread[number] = found
            width, height = self._sizes[number]
            found = Words(page=number, width=width, height=height, words=(), source="none", quality=0.0)
        self._words[number] = packed(found) if self._packs else found
        return found

    async def images(self, images: Sequence[PageImage]) -> tuple[RenderedPage, ...]:
        """Pixels at exactly the sizes asked for. Raises the first page's error where one cannot be rendered."""
        rendered = await render(self._render_pool, self._document, images, smaller=self.smaller, layers=self._layers)
        if self._steady is not None:
            await anyio.to_thread.run_sync(self._steady.check)
        for image, result in zip(images, rendered, strict=True):
            if isinstance(result, Fault):
                self.faults[image.page] = result
                raise error_from_fault(result)
        return tuple([await self._linked(result) for result in rendered if isinstance(result, RenderedPage)])

    async def _linked(self, image: RenderedPage) -> RenderedPage:
        """With its address, where the very bytes of a file on the web are what is sent."""
        page = next(page for page in self._document.pages if page.number == image.page)
        source = self._document.unit.sources[page.source]
        if not source.url or not is_web(source.url) or image.crop is not None or len(image.data) != source.bytes:
            return image
        digest = await anyio.to_thread.run_sync(lambda: hashlib.sha256(image.data).hexdigest())
        return dataclasses.replace(image, link=source.url) if digest == source.sha256 else image
