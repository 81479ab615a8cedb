"""Files, documents, pages, their words and their pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from docextract.types.plain import Box, Fault, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file that an INPUT named. Made by intake; holds no handle.

    `name` is the path relative to the INPUT that named it, POSIX separators, undecodable bytes as
    surrogates. `sha256` is None until the content was read. `fault` is set where the file can be
    named but not extracted (empty, unreadable, unsupported). A file in an object store has its `url`,
    the store's word for its `version`, and is fetched before it is opened: until then `path` only shows
    its name and folder.
    """

    path: Path
    name: str
    kind: Kind
    bytes: int
    mtime_ns: int = 0
    sha256: str | None = None
    fault: Fault | None = None
    url: str | None = None
    version: str = ""

    @property
    def is_told(self) -> bool:
        """Whether its kind is known, or that there is none."""
        return self.kind != "unsupported" or self.fault is not None

    @property
    def is_locked(self) -> bool:
        """Whether all that is wrong with it is a password, which may be known."""
        return self.fault is not None and self.fault.code == "encrypted"

    @property
    def is_useless(self) -> bool:
        """Whether nothing can be had of it, so that it is not even opened."""
        return self.fault is not None and not self.is_locked


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """One of several documents in one file: its first and last page, the how manieth of how many, and why there."""

    first: int
    last: int
    number: int
    of: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What becomes one document: one file, or with --group folder the files of one folder in natural order.

    `name` is what the outputs are named after, before escaping. With --split a unit may hold several
    documents: `part` says which of them this is.
    """

    name: str
    sources: tuple[SourceFile, ...]
    part: FilePart | None = None

    @property
    def title(self) -> str:
        """The name with the part's pages behind it: `b.pdf.p1-3`."""
        return self.name if self.part is None else f"{self.name}.p{self.part.first}-{self.part.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page (PDF page, image, TIFF or GIF frame, or the single page of a kind without pages).

    `source` and `index` say where it is: the file (0-based in `Document.sources`) and the 0-based
    page or frame in it. `width` and `height` are points as displayed, that is after `rotation`
    (degrees clockwise that the viewer applies) or EXIF orientation; for images a pixel is one point
    when no resolution is stated. `digest` identifies the content where it is cheaply known, for
    finding duplicate pages. `pixels` is an image's own size, upright. `only_poppler` says that the page
    ends or outlasts pdfium while poppler can draw it. `fault` is set where the page is known to be
    unusable.
    """

    number: int
    source: int
    index: int
    width: float
    height: float
    rotation: int = 0
    digest: str | None = None
    blank: bool = False
    has_text: bool = False
    pixels: tuple[int, int] | None = None
    only_poppler: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A unit, opened. `digest` is the content digest of all its sources in order.

    `has_layout` is False for kinds without pages (Word, text, Markdown, HTML): one page, evidence
    by `span` in the document's text. `warnings` are for a person (repaired xref, wrong extension).
    `page_total` counts the source's pages, which `pages` may not all describe (`--max-pages`).
    `about` is what a file says of itself (`PDF subject` and its text): looked at, never sent, never evidence.
    """

    unit: Unit
    digest: str
    kind: Kind
    pages: tuple[Page, ...]
    page_total: int
    has_layout: bool = True
    password: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without white space. Points; `size` is the font size or line height in points.

    `span` is [start, end) in `Words.text`, set only for kinds without layout. `turn` is the direction
    the text runs in on the displayed page, in quarter turns clockwise: 0 right, 1 down, 2 left, 3 up.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float = 0.0
    bold: bool = False
    confidence: float = 1.0
    span: tuple[int, int] | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """A drawn straight line, horizontal (y0 == y1) or vertical (x0 == x1), points, x0 <= x1, y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """A cell of a table that the file itself declares (Word, HTML, Markdown). `words` are indexes [start, end)."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    words: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A declared table: its cells in row order, and the caption where the file gives one."""

    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one page in reading order as the reader gave them (the layout room orders them anew).

    `source` says which reader: the text layer, OCR, or `flow`, a kind without layout whose words are
    set on a virtual page one block below the other (then `text` is the document's text and every
    word has a `span` in it). `quality` is 0 to 1: mean OCR confidence, or the share of sound
    characters of a text layer. `hidden` are words that a viewer does not show (render mode 3, white,
    tiny, off the page): never evidence. `grids` are tables the file declares. `note` says in words
    what a person should know (for instance "text layer garbled, read by OCR").
    """

    page: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: Literal["text", "ocr", "flow", "none"]
    quality: float = 1.0
    rulings: tuple[Ruling, ...] = ()
    hidden: tuple[Word, ...] = ()
    grids: tuple[Grid, ...] = ()
    text: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderSpec:
    """How an image is wanted: the pixel size it must have (rendered straight to it), format, renderer, crop.

    `crop` is in fractions of the displayed page; `width` and `height` are then the crop's pixels.
    """

    width: int
    height: int
    format: Literal["jpeg", "png"] = "jpeg"
    renderer: Literal["pdfium", "poppler"] = "pdfium"
    quality: int = 85
    crop: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPage:
    """Pixels as a file in memory, ready to be sent. `crop` is in fractions of the displayed page.

    `link` is the https address where these very bytes were found, if that is where they come from.
    """

    page: int
    media_type: Literal["image/jpeg", "image/png"]
    data: bytes = field(repr=False)
    width: int
    height: int
    crop: Box | None = None
    blank: bool = False
    link: str | None = None
