"""Ways to ask an endpoint for JSON, strictest first, and what it has taught about the others.

json_schema (enforced) > json_object > forced tool > plain. The profile names the rungs worth trying;
a refusal that names the current one, in the first real request, is what teaches. Refusals cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from docextract.model.faults import Refusal
from docextract.types import Json, ModelProfile, Rung

_NAMED: dict[Rung, re.Pattern[str]] = {
    "json_schema": re.compile(
        r"response[_ ]?format|json[_ ]?schema|structured[_ ]?out|grammar|\bstrict\b", re.IGNORECASE
    ),
    "json_object": re.compile(r"response[_ ]?format|json[_ ]?object|json mode", re.IGNORECASE),
    "tool": re.compile(r"\btools?\b|tool_choice|function[_ ]call", re.IGNORECASE),
}
_ONE_SCHEMA = re.compile(r"invalid (?:json )?schema|schema (?:is )?(?:too|invalid)|grammar is too large", re.IGNORECASE)
_LIMIT = r"(?:at most|less than or equal to|maximum(?: is)?|<=|>)"
_CAP = (
    re.compile(r"max_(?:completion_)?tokens\D{0,40}\[\s*1\s*,\s*(\d+)\s*\]", re.IGNORECASE),
    re.compile(rf"max_(?:completion_)?tokens\b.{{0,80}}?{_LIMIT}\s*(\d+)", re.IGNORECASE | re.ASCII),
)
# vLLM and others: the prompt fits, the prompt and the output cap together do not.
_ROOM = re.compile(
    r"max_(?:completion_)?tokens.*?context length (?:is|of) (\d+).*?(\d+) input tokens", re.IGNORECASE | re.DOTALL
)
_STREAM = re.compile(r"\bstream(?:ing|ed)?\b", re.IGNORECASE)
_LEAST_ROOM = 512  # less is no room for an answer: then it is the prompt that is too long
_DROPPABLE = ("thinking", "reasoning_effort", "reasoning", "chat_template_kwargs", "do_sample", "temperature",
              "stream_options", "cache_control", "request_id")  # fmt: skip
LINKS = "image links"
"""Stands among a body's fields where images were sent as addresses. An endpoint may fail to fetch them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the next request is put: the rung, body fields to leave out, the output cap, streamed or whole."""

    rung: Rung
    dropped: frozenset[str]
    max_output: int
    max_tokens_field: str
    stream: bool


class Ladder:
    """What is known about one model at one endpoint. `dump` and `load` carry it from run to run."""

    def __init__(self, profile: ModelProfile) -> None:
        self._rungs: tuple[Rung, ...] = profile.rungs or ("plain",)
        self._place = 0
        self._schemas: dict[str, int] = {}
        self._dropped: set[str] = set()
        self._max_output = profile.max_output
        self._max_tokens_field = profile.max_tokens_field
        self._stream = profile.stream
        self._broken_streams = 0

    def shape(self, schema: str | None) -> Shape:
        """For a request with this schema (its digest; None where there is none to send)."""
        place = max(self._place, self._schemas.get(schema or "", 0))
        rungs = self._rungs[place:]
        if schema is None:
            rungs = tuple(rung for rung in rungs if rung not in {"json_schema", "tool"})
        return Shape(
            rung=rungs[0] if rungs else "plain",
            dropped=frozenset(self._dropped),
            max_output=self._max_output,
            max_tokens_field=self._max_tokens_field,
            stream=self._stream,
        )

    def learn(self, refusal: Refusal, sent: Shape, *, schema: str | None, fields: frozenset[str]) -> bool:
        """Take a refusal of a request of shape `sent` with these body fields; True if asking again may now work."""
        text = refusal.message
        if any(self._cap(found[1], sent) for pattern in _CAP if (found := pattern.search(text))):
            return True
        if found := _ROOM.search(text):
            room = (int(found[1]) - int(found[2])) * 9 // 10
            return room >= _LEAST_ROOM and self._cap(str(room), sent)
        if self._renamed(text, sent):
            return True
        if refusal.code == "1212" and sent.stream:
            self._stream = False
            return True
        for name in _DROPPABLE:
            # ASCII, since a name may be followed by Chinese without a space.
            if name in fields and re.search(rf"\b{name}\b", text, re.ASCII):
                known = name in self._dropped
                self._dropped.add(name)
                # Several requests in flight may learn the same thing; each is asked again once.
                return not known or name not in sent.dropped
        if sent.stream and _STREAM.search(text):
            self._stream = False
            return True
        pattern = _NAMED.get(sent.rung)
        if pattern and pattern.search(text):
            return self._step(sent.rung, schema if _ONE_SCHEMA.search(text) else None)
        if LINKS in fields and LINKS not in sent.dropped:
            # Endpoints say in many words that an image could not be fetched: the bytes are sent instead.
            self._dropped.add(LINKS)
            return True
        return False

    def broke(self) -> None:
        """A stream could not be read. After two of them answers are asked for whole."""
        self._broken_streams += 1
        if self._broken_streams >= 2:
            self._stream = False

    def _step(self, rung: Rung, schema: str | None) -> bool:
        place = self._rungs.index(rung) + 1 if rung in self._rungs else len(self._rungs)
        if schema is not None:
            self._schemas[schema] = max(self._schemas.get(schema, 0), place)
        else:
            self._place = max(self._place, place)
        return rung != "plain"

    def _cap(self, digits: str, sent: Shape) -> bool:
        """Lower the output cap. True where the request was sent with a higher one, whoever learned it first."""
        cap = int(digits)
        if cap <= 0:
            return False
        self._max_output = min(self._max_output, cap)
        return sent.max_output > cap

    def _renamed(self, text: str, sent: Shape) -> bool:
        other = "max_completion_tokens" if sent.max_tokens_field == "max_tokens" else "max_tokens"
        refusal = r"(?:unsupported|unknown|unrecognized|not supported)\D{0,60}\b"
        refused = re.search(refusal + sent.max_tokens_field + r"\b", text, re.IGNORECASE | re.ASCII)
        if refused:
            self._max_tokens_field = other
        return bool(refused)

    def dump(self) -> dict[str, Json]:
        """What was learned, as JSON."""
        return {
            "rung": self._place,
            "schemas": dict(sorted(self._schemas.items())),
            "dropped": sorted(self._dropped),
            "max_output": self._max_output,
            "max_tokens_field": self._max_tokens_field,
            "stream": self._stream,
        }

    def load(self, memory: Mapping[str, Json]) -> None:
        """Take up what `dump` gave in an earlier run; what is missing or makes no sense is left as it is."""
        rung, schemas, dropped = memory.get("rung"), memory.get("schemas"), memory.get("dropped")
        if isinstance(rung, int):
            self._place = max(0, min(rung, len(self._rungs) - 1))
        if isinstance(schemas, dict):
            self._schemas.update({name: place for name, place in schemas.items() if isinstance(place, int)})
        if isinstance(dropped, list):
            self._dropped.update(name for name in dropped if name in {*_DROPPABLE, LINKS})
        cap = memory.get("max_output")
        if isinstance(cap, int) and 0 < cap < self._max_output:
            self._max_output = cap
        if memory.get("max_tokens_field") in {"max_tokens", "max_completion_tokens"}:
            self._max_tokens_field = memory["max_tokens_field"]
        if memory.get("stream") is False:
            self._stream = False
