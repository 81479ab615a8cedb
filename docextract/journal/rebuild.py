"""A journal made again from an output folder, so that documents that stand there are not asked about anew.

A sidecar does not say all that a job asks, nor when its source was last written. So what is rebuilt is
known by content: `content_fingerprint` of the source's digest, `content_signature` of model and schemas.
Whoever looks a unit up compares with these where the usual ones do not fit.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio

from docextract.errors import OutputError
from docextract.journal.protocol import Journal
from docextract.journal.rows import ResultRow, UnitRow

_META = ".meta.json"
_DATA = (".json", ".yaml")
_PRIVATE = ".docextract"
_BATCH = 200


def content_fingerprint(sha256: str) -> str:
    """What a rebuilt unit's `fingerprint` is: the digest of its document's content (`Document.digest`)."""
    return f"content {sha256}"


def content_signature(model: str, schemas: Sequence[tuple[str, str]]) -> str:
    """What a rebuilt unit's `signature` is: the model's name, and name and digest of every schema, in any order."""
    return " ".join(["content", model, *(f"{name}:{digest}" for name, digest in sorted(schemas))])


def set_aside(path: Path) -> Path | None:
    """Rename a journal's file and its log out of the way, to `NAME.damaged-N`; where to, None if there was none.

    Nothing is deleted. Raises OutputError where it cannot be renamed.
    """
    number = 1
    while (kept := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    moved = None
    try:
        for suffix in ("-wal", "-shm", ""):
            file = path.with_name(path.name + suffix)
            if file.exists():
                file.rename(kept.with_name(kept.name + suffix))
                moved = kept
    except OSError as error:
        raise OutputError(f"journal {path} cannot be moved aside: {error.strerror}") from error
    return moved


async def rebuild(out: Path, journal: Journal) -> int:
    """Adopt every complete document of an output folder into a started journal; returns how many units.

    A document is taken whose sidecars all say complete and whose data files are there and can be read, and
    which is not one of several in its file.
    What the journal knows already stays. Names that are no UTF-8 are told apart by no sidecar and left out.
    """
    count = 0
    batch: list[tuple[UnitRow, list[ResultRow]]] = []
    for found in await anyio.to_thread.run_sync(lambda: list(_documents(out))):
        batch.append(found)
        if len(batch) == _BATCH:
            await journal.adopt(batch)
            count, batch = count + len(batch), []
    await journal.adopt(batch)
    return count + len(batch)


@dataclass(slots=True)
class _Found:
    """What the sidecars of one source say together."""

    metas: list[dict[str, Any]] = field(default_factory=list)
    results: list[ResultRow] = field(default_factory=list)
    is_whole: bool = True


def _documents(out: Path) -> Iterator[tuple[UnitRow, list[ResultRow]]]:
    units: dict[str, _Found] = {}
    for folder, stems in _stems(out).items():
        files = [file for file in folder.iterdir() if file.is_file()]
        owned: dict[str, list[Path]] = {stem: [] for stem in stems}
        for file in files:
            stem = _stem_of(file.name, owned)
            if stem is not None:
                owned[stem].append(file)
        for stem, own in owned.items():
            _take(units, out, folder / f"{stem}{_META}", own)
    for name, found in units.items():
        digests = {meta["source"]["sha256"] for meta in found.metas}
        models = {meta["model"] for meta in found.metas}
        if not found.is_whole or len(digests) != 1 or len(models) != 1 or None in digests:
            continue
        schemas = [(meta["schema"]["name"], meta["schema"]["sha256"]) for meta in found.metas]
        row = UnitRow(
            name=name,
            sources="[]",
            fingerprint=content_fingerprint(digests.pop()),
            signature=content_signature(models.pop(), schemas),
        )
        yield row, found.results


def _stems(out: Path) -> dict[Path, list[str]]:
    """The sidecars' stems by folder."""
    stems: dict[Path, list[str]] = {}
    for file in sorted(out.rglob(f"*{_META}")):
        if _PRIVATE not in file.relative_to(out).parts and file.is_file():
            stems.setdefault(file.parent, []).append(file.name.removesuffix(_META))
    return stems


def _stem_of(name: str, stems: Container[str]) -> str | None:
    """The longest stem that a file's name begins with: `b.pdf.receipt` before `b.pdf`."""
    stem = name
    while stem:
        stem = stem.rpartition(".")[0]
        if stem in stems:
            return stem
    return None


def _take(units: dict[str, _Found], out: Path, sidecar: Path, own: Sequence[Path]) -> None:
    meta = _read(sidecar)
    if meta is None:
        return
    name = meta["source"]["path"]
    if "\\x" in name:  # may stand for a byte that is no UTF-8, or for itself
        return
    found = units.setdefault(name, _Found())
    stem = sidecar.name.removesuffix(_META)
    data = [file for file in own if file.name in {stem + end for end in _DATA}]
    # A file that was taken apart is done again: no sidecar says that none of its parts is missing.
    found.is_whole &= (
        "part" not in meta["source"]
        and meta["state"] == "complete"
        and bool(data)
        and all(_is_sound(file) for file in data)
    )
    outputs = {file.relative_to(out).as_posix(): _stamp(file) for file in sorted(own) if file.suffix != ".tmp"}
    found.metas.append(meta)
    found.results.append(
        ResultRow(schema=meta["schema"]["name"], state=meta["state"], summary=_summary(meta, outputs), outputs=outputs)
    )


def _read(sidecar: Path) -> dict[str, Any] | None:
    """A sidecar's value, None for what is none."""
    try:
        meta = json.loads(sidecar.read_bytes())
        sound = isinstance(meta["source"]["path"], str) and isinstance(meta["schema"]["name"], str)
        _ = (meta["source"]["sha256"], meta["schema"]["sha256"], meta["model"], meta["state"], meta["error"])
        _ = (meta["pages"], meta["issues"], meta["attempts"], meta["usage"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return meta if sound else None


def _is_sound(file: Path) -> bool:
    try:
        content = file.read_bytes()
        if file.suffix == ".json":
            json.loads(content)
    except (OSError, ValueError, RecursionError):
        return False
    return bool(content)


def _stamp(file: Path) -> list[Any]:
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns, hashlib.sha256(file.read_bytes()).hexdigest()]


def _summary(meta: dict[str, Any], outputs: dict[str, list[Any]]) -> dict[str, Any]:
    """A document's line in run.json, as the run writes it."""
    return {
        "name": meta["source"]["path"],
        "schema": meta["schema"]["name"],
        "state": meta["state"],
        "error": meta["error"],
        "pages": dict(Counter(entry["state"] for entry in meta["pages"])),
        "issues": len(meta["issues"]),
        "outputs": sorted(outputs),
        "ms": sum(attempt["ms"] for attempt in meta["attempts"]),
        "usage": meta["usage"],
    }
