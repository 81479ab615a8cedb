"""Putting an answer together from the pieces of a stream, or from one whole body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from docextract.errors import DocextractError, ReplyError
from docextract.model.loops import LoopGuard
from docextract.model.price import cost
from docextract.types import Json, ModelProfile, ModelReply, Usage

FINISH: dict[str, str] = {
    **dict.fromkeys(("stop", "end_turn", "eos", "stop_sequence"), "stop"),
    **dict.fromkeys(("tool_calls", "function_call", "tool_use"), "tool"),
    **dict.fromkeys(("length", "max_tokens", "model_context_window_exceeded"), "length"),
    **dict.fromkeys(("sensitive", "content_filter", "refusal", "safety", "prohibited_content", "blocklist"), "refused"),
    **dict.fromkeys(("network_error", "error"), "error"),
}
"""What providers call the end of an answer, and what it is called here. "loop" is our own: cut for repeating itself."""

_ESTIMATED_CHARS_PER_TOKEN = 3  # on the dear side for JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A `usage` object, read: `written` are input tokens that went into a cache at its own price."""

    input: int
    cached: int
    written: int
    output: int
    reasoning: int
    cost_usd: float | None = None


class Assembly:
    """Takes chunks (or one whole completion) in order; `done` and `looping` say when to stop listening."""

    def __init__(self) -> None:
        self._content: list[str] = []
        self._reasoning: list[str] = []
        self._arguments: dict[int, list[str]] = {}
        self._guards = {"content": LoopGuard(), "reasoning": LoopGuard(), "arguments": LoopGuard()}
        self.finish: str | None = None
        self.tokens: Tokens | None = None
        self.request_id: str | None = None
        self.done = False
        self.looping = False
        self.progress = 0

    def feed(self, chunk: Mapping[str, Json]) -> None:
        """Take a chunk. Whatever is missing or of the wrong type in it is passed over."""
        if isinstance(chunk.get("id"), str):
            self.request_id = chunk["id"]
        self.tokens = read_usage(chunk.get("usage")) or read_timings(chunk.get("timings")) or self.tokens
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if not isinstance(choice, dict) or choice.get("index", 0) != 0:
                continue
            piece = choice.get("delta") or choice.get("message")
            if isinstance(piece, dict):
                self._piece(piece)
            if isinstance(choice.get("finish_reason"), str) and self.finish != "refused":
                self.finish = FINISH.get(choice["finish_reason"].lower(), "stop")

    def _piece(self, piece: Mapping[str, Json]) -> None:
        content = piece.get("content")
        for part in content if isinstance(content, list) else ():
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                self._add("content", self._content, part["text"])
        self._add("content", self._content, content)
        # vLLM and OpenRouter call it `reasoning`; some send both, with the same words.
        self._add("reasoning", self._reasoning, piece.get("reasoning_content") or piece.get("reasoning"))
        calls = piece.get("tool_calls")
        for place, call in enumerate(calls if isinstance(calls, list) else ()):
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict):
                index = call.get("index", place)
                arguments = function.get("arguments")
                # The documents of Z.ai say object, its wire says string; both are taken.
                text = json.dumps(arguments) if isinstance(arguments, dict) else arguments
                self._add("arguments", self._arguments.setdefault(index if isinstance(index, int) else place, []), text)
        if isinstance(piece.get("refusal"), str) and piece["refusal"]:
            self._add("content", self._content, piece["refusal"])
            self.finish = "refused"

    def _add(self, kind: str, pieces: list[str], text: Json) -> None:
        if isinstance(text, str) and text:
            pieces.append(text)
            self.progress += len(text)
            self.looping = self._guards[kind].feed(text) or self.looping

    @property
    def text(self) -> str:
        """The answer: a tool's arguments where one was called, else the content."""
        for _, pieces in sorted(self._arguments.items()):
            if any(pieces):
                return "".join(pieces)
        return "".join(self._content)

    @property
    def reasoning(self) -> str | None:
        """What the model thought aloud, apart from its answer; None where it did not."""
        return "".join(self._reasoning) or None

    def estimate(self, input_tokens: int) -> Tokens:
        """Tokens where the endpoint named none."""
        thought = len(self.reasoning or "") // _ESTIMATED_CHARS_PER_TOKEN
        output = len(self.text) // _ESTIMATED_CHARS_PER_TOKEN + thought + 1
        return Tokens(input=input_tokens, cached=0, written=0, output=output, reasoning=thought)


def read_usage(usage: Json) -> Tokens | None:
    """Tokens of a `usage` object of any dialect; None where it does not name both input and output.

    Anthropic's `input_tokens` leaves out what was read from or written to its cache; all others include it.
    """
    if not isinstance(usage, dict):
        return None
    output = _count(usage, "completion_tokens", "output_tokens")
    details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details")
    details = details if isinstance(details, dict) else {}
    thought = usage.get("completion_tokens_details") or usage.get("output_tokens_details")
    reasoning = _count(thought, "reasoning_tokens") if isinstance(thought, dict) else None
    read = _count(details, "cached_tokens")
    if read is None:
        read = _count(usage, "cache_read_input_tokens", "prompt_cache_hit_tokens", "cached_tokens")
    written = _count(usage, "cache_creation_input_tokens")
    if written is None:
        written = _count(details, "cache_write_tokens")
    total = _count(usage, "prompt_tokens")
    if total is None and (fresh := _count(usage, "input_tokens")) is not None:
        apart = "cache_read_input_tokens" in usage or "cache_creation_input_tokens" in usage
        total = fresh + (read or 0) + (written or 0) if apart else fresh
    if total is None or output is None:
        return None
    price = usage.get("cost")
    return Tokens(
        input=total,
        cached=min(read or 0, total),
        written=written or 0,
        output=max(output, reasoning or 0),
        reasoning=reasoning or 0,
        cost_usd=float(price) if isinstance(price, int | float) and not isinstance(price, bool) else None,
    )


def read_timings(timings: Json) -> Tokens | None:
    """Tokens from llama.cpp's `timings`, for versions that send no usage in a stream."""
    if not isinstance(timings, dict):
        return None
    cached, fresh, output = (_count(timings, name) for name in ("cache_n", "prompt_n", "predicted_n"))
    if fresh is None or output is None:
        return None
    return Tokens(input=fresh + (cached or 0), cached=cached or 0, written=0, output=output, reasoning=0)


def _count(values: Mapping[str, Json], *names: str) -> int | None:
    for name in names:
        value = values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def usage_of(tokens: Tokens, *, cost_usd: float, estimated: bool) -> Usage:
    """The noun that sidecars add up."""
    return Usage(
        calls=1,
        input_tokens=tokens.input,
        cached_tokens=tokens.cached,
        output_tokens=tokens.output,
        reasoning_tokens=tokens.reasoning,
        cost_usd=cost_usd if tokens.cost_usd is None else tokens.cost_usd,
        estimated=estimated,
    )


def reply_of(assembly: Assembly, profile: ModelProfile, *, unmeasured: int, ms: int, share: float = 1.0) -> ModelReply:
    """The whole answer as a noun. `unmeasured` are its input tokens where the endpoint names none.

    `share` is the part of the list price that is paid (batches cost half).
    """
    named = assembly.tokens
    tokens = named or assembly.estimate(unmeasured)
    usage = usage_of(tokens, cost_usd=0.0, estimated=named is None)
    paid = cost(profile, usage, written_tokens=tokens.written) * share
    return ModelReply(
        text=assembly.text,
        finish_reason="loop" if assembly.looping else assembly.finish or "stop",
        usage=usage_of(tokens, cost_usd=paid, estimated=named is None),
        ms=ms,
        request_id=assembly.request_id,
        reasoning=assembly.reasoning,
    )


def complaint(reply: ModelReply) -> DocextractError | None:
    """What is wrong with a reply before its text is read; None where nothing is.

    reply_truncated (the window may be split), refused (final), unavailable (the provider's own network),
    reply_invalid (it repeated itself), reply_empty (nothing, or only reasoning).
    """
    match reply.finish_reason:
        case "length":
            return ReplyError("the answer was cut off at the output limit", code="reply_truncated", retryable=True)
        case "refused":
            return ReplyError("the provider's content policy refused this window", code="refused")
        case "error":
            return ReplyError("the provider ended the answer with an error", code="unavailable", retryable=True)
        case "loop":
            return ReplyError("the answer repeated itself and was cut", code="reply_invalid", retryable=True)
    if not reply.text.strip():
        what = "only reasoning came back, no answer" if reply.reasoning else "the answer is empty"
        return ReplyError(what, code="reply_empty", retryable=True)
    return None
