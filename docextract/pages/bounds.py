"""The limits that hold for every document, in one place: each with its unit, its reason, and how to raise it.

`--limit NAME=VALUE` (repeatable; `limit` in a job file, `DOCEXTRACT_LIMIT`) sets one. A child process is told
the settings of its run when it starts, and asks `bound(NAME)`; what meets a limit raises `reached(NAME, ...)`, whose
message says which limit, its value, and what to type. Numbers that only tune our own work are in `limits.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docextract.errors import ConfigError, InputError, PageError

_KILO, _MEGA = 1_000, 1_000_000
_MEBI, _GIBI = 1 << 20, 1 << 30
_SUFFIXES = {"": 1, "K": _KILO, "M": _MEGA, "G": 1_000 * _MEGA, "KI": 1 << 10, "MI": _MEBI, "GI": _GIBI}
_SETTING = re.compile(r"\s*([a-z_]+)\s*=\s*([0-9][0-9_]{0,17})\s*([kmg]i?)?b?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One limit: `value` is its default, `unit` what is counted, `why` the reason for the default."""

    value: int
    unit: str
    why: str


BOUNDS: Mapping[str, Bound] = {
    "file_bytes": Bound(value=2 * _GIBI, unit="bytes of a file", why="a parser may hold a file whole"),
    "page_seconds": Bound(
        value=20, unit="seconds to draw or read a page", why="a page takes 15 ms to draw and 1.5 s to read by OCR"
    ),
    "open_seconds": Bound(
        value=60, unit="seconds to open a document", why="the largest sound PDFs open in 5 s, Word files in 10 s"
    ),
    "render_memory": Bound(
        value=2 * _GIBI, unit="bytes of address space of a drawing process", why="120 megapixels take 1 GB with copies"
    ),
    "read_memory": Bound(
        value=4 * _GIBI, unit="bytes of address space of a reading process", why="onnxruntime maps more than it touches"
    ),
    "image_pixels": Bound(
        value=120 * _MEGA, unit="pixels of an image or frame", why="A3 at 600 dots an inch has 70 million"
    ),
    "image_frames": Bound(value=5_000, unit="frames of an image file", why="a circle of frames would never end"),
    "pixels_per_byte": Bound(
        value=20_000,
        unit="pixels of all frames for each byte of the file, past two billion pixels",
        why="white pages packed by fax rules come to 40,000 each, written ones to 1,000; frames may share their bytes",
    ),
    "animation_pixels": Bound(
        value=1_000 * _MEGA,
        unit="pixels of all frames of a GIF or WebP",
        why="every frame is decoded to find the distinct ones; 480 frames of a full HD screen",
    ),
    "archive_members": Bound(
        value=10_000, unit="members of a zipped document", why="a book with a picture on every page has some 2,000"
    ),
    "archive_bytes": Bound(value=512 * _MEBI, unit="bytes of all members, unpacked", why="a parser holds them all"),
    "archive_ratio": Bound(
        value=200, unit="unpacked over packed bytes, past 10 MB", why="the XML of documents packs 20 to 1, 100 at most"
    ),
    "word_blocks": Bound(
        value=500 * _KILO, unit="paragraphs and table rows", why="10,000 pages of text have fewer; 130 bytes each"
    ),
    "xml_tags": Bound(
        value=20 * _MEGA, unit="tags of one part of a zipped document", why="a tree takes 100 bytes for each and more"
    ),
    "text_bytes": Bound(
        value=16 * _MEBI, unit="bytes of a text, Markdown or HTML file", why="five long novels; pictures in HTML count"
    ),
    "page_words": Bound(
        value=200 * _KILO,
        unit="words of a page, or of a document without pages",
        why="a full newspaper page has 10,000 and 400 sheets of typescript have 200,000; half a kilobyte each",
    ),
    "page_characters": Bound(
        value=2 * _MEGA, unit="characters of a page's text layer", why="ten for each word that is allowed"
    ),
    "table_cells": Bound(
        value=1 * _MEGA, unit="places that the cells of one table cover", why="cells may claim to span a million each"
    ),
}
"""Every settable limit by the name that `--limit` takes."""

_settings: dict[str, int] = {}


def use(settings: Mapping[str, int]) -> None:
    """Take a run's settings: called once in a child, before its first message. ConfigError for an unknown name."""
    _settings.clear()
    _settings.update(settings)
    for name in settings:
        _known(name)


def bound(name: str, settings: Mapping[str, int] | None = None) -> int:
    """The value of a limit: as set in this process (or in `settings`), else its default."""
    given = _settings if settings is None else settings
    return given.get(name, BOUNDS[name].value)


def reached(name: str, what: str) -> InputError:
    """The error of a document over a limit. `what` is a clause that says what was found: "it has 9 members"."""
    return InputError(_message(name, what), code="limit_reached", hint=how_to_raise(name))


def page_reached(name: str, what: str) -> PageError:
    """The same for one page of a document."""
    return PageError(_message(name, what), code="limit_reached", hint=how_to_raise(name))


def how_to_raise(name: str) -> str:
    """What to type."""
    return f"if you trust the file, raise the limit: --limit {name}=N (now {bound(name)})"


def parse_settings(texts: Iterable[str]) -> dict[str, int]:
    """`NAME=VALUE` texts, VALUE a whole number with k, M, G (thousands) or Ki, Mi, Gi (of 1,024). Later ones win."""
    settings: dict[str, int] = {}
    for text in texts:
        match = _SETTING.fullmatch(text)
        if match is None:
            raise ConfigError(f"--limit {text!r} is not NAME=VALUE", hint="for instance --limit image_pixels=300M")
        name = match[1].lower()
        _known(name)
        value = int(match[2].replace("_", "")) * _SUFFIXES[(match[3] or "").upper()]
        if value < 1:
            raise ConfigError(f"--limit {name} must be at least 1", hint="limits are raised, never switched off")
        settings[name] = value
    return settings


def _message(name: str, what: str) -> str:
    return f"{what}: over the limit {name} of {bound(name):,} {BOUNDS[name].unit}"


def _known(name: str) -> None:
    if name not in BOUNDS:
        raise ConfigError(f"--limit: there is no limit {name!r}", hint=f"one of {', '.join(BOUNDS)}")
