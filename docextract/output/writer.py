"""A document's files written: data, sidecar, artifacts; and what an earlier end of it left, removed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import anyio
import anyio.to_thread

from docextract.errors import ConfigError
from docextract.output.atomic import output_error, remove, write_atomic
from docextract.output.json_yaml import dump_json, dump_yaml
from docextract.output.place import ARTIFACT_FOLDER, ARTIFACT_SERIES, ARTIFACT_SUFFIXES, Placement
from docextract.output.sidecar import meta
from docextract.types import DocumentResult, Json

Artifact = tuple[str, bytes]
"""The suffix behind the stem (`openapi.yaml`), and the content."""


class Writer(Protocol):
    """A form that data files can have. `extension` has no dot."""

    extension: str

    def dump(self, value: Json) -> bytes:
        """The whole file."""
        ...


class JsonWriter:
    """`.json`."""

    extension = "json"

    def dump(self, value: Json) -> bytes:
        """UTF-8, indent 2."""
        return dump_json(value)


class YamlWriter:
    """`.yaml`."""

    extension = "yaml"

    def dump(self, value: Json) -> bytes:
        """UTF-8, reads back equal."""
        return dump_yaml(value)


WRITERS: dict[str, Writer] = {"json": JsonWriter(), "yaml": YamlWriter()}


async def write_document(
    out: Path,
    placement: Placement,
    result: DocumentResult,
    form: str = "json",
    artifacts: Sequence[Artifact] = (),
) -> dict[str, list[Any]]:
    """Write what there is of a document below `out`, the sidecar last, since it vouches for the others.

    Returns [size, mtime_ns, sha256] of each file by its path below `out`. Data of a partial document
    goes to the `.partial.` name; files that another end of the same document would have left are
    removed. Raises OutputError (disk_full, path_refused).
    """
    writer = WRITERS.get(form)
    if writer is None:
        raise ConfigError(
            f"--format {form}: there are {', '.join(WRITERS)}", hint="type --format json or --format yaml"
        )
    files: list[tuple[str, bytes]] = []
    if result.state != "failed":
        partial = result.state == "partial"
        files.append((placement.data(writer.extension, partial=partial), writer.dump(result.data)))
        files += [(placement.artifact(suffix), data) for suffix, data in artifacts]
    files.append((placement.meta, dump_json(meta(result))))
    wanted = {name for name, _ in files}
    outputs = {}
    for name, data in files:
        if name == placement.meta:
            for stale in [*_possible(placement), *await anyio.to_thread.run_sync(_more, out, placement)]:
                if stale not in wanted:
                    await remove(out / stale)
        await write_atomic(out / name, data, root=out)
        outputs[name] = await _stamp(out / name, data)
    return outputs


def _possible(placement: Placement) -> list[str]:
    """Every file that some end of the document leaves, except the sidecar."""
    data = [placement.data(form, partial=partial) for form in WRITERS for partial in (False, True)]
    return data + [placement.artifact(suffix) for suffix in ARTIFACT_SUFFIXES]


def _more(out: Path, placement: Placement) -> list[str]:
    """Artifacts that are there and that any number of may be there."""
    found: list[str] = []
    for series in ARTIFACT_SERIES:
        number = 1
        while (out / placement.artifact(series.format(number))).exists():
            found.append(placement.artifact(series.format(number)))
            number += 1
    folder = out / placement.artifact(ARTIFACT_FOLDER)
    for parent, _, names in os.walk(folder) if folder.is_dir() and not folder.is_symlink() else ():
        found += [(Path(parent) / name).relative_to(out).as_posix() for name in names]
    return found


async def _stamp(path: Path, data: bytes) -> list[Any]:
    try:
        stat = await anyio.Path(path).stat()
    except OSError as error:
        raise output_error(path, error) from error
    return [stat.st_size, stat.st_mtime_ns, hashlib.sha256(data).hexdigest()]
