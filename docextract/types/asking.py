"""Windows, questions, and what comes back: the nouns that a model client meets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from docextract.types.documents import RenderedPage, RenderSpec, Words
from docextract.types.plain import Box, Json, Status


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
