"""A Word file as its parts: the document, its styles, numbering, notes, headers and pictures, by relationship."""

from __future__ import annotations

import io
import posixpath
import zipfile
from pathlib import Path
from typing import Any

from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.package import Package
from lxml import etree

from docextract.errors import InputError
from docextract.pages.preflight import ZIP_ERRORS

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


class WordPart:
    """One part: `element` is its root, `pictures` and `parts` follow relationships."""

    def __init__(self, part: Any) -> None:
        self.part = part
        self._element: Any = None

    @property
    def element(self) -> Any:
        """The part's root element."""
        if self._element is None:
            own = getattr(self.part, "element", None)
            try:
                self._element = own if own is not None else parse_xml(self.part.blob)
            except etree.XMLSyntaxError as error:
                raise InputError(f"damaged Word file: {error}") from error
        return self._element

    def related(self, ending: str) -> list[WordPart]:
        """Parts related by a type that ends so ("/styles"), in the order of their relationships."""
        relations = (r for r in self.part.rels.values() if not r.is_external)
        return [WordPart(relation.target_part) for relation in relations if _is_of_type(relation, ending)]

    def by_id(self, identity: str) -> WordPart | None:
        """The part behind r:id, or None where it leads outside or nowhere."""
        relation = self.part.rels.get(identity)
        return None if relation is None or relation.is_external else WordPart(relation.target_part)

    @property
    def blob(self) -> bytes:
        """The part's bytes."""
        return bytes(self.part.blob)


def open_word(path: str | Path) -> WordPart:
    """The document part of a Word file (also of templates and files with macros, which are never run)."""
    try:
        package = _open(path)
        for relation in package.rels.values():
            if _is_of_type(relation, "/officeDocument") and not relation.is_external:
                return WordPart(relation.target_part)
    except (OpcError, KeyError, AttributeError, TypeError, etree.XMLSyntaxError, *ZIP_ERRORS) as error:
        # What python-docx lets out on broken packages: it trusts every relationship and content type.
        told = " ".join(str(error).split())[:200]
        raise InputError(f"damaged Word file ({type(error).__name__}: {told})") from error
    raise InputError("damaged Word file: no document in it")


def _is_of_type(relation: Any, ending: str) -> bool:
    """Whether its type ends so; one that lost its type is of none, and costs the document nothing else."""
    return (relation.reltype or "").endswith(ending)


def _open(path: str | Path) -> Any:
    try:
        return Package.open(str(path))
    except KeyError:  # a relationship to a part that is not there: common in files of other programs
        return Package.open(_mended(path))


def _mended(path: str | Path) -> io.BytesIO:
    """The archive without relationships that lead nowhere. The preflight has bounded its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as mended:
        names = set(archive.namelist())
        for name in dict.fromkeys(archive.namelist()):
            data = archive.read(name)
            if name.endswith(".rels"):
                data = _without_dangling(data, name, names)
            mended.writestr(name, data)
    out.seek(0)
    return out


def _without_dangling(data: bytes, name: str, names: set[str]) -> bytes:
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in list(root.iter(f"{{{RELATIONSHIPS}}}Relationship")):
        target = relation.get("Target", "")
        place = posixpath.normpath(target[1:] if target.startswith("/") else posixpath.join(folder, target))
        if relation.get("TargetMode") != "External" and place not in names:
            root.remove(relation)
    return bytes(etree.tostring(root))
