"""A document's files written: data, sidecar, artifacts; and what an earlier end of it left, removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from docextract.errors import ConfigError
from docextract.output.folder import Folder, LocalFolder
from docextract.output.json_yaml import dump_yaml, json_pieces
from docextract.output.place import ARTIFACT_SUFFIXES, Placement
from docextract.output.sidecar import pieces
from docextract.types import DocumentResult, Json

Artifact = tuple[str, bytes]
"""The suffix behind the stem (`openapi.yaml`), and the content."""


class Writer(Protocol):
    """A form that data files can have. `extension` has no dot."""

    extension: str

    def pieces(self, value: Json) -> Iterable[bytes]:
        """The whole file, one piece after the other."""
        ...


class JsonWriter:
    """`.json`."""

    extension = "json"

    def pieces(self, value: Json) -> Iterable[bytes]:
        """UTF-8, indent 2."""
        return json_pieces(value)


class YamlWriter:
    """`.yaml`."""

    extension = "yaml"

    def pieces(self, value: Json) -> Iterable[bytes]:
        """UTF-8, reads back equal. Held whole: YAML is made by a library that gives nothing before its end."""
        return (dump_yaml(value),)


WRITERS: dict[str, Writer] = {"json": JsonWriter(), "yaml": YamlWriter()}


async def write_document(
    out: Folder | Path,
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
    files: list[tuple[str, Iterable[bytes]]] = []
    if result.state != "failed":
        partial = result.state == "partial"
        files.append((placement.data(writer.extension, partial=partial), writer.pieces(result.data)))
        files += [(placement.artifact(suffix), (data,)) for suffix, data in artifacts]
    files.append((placement.meta, pieces(result)))
    wanted = {name for name, _ in files}
    folder = LocalFolder(out) if isinstance(out, Path) else out
    outputs = {}
    for name, data in files:
        if name == placement.meta:
            left = await folder.left(placement, _possible(placement))
            await folder.remove([stale for stale in left if stale not in wanted])
        outputs[name] = await folder.write(name, data)
    return outputs


def _possible(placement: Placement) -> list[str]:
    """Every file that some end of the document leaves, except the sidecar."""
    data = [placement.data(form, partial=partial) for form in WRITERS for partial in (False, True)]
    return data + [placement.artifact(suffix) for suffix in ARTIFACT_SUFFIXES]
