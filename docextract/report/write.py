"""OUT/report.html, written in one pass: memory does not grow with the run, the file does not grow past its limits."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from docextract.output.atomic import output_error
from docextract.output.found import output_at
from docextract.report.entry import COLUMNS, Entry, entry_of
from docextract.report.html import closing, data, opening, safe_json
from docextract.report.lines import Line, place_of
from docextract.report.pictures import Picture, Pictures
from docextract.report.private import Scrub
from docextract.report.totals import Totals
from docextract.types import Json

NAME = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much of a large run the file holds, in bytes: `accounts` of documents, and `pictures` of their pages.

    The last quarter of each is kept for documents that need a person's eyes. `pages` bounds the
    pictures of one document. What has no room is left to `docextract review`.
    """

    accounts: int = 16 << 20
    account: int = 4 << 20
    pictures: int = 20 << 20
    pages: int = 24
    text: int = 100_000


_FOR_ALL = 0.75


class ReportFile:
    """Use it as `with ReportFile(out) as report`, `add` every line in order, then `finish`. Not finished: no trace."""

    def __init__(self, out: Path, *, inputs: tuple[str, ...] = (), room: Room | None = None) -> None:
        """`inputs` are the run's, to keep their places out of messages."""
        self._out = out
        self._scrub = Scrub(out, inputs)
        self._room = room or Room()
        self._pictures = Pictures(out)
        self._totals = Totals()
        self._used = {"accounts": 0, "pictures": 0}
        self._left_out = {"accounts": 0, "pictures": 0}
        self._count = 0
        stem = f".{secrets.token_hex(6)}"
        folder = out / ".docextract"
        self._places = [folder / f"{stem}.rows.tmp", folder / f"{stem}.parts.tmp", out / f"{stem}.tmp"]
        self._files: list[IO[str]] = []

    def __enter__(self) -> Self:
        try:
            self._places[0].parent.mkdir(parents=True, exist_ok=True)
            for place in self._places[:2]:
                self._files.append(place.open("x+", encoding="utf-8", errors="replace"))
        except OSError as error:
            self._close()
            raise output_error(self._out / NAME, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def add(self, line: Line) -> None:
        """One document of the run. Raises OutputError where there is no room on the disk."""
        place = place_of(line)
        entry = entry_of(line, output_at(self._out, place) if place is not None else None, self._scrub)
        self._totals.add(entry)
        rows, parts = self._files
        try:
            held = self._hold(parts, entry)
            rows.write((",\n" if self._count else "") + safe_json([*entry.row, held]))
        except OSError as error:
            raise output_error(self._out / NAME, error) from error
        self._count += 1

    def finish(self, facts: Mapping[str, Json]) -> Path:
        """Write the page and put it in its place; `facts` is the head of the run. Raises OutputError."""
        target = self._out / NAME
        run = {
            **facts,
            "mode": "report",
            "columns": COLUMNS,
            "totals": self._totals.as_json(),
            "left_out": self._left_out,
        }
        try:
            with self._places[2].open("x", encoding="utf-8", errors="replace") as page:
                page.write(opening(served=False))
                page.write(data("run", safe_json(run)))
                page.write('<script type="application/json" id="rows">[')
                self._pour(0, page)
                page.write("]</script>\n")
                self._pour(1, page)
                page.write(closing())
                page.flush()
                os.fsync(page.fileno())
            self._places[2].replace(target)
        except OSError as error:
            raise output_error(target, error) from error
        return target

    def _pour(self, which: int, page: IO[str]) -> None:
        file = self._files[which]
        file.seek(0)
        shutil.copyfileobj(file, page, 1 << 16)

    def _hold(self, parts: IO[str], entry: Entry) -> int:
        """Write what there is room for: 0 nothing, 1 the account, 2 with pictures or text."""
        if entry.account is None:
            return 0
        needed = bool(entry.row[COLUMNS.index("look")]) or entry.state != "complete"
        pictures = self._pictures.of(entry.digest)
        sizes = {str(page): [picture.width, picture.height] for page, picture in pictures.items()}
        texts = {str(page): text for page, text in self._pictures.texts(entry.digest, self._room.text).items()}
        text = safe_json({**entry.account, "sizes": sizes, "texts": texts})
        if len(text) > self._room.account or not self._fits("accounts", len(text), needed=needed):
            self._left_out["accounts"] += 1
            return 0
        parts.write(data(f"d{self._count}", text))
        shown = [
            page for page in _first(entry, pictures)[: self._room.pages] if self._show(parts, page, pictures, needed)
        ]
        self._left_out["pictures"] += len(pictures) - len(shown)
        return 2 if shown or texts else 1

    def _show(self, parts: IO[str], page: int, pictures: Mapping[int, Picture], needed: bool) -> bool:
        picture = pictures[page]
        try:
            size = picture.path.stat().st_size
            if not self._fits("pictures", size * 4 // 3, needed=needed):
                return False
            content = base64.b64encode(picture.path.read_bytes()).decode("ascii")
        except OSError:  # taken away meanwhile: a page without a picture
            return False
        parts.write(data(f"p{self._count}-{page}", f'"data:{picture.media_type};base64,{content}"'))
        return True

    def _fits(self, what: str, size: int, *, needed: bool) -> bool:
        room = getattr(self._room, what) * (1.0 if needed else _FOR_ALL)
        if self._used[what] + size > room:
            return False
        self._used[what] += size
        return True

    def _close(self) -> None:
        for file in self._files:
            file.close()
        for place in self._places:
            with suppress(OSError):
                place.unlink(missing_ok=True)


def _first(entry: Entry, pictures: Mapping[int, Picture]) -> list[int]:
    """Pages that have a picture: those where something was found or is amiss first, then the others, in order."""
    named = {item.get("page") for item in (*(entry.meta.get("evidence") or ()), *(entry.meta.get("issues") or ()))}
    return sorted(pictures, key=lambda page: (page not in named, page))
