"""Facts about a model, all of them data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from docextract.types.plain import Json

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
    image before base64. `form` is how the bytes are written: a data URI, or bare base64. `links` where
    the endpoint fetches images by their https address too.
    """

    rule: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    max_bytes: int
    max_side: int
    max_count: int
    media_types: tuple[str, ...] = ("image/jpeg", "image/png")
    form: Literal["data_uri", "base64"] = "data_uri"
    links: bool = False


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
class BatchFacts:
    """A batch endpoint as OpenAI and Zhipu have it: JSONL files of requests, answered within a day.

    `url` stands in every line; a file holds at most `max_lines` lines and `max_bytes` bytes. `share` is
    the part of the list price that is paid.
    """

    url: str
    max_bytes: int = 100_000_000
    max_lines: int = 50_000
    share: float = 1.0


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
    `batch` is the endpoint's batch service (None: it has none that is spoken here).
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
    batch: BatchFacts | None = None
    known: bool = True
    date: str = ""

    @property
    def id(self) -> str:
        """`provider/name`, as --model takes it."""
        return f"{self.provider}/{self.name}"
