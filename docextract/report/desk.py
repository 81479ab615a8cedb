"""What the review shows and keeps: the run's documents, what was said of them, their pictures. No HTTP here."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from docextract.errors import ConfigError
from docextract.output.atomic import write_atomic
from docextract.output.found import output_at
from docextract.pages.pool import Pool
from docextract.report.again import Again
from docextract.report.entry import COLUMNS, Entry, entry_of
from docextract.report.facts import facts_of, last_run
from docextract.report.gold import Edit, Reviews
from docextract.report.lines import Line, place_of, run_head, run_lines
from docextract.report.pictures import Picture, Pictures
from docextract.report.private import Scrub
from docextract.report.sources import Sources
from docextract.report.totals import Totals
from docextract.schema.load import builtin_names, load
from docextract.types import Json

T = TypeVar("T")

_PATIENCE_S = 90.0


class Desk:
    """Belongs to one folder. Methods are called from the server's threads; children live in a loop of their own."""

    def __init__(self, out: Path, gold: Path) -> None:
        """Raises ConfigError for a folder that is not there, or a gold folder that holds outputs of the run."""
        self._out = out
        self._head = run_head(out)
        self._note = last_run(out)
        inputs = tuple(str(name) for name in self._head.get("inputs") or ())
        self._scrub = Scrub(out, inputs)
        self._pictures = Pictures(out)
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()
        if any(gold.rglob("*.meta.json")):
            raise ConfigError(f"{gold} holds outputs of a run", hint="pass another folder with --gold DIR")
        self.reviews = Reviews(gold, self._write)
        self.again = Again(out, self._note, self._write)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="docextract-review", daemon=True)
        self._thread.start()
        self._pools = Pool("render", size=1), Pool("read", size=1)
        self._sources: Sources | None = None

    def close(self) -> None:
        """End the children and the loop."""
        self.again.close()
        self._wait(self._close_pools())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def facts(self) -> dict[str, Json]:
        """The head of the page."""
        return {**facts_of(self._out, self._head, self._note), "mode": "review", "columns": COLUMNS}

    def rows(self) -> dict[str, Json]:
        """Every document's row, the totals, and what was said so far."""
        totals = Totals()
        rows: list[Json] = []
        lines: dict[str, Line] = {}
        for line in run_lines(self._out):
            entry = self._entry(line)
            totals.add(entry)
            rows.append([*entry.row, 2 if entry.account is not None else 0])
            lines[str(entry.row[0])] = line
        with self._lock:
            self._lines = lines
            self._head = run_head(self._out)
        return {"rows": rows, "totals": totals.as_json(), "reviews": self.reviews.all()}

    def document(self, place: str) -> dict[str, Json]:
        """A document's account and review. Raises ConfigError where there is none."""
        entry = self._at(place)
        if entry.account is None:
            raise ConfigError("nothing was written of this document yet", hint="run the same command again")
        pictures = self._pictures.of(entry.digest)
        texts = self._pictures.texts(entry.digest)
        if not texts and not pictures and entry.account["kind"] not in {"pdf", "png", "jpeg", "tiff"}:
            texts = self._wait(self._texts(str(entry.account["name"]), entry.digest))
        sizes = {page: [picture.width, picture.height] for page, picture in pictures.items()}
        return {
            "account": {**entry.account, "sizes": sizes, "texts": texts},
            "review": self.reviews.review(place),
        }

    def picture(self, place: str, page: int) -> tuple[str, bytes] | None:
        """Media type and bytes of a page's picture: as the run kept it, else drawn now and kept."""
        entry = self._at(place)
        kept = self._pictures.of(entry.digest).get(page)
        if kept is None:
            drawn = self._wait(self._draw(str(entry.row[1]), entry.digest, page))
            if drawn is None:
                return None
            return drawn
        return _read(kept)

    def edit(self, place: str, edit: Edit) -> dict[str, Json]:
        """Say something of a field; the review as it then stands. Raises what `Reviews.edit` raises."""
        entry = self._at(place)
        if entry.account is None or entry.account["data"] is None:
            raise ConfigError("this document has no data to correct", hint="run it again first")
        review, warning = self.reviews.edit(place, entry.account["data"], self._schema(entry), edit)
        return {"review": review, "warning": warning}

    def run_again(self, place: str, *, dry: bool) -> dict[str, Json]:
        """Begin to run a document again; `dry` tells the command only."""
        name = str(self._at(place).row[1])
        return {"command": self.again.command(name)} if dry else self.again.start(place, name)

    def _at(self, place: str) -> Entry:
        with self._lock:
            line = self._lines.get(place)
        if line is None:
            self.rows()
            with self._lock:
                line = self._lines.get(place)
        if line is None:
            raise ConfigError("there is no such document in this run", hint="go back to all documents")
        return self._entry(line)

    def _entry(self, line: Line) -> Entry:
        place = place_of(line)
        return entry_of(line, output_at(self._out, place) if place is not None else None, self._scrub)

    def _schema(self, entry: Entry) -> dict[str, Any]:
        """The schema as the run kept it, else a built-in one; a user's own file is never executed here."""
        told = entry.meta.get("schema") or {}
        digest, name = str(told.get("sha256") or ""), str(told.get("name") or "")
        if digest.isalnum():
            kept = _object(self._out / ".docextract" / "schemas" / f"{digest}.json")
            if kept:
                return kept
        return dict(load(name)[0].json_schema) if name in builtin_names() else {}

    def _write(self, path: Path, content: bytes) -> None:
        self._wait(write_atomic(path, content))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=_PATIENCE_S)

    async def _open(self) -> Sources:
        if self._sources is None:
            for pool in self._pools:
                await pool.__aenter__()
            self._sources = Sources(self._out, self._note, *self._pools)
        return self._sources

    async def _close_pools(self) -> None:
        for pool in self._pools:
            await pool.aclose()

    async def _texts(self, name: str, digest: str | None) -> dict[int, str]:
        return await (await self._open()).texts(name, digest)

    async def _draw(self, name: str, digest: str | None, page: int) -> tuple[str, bytes] | None:
        drawn = await (await self._open()).picture(name, digest, page)
        if drawn is None or digest is None:
            return None
        self._pictures.put(digest, {page: drawn}, {})
        return drawn.media_type, drawn.data


def _read(picture: Picture) -> tuple[str, bytes] | None:
    try:
        return picture.media_type, picture.path.read_bytes()
    except OSError:
        return None


def _object(file: Path) -> dict[str, Any]:
    import json

    try:
        value = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
