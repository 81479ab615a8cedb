"""A digest of what a PDF page shows, for finding pages that stand twice in a document.

Two pages get one digest only when everything they draw is equal byte for byte: content streams, the resources
they may refer to (fonts, images, forms, followed through every reference), boxes, rotation and annotations.
The raw, still compressed streams are hashed, so it costs a fraction of drawing. Where it cannot be sure (a cycle,
a form field without an appearance, too much to hash) there is no digest: a page is never wrongly a duplicate.
"""

from __future__ import annotations

import hashlib

from pypdf import PageObject
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from docextract.pages.limits import HASHED_BYTES, HASHED_DEPTH

PAGE_KEYS = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group")
ANNOTATION_KEYS = (
    "/Subtype", "/Rect", "/F", "/AP", "/AS", "/C", "/IC", "/CA", "/BM", "/MK", "/Border", "/BS", "/BE", "/QuadPoints",
    "/V", "/FT", "/DA", "/Contents", "/Vertices", "/InkList", "/L", "/LE", "/OC",
)  # fmt: skip
UNSEEN_STREAM_KEYS = {"/Length", "/Metadata", "/PieceInfo", "/LastModified", "/StructParent", "/StructParents"}
"""Keys of stream dictionaries that never change what is drawn. Resource dictionaries are hashed whole: their keys
are names that content refers to, and any name may be one."""


class UnsureError(Exception):
    """No digest can be had that would surely differ where the page looks different."""


class Fingerprints:
    """Digests of the pages of one document. Shared objects (fonts, logos) are hashed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}
        self._open: set[tuple[int, int]] = set()
        self._bytes = 0

    def of(self, page: PageObject) -> str | None:
        """SHA-256 of what the page draws, 64 hex digits, or None where unsure. pypdf's errors pass through."""
        self._bytes = 0
        self._open.clear()
        sha = hashlib.sha256()
        try:
            for key in PAGE_KEYS:
                sha.update(key.encode() + self._digest(page.raw_get(key), 0) if key in page else b"-")
            annotations = page.get("/Annots")
            for item in annotations.get_object() if annotations is not None else ():
                sha.update(self._annotation(item.get_object()))
        except UnsureError:
            return None
        return sha.hexdigest()

    def _annotation(self, annotation: PdfObject | None) -> bytes:
        if not isinstance(annotation, DictionaryObject):
            return b"?"
        if annotation.get("/Subtype") == "/Widget" and "/AP" not in annotation:
            raise UnsureError  # its look comes from a value that may stand in a parent field
        sha = hashlib.sha256()
        for key in ANNOTATION_KEYS:
            if key in annotation:
                sha.update(key.encode() + self._digest(annotation.raw_get(key), 1))
        return sha.digest()

    def _digest(self, thing: PdfObject, depth: int) -> bytes:
        if depth > HASHED_DEPTH:
            raise UnsureError
        if not isinstance(thing, IndirectObject):
            return self._direct(thing, depth)
        key = (thing.idnum, thing.generation)
        if key not in self._known:
            if key in self._open:
                raise UnsureError
            self._open.add(key)
            resolved = thing.get_object()
            self._known[key] = self._direct(resolved if resolved is not None else NullObject(), depth + 1)
            self._open.discard(key)
        return self._known[key]

    def _direct(self, thing: PdfObject, depth: int) -> bytes:
        sha = hashlib.sha256(type(thing).__name__.encode())
        if isinstance(thing, DictionaryObject):
            for key in sorted(thing):
                if not (isinstance(thing, StreamObject) and key in UNSEEN_STREAM_KEYS):
                    sha.update(f"{len(key)}{key}".encode("utf-8", "surrogatepass"))
                    sha.update(self._digest(thing.raw_get(key), depth + 1))
            if isinstance(thing, StreamObject):
                sha.update(self._count(thing._data))  # noqa: SLF001  the stream as it stands in the file, not inflated
        elif isinstance(thing, ArrayObject):
            for item in thing:
                sha.update(self._digest(item, depth + 1))
        elif isinstance(thing, ByteStringObject):
            sha.update(self._count(bytes(thing)))
        elif isinstance(thing, TextStringObject):
            sha.update(self._count(thing.original_bytes))
        else:
            sha.update(repr(thing).encode("utf-8", "surrogatepass"))
        return sha.digest()

    def _count(self, data: bytes | str) -> bytes:
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        self._bytes += len(raw)
        if self._bytes > HASHED_BYTES:
            raise UnsureError
        return raw
