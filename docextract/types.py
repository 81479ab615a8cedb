"""The nouns that flow from room to room, all frozen, none with behaviour beyond small derived views.

Units, unless a field says otherwise: page numbers are 1-based; lengths on a page are PDF points
(1/72 inch) of the page as displayed, origin top left, y growing downwards; times are milliseconds;
money is USD. Nothing here imports a third-party package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

Json = Any
"""A JSON value: None, bool, int, float, str, list of Json, or dict of str to Json."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1. In `Words` in points; in `Evidence` as fractions (0 to 1) of the displayed page."""

Kind = Literal[
    "pdf", "docx", "doc", "odt", "rtf", "pptx", "xlsx",
    "png", "jpeg", "webp", "gif", "bmp", "tiff",
    "text", "markdown", "html", "unsupported",
]  # fmt: skip
"""What a file is by its content, never by its extension."""

Scope = Literal["run", "file", "window", "page"]
DocumentState = Literal["complete", "partial", "failed"]
PageState = Literal["extracted", "blank", "skipped", "duplicate", "failed"]
Status = Literal["verbatim", "normalised", "approximate", "contradicted", "absent", "unchecked", "inferred"]


# --- what went wrong, as data ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error as it is written and shown: `code` is one of CODES in errors.py; `hint` says what to type next."""

    code: str
    message: str
    hint: str
    scope: Scope = "file"


# --- files and documents --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file that an INPUT named. Made by intake; holds no handle.

    `name` is the path relative to the INPUT that named it, POSIX separators, undecodable bytes as
    surrogates. `sha256` is None until the content was read. `fault` is set where the file can be
    named but not extracted (empty, unreadable, unsupported).
    """

    path: Path
    name: str
    kind: Kind
    bytes: int
    mtime_ns: int = 0
    sha256: str | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What becomes one document: one file, or with --group folder the files of one folder in natural order.

    `name` is what the outputs are named after, before escaping.
    """

    name: str
    sources: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page (PDF page, image, TIFF or GIF frame, or the single page of a kind without pages).

    `source` and `index` say where it is: the file (0-based in `Document.sources`) and the 0-based
    page or frame in it. `width` and `height` are points as displayed, that is after `rotation`
    (degrees clockwise that the viewer applies) or EXIF orientation; for images a pixel is one point
    when no resolution is stated. `digest` identifies the content where it is cheaply known, for
    finding duplicate pages. `pixels` is an image's own size, upright. `fault` is set where the page
    is known to be unusable.
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
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A unit, opened. `digest` is the content digest of all its sources in order.

    `has_layout` is False for kinds without pages (Word, text, Markdown, HTML): one page, evidence
    by `span` in the document's text. `warnings` are for a person (repaired xref, wrong extension).
    `page_total` counts the source's pages, which `pages` may not all describe (`--max-pages`).
    """

    unit: Unit
    digest: str
    kind: Kind
    pages: tuple[Page, ...]
    page_total: int
    has_layout: bool = True
    password: str | None = field(default=None, repr=False)
    warnings: tuple[str, ...] = ()


# --- words ----------------------------------------------------------------------------------------


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


# --- images ---------------------------------------------------------------------------------------


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
    """Pixels as a file in memory, ready to be sent. `crop` is in fractions of the displayed page."""

    page: int
    media_type: Literal["image/jpeg", "image/png"]
    data: bytes = field(repr=False)
    width: int
    height: int
    crop: Box | None = None
    blank: bool = False


# --- asking ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """A page (or a tile of a tall one) as a window holds it: where and how large, no pixels, its token estimate."""

    page: int
    spec: RenderSpec
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A run of pages that is asked about at once. `tokens_low` and `tokens_high` bound the input tokens.

    `images` is empty where the pages go as text (`text_pages`, or the embedded engine).
    """

    document: str
    index: int
    of: int
    pages: tuple[int, ...]
    images: tuple[PageImage, ...] = ()
    text_pages: tuple[int, ...] = ()
    tokens_low: int = 0
    tokens_high: int = 0
    answer_tokens: int = 0


class PageSource(Protocol):
    """Gives the words and pixels of a document's pages when they are needed, each prepared once."""

    async def words(self, pages: Sequence[int]) -> tuple[Words, ...]:
        """Words of these pages, in the order asked for. A page that cannot be read raises its error."""
        ...

    async def images(self, images: Sequence[PageImage]) -> tuple[RenderedPage, ...]:
        """Pixels at exactly the sizes asked for, in the order asked for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of the chat as the prompt room builds it: text and images in order. No wire shape yet.

    `cache` marks the end of a prefix that later requests share (providers with explicit breakpoints).
    """

    role: Literal["system", "user", "assistant"]
    parts: tuple[str | PageImage | RenderedPage, ...]
    cache: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionRequest:
    """One question about one window, ready for a `ModelClient`. Holds neither key nor URL.

    `schema` is the JSON Schema wanted (x-aliases, x-evidence, ... included); `wire_schema` is what the
    endpoint is sent of it. `messages` is empty for the embedded engine, which reads `pages` itself.
    `key` is the cache key, the journal key and the recording key (DESIGN: known before anything is
    rendered). `params` are the answer-changing parameters (max_tokens, temperature, thinking, ...).
    """

    model: str
    key: str
    window: Window
    schema: Mapping[str, Json]
    wire_schema: Mapping[str, Json] | None = None
    messages: tuple[Message, ...] = ()
    params: Mapping[str, Json] = field(default_factory=dict)
    pages: PageSource = field(repr=False)
    request_id: str = ""
    deadline_s: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one or more calls. `input_tokens` includes `cached_tokens`; `output_tokens` includes reasoning."""

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: float = 0.0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            reasoning_tokens=self.reasoning_tokens + other.reasoning_tokens,
            cost_usd=self.cost_usd + other.cost_usd,
            estimated=self.estimated or other.estimated,
        )


class _Inferred:
    """Marks a schema field as computed or judged, so that it is not looked for on a page.

    Used as `Annotated[int, Evidence.inferred]`; shows as `"x-evidence": "inferred"` in the JSON Schema.
    """

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: Callable[[Any], dict[str, Any]]
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        schema["x-evidence"] = "inferred"
        return schema

    def __repr__(self) -> str:
        return "Evidence.inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a leaf of the answer stands on its page. Boxes are fractions (0 to 1) of the displayed page.

    `path` is a JSON pointer; `boxes` has one box a line and `box` is their union; `span` is
    [start, end) in the document's text for kinds without layout. `quote` is the text as printed.
    """

    inferred: ClassVar[_Inferred] = _Inferred()

    path: str
    page: int | None = None
    box: Box | None = None
    boxes: tuple[Box, ...] = ()
    span: tuple[int, int] | None = None
    quote: str | None = None
    status: Status
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What came back, raw. `located` is evidence where the engine knows the place of its own values.

    `finish_reason` is the provider's, translated to stop, length, refused, error or tool. `raw` is the
    provider's own body where it has one, for the journal.
    """

    text: str
    finish_reason: str
    usage: Usage
    ms: int = 0
    request_id: str | None = None
    located: tuple[Evidence, ...] = ()
    reasoning: str | None = None
    raw: bytes | None = field(default=None, repr=False)


class ModelClient(Protocol):
    """Who is asked. Raises a `DocextractError` with its scope and whether to try again."""

    async def ask(self, request: ExtractionRequest) -> ModelReply:
        """One question, one answer. Cancellation safe; bounded by `request.deadline_s`."""
        ...

    async def aclose(self) -> None:
        """Close connections; safe to call twice."""
        ...


# --- answers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that a person may want to look at: `path` a JSON pointer ("" for the document)."""

    path: str
    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two windows or pages gave different values for one field: what was kept, and the others with their page."""

    path: str
    kept: Json
    other: tuple[Mapping[str, Json], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One line of the page ledger. `reason` is an error code, or limit, range, other-document, ..."""

    page: int
    state: PageState
    reason: str | None = None
    window: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call to a model, whatever came of it. `outcome` is ok or an error code."""

    window: int
    n: int
    outcome: str
    finish_reason: str | None = None
    ms: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The validated answer of one window: `value` is the plain JSON value with keys as in the schema.

    `origin` says for every leaf (JSON pointer) which page it came from, where that is known.
    """

    window: Window
    value: Json
    located: tuple[Evidence, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """A window, asked. Exactly one of `record` and `fault` is set."""

    window: Window
    record: Record | None = None
    fault: Fault | None = None
    attempts: tuple[Attempt, ...] = ()
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaName:
    """Which schema, by name and digest, and for `auto` why it was picked."""

    name: str
    sha256: str
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentResult:
    """One document under one schema, at its end. `data` is the JSON value (None when failed)."""

    unit: Unit
    digest: str | None
    kind: Kind
    page_total: int
    schema: SchemaName
    model: str
    state: DocumentState
    data: Json = None
    error: Fault | None = None
    pages: tuple[PageEntry, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    issues: tuple[Issue, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    usage: Usage = Usage()
    file_pages: tuple[tuple[int, int], ...] = ()


# --- facts about a model --------------------------------------------------------------------------

Rung = Literal["json_schema", "json_object", "tool", "plain"]
"""A way to ask for JSON, strictest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """USD per million tokens. `write` is the price of input tokens that are written to a prefix cache.

    `date` is when the price was looked up (ISO), `source` where; a source that starts with
    "upper bound" marks a guess made from the provider's dearest known model.
    """

    input: float
    cached: float
    write: float
    output: float
    date: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What an endpoint takes as an image. `rule` and `parameters` name the image-token formula of the budget room.

    `max_side` is pixels of the longer side, `max_count` images a request, `max_bytes` bytes of one
    image before base64. `form` is how the bytes are written: a data URI, or bare base64.
    """

    rule: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    max_bytes: int
    max_side: int
    max_count: int
    media_types: tuple[str, ...] = ("image/jpeg", "image/png")
    form: Literal["data_uri", "base64"] = "data_uri"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkingSwitch:
    """The body fields that turn reasoning off and on. Both empty where there is no switch."""

    off: Mapping[str, Json] = field(default_factory=dict)
    on: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheRule:
    """How a shared prefix is found again: by itself, at marked breakpoints, or not at all.

    A hit needs `min_tokens` and comes in multiples of `step` tokens; `max_breakpoints` marks a request.
    """

    kind: Literal["implicit", "breakpoints", "none"]
    min_tokens: int = 0
    step: int = 1
    max_breakpoints: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProfile:
    """Facts about one model at one endpoint, all of them data (`docextract/model/profiles.json`).

    `base_url` is what stands before `/chat/completions`. `key_env` are the variables a key may stand
    in, first set wins; empty with `needs_key` False for servers of one's own. `context` and
    `max_output` are tokens. `rungs` are the ways to ask for JSON worth trying, strictest first;
    `tool_choice` how a tool is forced. `schema_dialect` names the subset of JSON Schema that is
    enforced; `error_dialect` whose error codes are spoken. `greedy` are the body fields of
    deterministic sampling. `max_tokens_field` is the body field of the output cap. `stream_usage`
    says that usage in a stream must be asked for. `concurrency` is where the adaptive limit starts.
    `tokenizer` is the model name by which the provider's `/tokenizer` counts (None: it has none).
    `known` is False where the model is not in the table and its provider's upper bounds stand in.
    `date` is when the facts were collected (ISO).
    """

    provider: str
    name: str
    base_url: str
    key_env: tuple[str, ...]
    needs_key: bool = True
    context: int
    max_output: int
    vision: bool = True
    image: ImageFacts
    rungs: tuple[Rung, ...]
    tool_choice: Literal["named", "required", "auto"] = "named"
    schema_dialect: Literal["openai", "anthropic", "gemini", "llamacpp", "none"] = "none"
    thinking: ThinkingSwitch = ThinkingSwitch()
    cache: CacheRule
    price: Price | None = None
    greedy: Mapping[str, Json] = field(default_factory=dict)
    max_tokens_field: str = "max_tokens"
    request_id_field: str | None = None
    stream: bool = True
    stream_usage: bool = True
    error_dialect: Literal["zai", "openai", "anthropic"] = "openai"
    concurrency: int = 4
    headers: Mapping[str, str] = field(default_factory=dict)
    tokenizer: str | None = None
    known: bool = True
    date: str = ""

    @property
    def id(self) -> str:
        """`provider/name`, as --model takes it."""
        return f"{self.provider}/{self.name}"
