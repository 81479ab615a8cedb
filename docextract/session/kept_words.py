"""Words that OCR read, kept below OUT/.docextract: another schema or model over the same pages reads none again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import aiofiles
import anyio.to_thread

from docextract.output.atomic import write_atomic
from docextract.read.options import ReadOptions
from docextract.read.wire import words_from_json, words_to_json
from docextract.types import Words

READING = 8
"""Raised where the same pixels would be read otherwise: what was kept before is then not looked at."""


class KeptWords:
    """Pages by the digest of their document and the way they were read. Costs about 20 KB a page."""

    def __init__(self, folder: Path, options: ReadOptions) -> None:
        """`folder` is private to the run; it need not be there yet."""
        self._folder = folder
        self._way = [READING, options.ocr, options.verify]
        self._is_empty: bool | None = None

    async def get(self, document: str, page: int) -> Words | None:
        """What was kept; None where there is nothing that can be read."""
        if self._is_empty is None:  # a folder of pages with text keeps none: then nothing is looked for
            self._is_empty = not await anyio.to_thread.run_sync(self._folder.exists)
        if self._is_empty:
            return None
        try:
            async with aiofiles.open(self._path(document, page), "rb") as file:
                data = await file.read()
            return await anyio.to_thread.run_sync(lambda: words_from_json(json.loads(data)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None  # cut off or meddled with: the page is read again

    async def put(self, document: str, words: Words) -> None:
        """Keep a page. Raises OutputError where the folder cannot be written."""
        data = json.dumps(words_to_json(words), separators=(",", ":")).encode()
        await write_atomic(self._path(document, words.page), data)
        self._is_empty = False

    def _path(self, document: str, page: int) -> Path:
        name = hashlib.sha256(json.dumps([*self._way, document, page]).encode()).hexdigest()[:40]
        return self._folder / name[:2] / f"{name[2:]}.json"
