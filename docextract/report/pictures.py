"""Small pictures of pages, and texts of kinds without layout, kept below OUT/.docextract/pages for whoever looks."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docextract.types import RenderedPage

MOST_TEXT = 400_000
"""Characters of a document's text that are kept."""

_NAME = re.compile(r"(\d+)_(\d+)x(\d+)\.(webp|jpeg|png)")
_DIGEST = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: where it lies, and its size in pixels."""

    path: Path
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """`image/webp` and the like."""
        return f"image/{self.path.suffix[1:]}"


class Pictures:
    """By the document's content digest, so that every run over the same content finds them again."""

    def __init__(self, out: Path) -> None:
        self._root = out / ".docextract" / "pages"

    def of(self, digest: str | None) -> dict[int, Picture]:
        """The pictures of a document, by page number; none where it has none."""
        folder = self._folder(digest)
        if folder is None:
            return {}
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
        except OSError:
            return {}
        found = ((folder / name, _NAME.fullmatch(name)) for name in names)
        return {int(m[1]): Picture(path, int(m[2]), int(m[3])) for path, m in found if m}

    def texts(self, digest: str | None, most: int = MOST_TEXT) -> dict[int, str]:
        """The texts of a document without layout, by page number, as far as they are kept."""
        folder = self._folder(digest)
        if folder is None or not folder.is_dir():
            return {}
        texts = {}
        for path in sorted(folder.glob("*.txt")):
            if path.stem.isdigit():
                texts[int(path.stem)] = path.read_text(encoding="utf-8", errors="replace")[:most]
        return texts

    def put(self, digest: str, pictures: Mapping[int, RenderedPage], texts: Mapping[int, str]) -> int:
        """Keep them; how many bytes that took. Raises OSError where they cannot be written."""
        folder = self._folder(digest)
        if folder is None:
            return 0
        size = 0
        folder.mkdir(parents=True, exist_ok=True)
        for page, picture in pictures.items():
            ending = picture.media_type.removeprefix("image/")
            size += _write(folder / f"{page}_{picture.width}x{picture.height}.{ending}", picture.data)
        for page, text in texts.items():
            size += _write(folder / f"{page}.txt", text[:MOST_TEXT].encode("utf-8", "replace"))
        return size

    def size(self) -> int:
        """Bytes of all that is kept."""
        return sum(
            os.stat(os.path.join(folder, name)).st_size  # noqa: PTH116, PTH118 - thousands of files, no objects
            for folder, _, names in os.walk(self._root)
            for name in names
        )

    def _folder(self, digest: str | None) -> Path | None:
        # A sidecar may be anybody's: its digest becomes a path only if it is one.
        if digest is None or not _DIGEST.fullmatch(digest):
            return None
        return self._root / digest[:2] / digest[2:40]


def _write(path: Path, data: bytes) -> int:
    temporary = path.with_name(f".{secrets.token_hex(6)}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
    return len(data)
