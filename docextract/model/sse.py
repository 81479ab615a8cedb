"""Server-sent events, as model endpoints really send them: cut anywhere, glued, with comments between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from docextract.errors import ReplyError, TransportError
from docextract.types import Json

_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Event:
    """One event: `name` is "message" unless the server said otherwise."""

    name: str
    data: str


class EventReader:
    """Bytes in, events out. Chunk borders may fall anywhere, also inside a character or a line end."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = "message"
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Events that this chunk completes. Raises ReplyError (reply_not_json) on bytes that are no UTF-8."""
        # Only a \n ends a line here: a \r at a chunk's end may be half of \r\n and is stripped with it.
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            yield from self._line(line.rstrip(b"\r"))

    def close(self) -> Iterator[Event]:
        """The event that was under way when the stream ended without a blank line."""
        if self._rest:
            yield from self._line(self._rest.rstrip(b"\r"))
            self._rest = b""
        yield from self._line(b"")

    def _line(self, line: bytes) -> Iterator[Event]:
        if not line:
            if self._data:
                yield Event(self._name, "\n".join(self._data))
            self._name, self._data = "message", []
            return
        try:
            field, _, value = line.decode("utf-8").partition(":")
        except UnicodeDecodeError as error:
            raise ReplyError(f"the stream is not UTF-8: {error}", code="reply_not_json", retryable=True) from error
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data":
            # Some servers forget the blank line between two events: a whole one is never continued.
            if self._data and _is_whole(self._data):
                yield Event(self._name, "\n".join(self._data))
                self._data = []
            self._data.append(value)


def _is_whole(data: list[str]) -> bool:
    text = "\n".join(data)
    if text == "[DONE]":
        return True
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def payloads(event: Event) -> Iterator[dict[str, Json] | None]:
    """The JSON objects of an event, None for [DONE]. Several glued into one event are taken apart.

    Raises TransportError (in doubt) where something cannot be read: words of the answer may be lost
    with it, and a number with a digit missing would still look like a number.
    """
    text = event.data.strip()
    while text:
        if text.startswith("[DONE]"):
            yield None
            text = text.removeprefix("[DONE]")
        else:
            try:
                value, end = _DECODER.raw_decode(text)
            except (ValueError, RecursionError) as error:
                raise TransportError(
                    f"a piece of the stream cannot be read: {text[:80]!r}", code="unavailable", in_doubt=True
                ) from error
            if isinstance(value, dict):
                yield value
            text = text[end:]
        text = text.strip().removeprefix("data:").strip()
