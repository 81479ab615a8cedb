"""What a request asks, as the fake endpoint sees it: pages read, tokens counted, nothing kept of the pixels."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from docextract.budget.images import image_tokens
from docextract.testing.ledgers import Ledger, read_ledgers, read_text
from docextract.testing.strip import read_bars
from docextract.types import ImageFacts

_TOKEN = re.compile(r"[A-Za-z]{1,6}|\d{1,3}|\s+|.", re.DOTALL)
_DECODER = json.JSONDecoder()
_MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSeen:
    """An image as it arrived: digest and size in bytes, never its pixels. `kind` is None for neither JPEG nor PNG."""

    digest: str
    size: int
    kind: str | None
    width: int
    height: int
    tokens: int
    bars: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request, read. `units` are its prompt's tokens in order (images as their digest with their weight).

    `marks` are the places in `units` where a cache breakpoint was set. `digest` names what is asked,
    whatever its request id. `ledgers` is what its pages say.
    """

    number: int
    body: Mapping[str, Any] = field(repr=False)
    digest: str
    images: tuple[ImageSeen, ...]
    units: tuple[tuple[str, int], ...] = field(repr=False)
    marks: tuple[int, ...]
    ledgers: tuple[Ledger, ...] = field(repr=False)
    schema: Mapping[str, Any] | None = field(repr=False)

    @property
    def input_tokens(self) -> int:
        """Tokens of the prompt."""
        return sum(weight for _, weight in self.units)

    @property
    def rung(self) -> str:
        """How JSON was asked for: json_schema, json_object, tool or plain."""
        form = self.body.get("response_format")
        kind = form.get("type") if isinstance(form, dict) else None
        return str(kind) if kind in {"json_schema", "json_object"} else "tool" if self.body.get("tools") else "plain"


def tokens_of(text: str) -> list[str]:
    """A text as tokens, about as a language model's vocabulary would cut it."""
    return _TOKEN.findall(text)


class ImageReader:
    """Reads each distinct image once."""

    def __init__(self, facts: ImageFacts) -> None:
        self._facts = facts
        self._seen: dict[str, ImageSeen] = {}

    def read(self, url: str) -> ImageSeen:
        """An image from a data URI, bare base64, or an address of this machine (a fake fetches nothing from afar).

        What is no image has `kind` None and size 0.
        """
        if url.startswith(("http://", "https://")):
            data = _fetch(url)
        else:
            encoded = url.partition("base64,")[2] if url.startswith("data:") else url
            try:
                data = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                data = b""
        digest = hashlib.sha256(data).hexdigest()
        if digest not in self._seen:
            self._seen[digest] = self._decode(data, digest)
        return self._seen[digest]

    def _decode(self, data: bytes, digest: str) -> ImageSeen:
        from PIL import Image, UnidentifiedImageError

        kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
        try:
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
                image.draft("L", image.size)  # of a JPEG only the luminance is decoded
                bars = tuple(bar.payload for bar in read_bars(image))
        except (UnidentifiedImageError, OSError):
            return ImageSeen(digest=digest, size=len(data), kind=None, width=0, height=0, tokens=0)
        tokens = image_tokens(self._facts, width, height)
        return ImageSeen(digest=digest, size=len(data), kind=kind, width=width, height=height, tokens=tokens, bars=bars)


def _fetch(url: str) -> bytes:
    if urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
        return b""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - http of this machine, checked above
            return bytes(answer.read())
    except OSError:
        return b""


def read_question(number: int, body: Mapping[str, Any], reader: ImageReader) -> Question:
    """Read a chat completions body. Whatever has the wrong shape counts as nothing; `checks` refuses it."""
    images: list[ImageSeen] = []
    units: list[tuple[str, int]] = []
    marks: list[int] = []
    texts: list[str] = []
    for message in body.get("messages") or ():
        role = str(message.get("role"))
        units.append((f"<{role}>", 1))
        for part in parts_of(message):
            url = image_url(part)
            if url is not None:
                seen = reader.read(url)
                images.append(seen)
                units.append((seen.digest, seen.tokens))
            else:
                text = str(part.get("text") or "")
                units += [(token, 1) for token in tokens_of(text)]
                if role != "assistant":
                    texts.append(text)
            if part.get("cache_control"):
                marks.append(len(units))
    ledgers = read_ledgers([bar for image in images for bar in image.bars])
    if not images and (ledger := read_text("\n".join(texts))) is not None:
        ledgers = [ledger]
    asked = {name: value for name, value in body.items() if name not in {"request_id", "user"}}
    return Question(
        number=number,
        body=body,
        digest=hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest(),
        images=tuple(images),
        units=tuple(units),
        marks=tuple(marks),
        ledgers=tuple(ledgers),
        schema=_schema(body, texts),
    )


def parts_of(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of a message; a plain string is one text part."""
    content = message.get("content")
    if isinstance(content, str):
        yield {"type": "text", "text": content}
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict):
            yield part


def image_url(part: Mapping[str, Any]) -> str | None:
    """The URL of an image part, else None."""
    value = part.get("image_url")
    url = value.get("url") if isinstance(value, dict) else None
    return url if isinstance(url, str) else None


def _schema(body: Mapping[str, Any], texts: list[str]) -> Mapping[str, Any] | None:
    """The schema asked for: as the endpoint was given it, else the last one that stands in the words."""
    form = body.get("response_format")
    if isinstance(form, dict):
        named = form.get("json_schema")
        inner = named.get("schema") if isinstance(named, dict) else form.get("schema")
        if isinstance(inner, dict):
            return inner
    for tool in body.get("tools") or ():
        parameters = tool.get("function", {}).get("parameters")
        if isinstance(parameters, dict):
            return parameters
    found = [schema for text in texts for schema in _schemas_in(text)]
    return found[-1] if found else None


def _schemas_in(text: str) -> Iterator[Mapping[str, Any]]:
    place = text.find("{")
    while place >= 0:
        try:
            value, end = _DECODER.raw_decode(text, place)
        except ValueError:
            place = text.find("{", place + 1)
            continue
        if isinstance(value, dict) and isinstance(value.get("properties"), dict):
            yield value
        place = text.find("{", end)
