"""From a document's name to the paths of its outputs.

The name is the source's own wherever the file system allows it. Otherwise, by these rules, each a
function of the name alone so that every worker and every run comes to the same:

- bytes that are no UTF-8, NUL, and empty, `.` and `..` parts are written as `%XX`;
- a part of more than 200 bytes keeps its first 80 characters, then `.` and 8 hex digits of the
  name's SHA-256, then its extension;
- a name that would meet an output of another kind (`run` beside run.json; `x.meta`, `x.partial`,
  `x.openapi`, `x.p1-3`; a folder called `x.json`) gets `.` and the 8 digits behind it;
- with `folds_case`, of names that differ only in case or Unicode form, all but the first in
  sorted order get the 8 digits too.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from docextract.errors import OutputError

MAX_PART = 200
"""Bytes of a path's part: 255 on every usual file system, less what is put behind it."""

ARTIFACT_SUFFIXES = ("openapi.yaml", "tables.xlsx", "document.md")
"""Artifacts that a document may leave, removed again when it no longer has them."""

ARTIFACT_SERIES = ("table-{}.csv", "table-{}.numbers.csv")
"""Artifacts that a document may leave any number of, counted from 1 without a gap."""

ARTIFACT_FOLDER = "files"
"""The folder, behind the document's name, of artifacts that have names of their own."""

_STEM = 80
_TAKEN_ENDS = (".meta", ".partial", *(f".{name[:-5]}" for name in ARTIFACT_SUFFIXES if name.endswith(".yaml")))
_OUTPUT_ENDS = (".json", ".yaml", ".html", ".tmp", f".{ARTIFACT_FOLDER}")
# Artifacts whose ending an input's folder may well have; with the rest of their name it cannot mean another thing.
_ARTIFACTS = re.compile(r"\.(?:table-\d+(?:\.numbers)?\.csv|tables\.xlsx|document\.md)\Z")
_PART = re.compile(r"\.p\d+-\d+\Z")
_TAKEN_ROOTS = ("run", "report")
# Refused by Windows' file systems only: escaped where `portable` is asked for.
_UNPORTABLE = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a document's files go. `stem` is relative to the output folder, POSIX separators, schema included."""

    name: str
    stem: str

    def data(self, form: str, *, partial: bool = False) -> str:
        """The data file, or the one of a partial document."""
        return f"{self.stem}.partial.{form}" if partial else f"{self.stem}.{form}"

    @property
    def meta(self) -> str:
        """The sidecar."""
        return f"{self.stem}.meta.json"

    def artifact(self, suffix: str) -> str:
        """A file made from the record, for instance `openapi.yaml`."""
        return f"{self.stem}.{suffix}"


class Placer:
    """Names to placements. `names` are all names of the run, needed only where the file system folds case."""

    def __init__(
        self, names: Iterable[str] = (), *, folds_case: bool = False, portable: bool = os.name == "nt"
    ) -> None:
        self._portable = portable
        self._twins = _twins(names) if folds_case else frozenset()
        self.renamed: dict[str, str] = {}

    def place(self, name: str, *, schema: str | None = None, part: tuple[int, int] | None = None) -> Placement:
        """The placement of a document; `schema` where several schemas stand over the same documents.

        `part` are the first and last page of a document that is one of several in its file.
        What differs from the name itself is noted in `renamed`, for run.json. Raises OutputError for
        an absolute name or one that goes up.
        """
        stem = self._stem(name)
        if stem != name:
            self.renamed[name] = stem
        if part is not None:
            stem = f"{stem}.p{part[0]}-{part[1]}"
        return Placement(name=name, stem=f"{stem}.{schema}" if schema else stem)

    def _stem(self, name: str) -> str:
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:[\\/]", name):
            raise OutputError(f"the name {name!r} leads out of the output folder")
        mark = _mark(name)
        *folders, last = name.split("/")
        parts = [self._folder(part, root=index == 0) for index, part in enumerate(folders)]
        own = self._part(last, mark)
        clash = (
            own.casefold().endswith(_TAKEN_ENDS) or _PART.search(own) or (not parts and own.casefold() in _TAKEN_ROOTS)
        )
        if clash or name in self._twins:
            own = f"{own}.{mark}"
        return "/".join([*parts, own])

    def _folder(self, part: str, *, root: bool) -> str:
        mark = _mark(part)
        own = self._part(part, mark)
        plain = own.casefold()
        clash = plain.endswith(_OUTPUT_ENDS) or _ARTIFACTS.search(plain) or (root and plain == ".docextract")
        return f"{own}.{mark}" if clash else own

    def _part(self, part: str, mark: str) -> str:
        escaped = "".join(_escaped(character) for character in part)
        if escaped in ("", "."):
            escaped = "%2E" if escaped else "%"
        if self._portable:
            escaped = _UNPORTABLE.sub(lambda match: f"%{ord(match[0]):02X}", escaped)
            if escaped[-1] in ". ":
                escaped = f"{escaped[:-1]}%{ord(escaped[-1]):02X}"
            if _DEVICES.match(escaped):
                escaped = f"%{ord(escaped[0]):02X}{escaped[1:]}"
        if len(escaped.encode()) <= MAX_PART:
            return escaped
        stem, dot, extension = escaped.rpartition(".")
        if not dot or len(extension.encode()) > 16:
            stem, extension = escaped, ""
        return f"{_cut(stem)}.{mark}{dot if extension else ''}{extension}"


def folds_case(folder: Path) -> bool:
    """Whether the file system under an existing folder takes `a` and `A` for one name (tried with a file)."""
    probe = folder / f".docextract-{secrets.token_hex(4)}-a"
    try:
        probe.touch()
        try:
            return probe.with_name(probe.name[:-1] + "A").exists()
        finally:
            probe.unlink()
    except OSError:
        return False


def _mark(text: str) -> str:
    """Eight hex digits of a name's SHA-256, by its bytes on the disk where it can have any."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a surrogate pair, which no Linux file name holds but a caller's may
        data = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:8]


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as os.fsdecode gives it
        return f"%{code - 0xDC00:02X}"
    if 0xD800 <= code <= 0xDFFF:
        return f"%u{code:04X}"
    return "%00" if code == 0 else character


def _cut(stem: str) -> str:
    cut = stem[:_STEM]
    while len(cut.encode()) > MAX_PART - 40:
        cut = cut[:-1]
    return cut


def _twins(names: Iterable[str]) -> frozenset[str]:
    """Names that meet an earlier one, in sorted order, on a file system that folds case."""
    seen: set[str] = set()
    twins: set[str] = set()
    for name in sorted(names):
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        if key in seen:
            twins.add(name)
        seen.add(key)
    return frozenset(twins)
