"""Pictures that no run has kept, drawn when somebody looks: the source files are found again by what the run noted."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from docextract.errors import DocextractError
from docextract.intake.discover import discover, look_inside
from docextract.intake.group import Group, units
from docextract.output.sidecar import shown
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.pages.small import small_spec
from docextract.read.options import ReadOptions
from docextract.read.reader import read
from docextract.remote.url import is_url
from docextract.types import Document, Json, PageImage, RenderedPage, Unit, Words

_OPEN = 6


class Sources:
    """Belongs to one event loop. `note` is what the last run left (`facts.last_run`)."""

    def __init__(self, out: Path, note: Mapping[str, Json], pool: Pool, reader: Pool) -> None:
        self._out = out
        self._job: Mapping[str, Any] = note.get("job") or {}
        self._cwd = str(note.get("cwd") or ".")
        self._pool = pool
        self._reader = reader
        self._units: dict[str, Unit] | None = None
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._lock = asyncio.Lock()

    async def picture(self, name: str, digest: str | None, page: int) -> RenderedPage | None:
        """A page of a document; None where the source is gone, has changed, or has no such page to draw."""
        document = await self._document(name, digest)
        pages = {each.number: each for each in document.pages} if document is not None else {}
        if document is None or page not in pages or pages[page].width <= 0:
            return None
        image = PageImage(page=page, spec=small_spec(pages[page]), tokens=0)
        (drawn,) = await render(self._pool, document, [image])
        return drawn if isinstance(drawn, RenderedPage) else None

    async def texts(self, name: str, digest: str | None) -> dict[int, str]:
        """The texts of a document without layout, by page."""
        document = await self._document(name, digest)
        if document is None or document.has_layout:
            return {}
        try:
            found = await read(self._reader, document, [page.number for page in document.pages], ReadOptions(ocr="off"))
        except DocextractError:
            return {}
        return {page: words.text for page, words in found.items() if isinstance(words, Words) and words.text}

    async def _document(self, name: str, digest: str | None) -> Document | None:
        async with self._lock:
            if self._units is None:
                self._units = await asyncio.to_thread(self._found)
            unit = self._units.get(name)
            if unit is None or digest is None:
                return None
            if name not in self._documents:
                try:
                    looked = await asyncio.to_thread(lambda files: tuple(map(look_inside, files)), unit.sources)
                    unit = replace(unit, sources=looked)
                    options = PagesOptions(renderer=self._job.get("renderer") or "pdfium")
                    self._documents[name] = await load(self._pool, unit, options, passwords=self._passwords())
                except DocextractError:
                    return None
                while len(self._documents) > _OPEN:
                    self._documents.popitem(last=False)
            document = self._documents[name]
        return document if document.digest == digest else None

    def _found(self) -> dict[str, Unit]:
        inputs = [str(each) for each in self._job.get("inputs") or ()]
        places = [each if is_url(each) else os.path.join(self._cwd, each) for each in inputs]  # noqa: PTH118 - names may be no UTF-8
        local = [place for place in places if not is_url(place)]
        group: Group = "folder" if self._job.get("group") == "folder" else "none"
        try:
            walk = units(discover(local, exclude=[self._out], looks_inside=group != "none"), group)
            return {shown(unit.name): unit for unit in walk}
        except DocextractError:  # an input is gone: what was kept is all there is
            return {}

    def _passwords(self) -> tuple[str, ...]:
        file = self._job.get("password_file")
        if not file:
            return ()
        try:
            return tuple(
                line for line in (Path(self._cwd) / str(file)).read_text(encoding="utf-8").splitlines() if line
            )
        except (OSError, ValueError):
            return ()
