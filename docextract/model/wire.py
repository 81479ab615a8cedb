"""A request as bytes: the chat completions body, joined once, with images written straight into it."""

from __future__ import annotations

import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from docextract.errors import PageError
from docextract.model.ladder import LINKS, Shape
from docextract.types import ExtractionRequest, ImageFacts, Json, Message, ModelProfile, PageImage, RenderedPage

_TOOL = "answer"
_BREAKPOINT = b',"cache_control":{"type":"ephemeral"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """`data` is what is posted; `fields` are the names at its top, for reading a refusal."""

    data: bytes = field(repr=False)
    fields: frozenset[str]


def schema_digest(schema: Mapping[str, Json] | None) -> str | None:
    """What a ladder remembers a schema by."""
    if schema is None:
        return None
    return hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:16]


async def fetch_images(request: ExtractionRequest) -> list[RenderedPage]:
    """Pixels of every image in the messages, in order; those not yet rendered are asked for in one go."""
    parts = [part for message in request.messages for part in message.parts if not isinstance(part, str)]
    wanted = [part for part in parts if isinstance(part, PageImage)]
    rendered = iter(await request.pages.images(wanted) if wanted else ())
    return [next(rendered) if isinstance(part, PageImage) else part for part in parts]


def build_body(request: ExtractionRequest, profile: ModelProfile, shape: Shape, images: Sequence[RenderedPage]) -> Body:
    """The body of one request. Nothing in it but `request_id` differs between two requests of the same content.

    Raises PageError (page_too_large) for an image over the endpoint's limit in bytes.
    """
    for image in images:
        if len(image.data) > profile.image.max_bytes:
            size, limit = len(image.data), profile.image.max_bytes
            raise PageError(
                f"page {image.page}: image of {size} bytes, {profile.id} takes {limit}", code="page_too_large"
            )
    fields = request_fields(request, profile, shape)
    if LINKS in shape.dropped or not profile.image.links:
        images = [replace(image, link=None) if image.link else image for image in images]
    head = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    pieces = [head[:-1], b',"messages":[']
    marks = _marks(request.messages, profile) if "cache_control" not in shape.dropped else frozenset()
    remaining = iter(images)
    for place, message in enumerate(request.messages):
        pieces.append(b"," if place else b"")
        pieces.extend(_message(message, profile.image, remaining, is_marked=place in marks))
    pieces.append(b"]}")
    names = {*fields, "messages"} | ({"cache_control"} if marks else set())
    names |= {LINKS} if any(image.link for image in images) else set()
    return Body(data=b"".join(pieces), fields=frozenset(names))


def request_fields(request: ExtractionRequest, profile: ModelProfile, shape: Shape) -> dict[str, Json]:
    """Everything of the body but the messages."""
    params = request.params
    fields: dict[str, Json] = {"model": profile.name}
    wanted = params.get("max_tokens")
    cap = min(int(wanted), shape.max_output) if wanted is not None else shape.max_output
    fields[shape.max_tokens_field] = cap
    # Greedy unless the caller asks for a temperature: a second answer to the same question needs one.
    fields.update(profile.greedy)
    if (temperature := params.get("temperature")) is not None:
        fields.pop("do_sample", None)
        fields["temperature"] = temperature
    if (thinking := params.get("thinking")) in {"on", "off"}:
        fields.update(profile.thinking.on if thinking == "on" else profile.thinking.off)
    if shape.stream:
        fields["stream"] = True
        if profile.stream_usage:
            fields["stream_options"] = {"include_usage": True}
    if profile.request_id_field and request.request_id:
        fields[profile.request_id_field] = request.request_id
    fields.update(rung_fields(request, profile, shape))
    return {name: value for name, value in fields.items() if name not in shape.dropped}


def rung_fields(request: ExtractionRequest, profile: ModelProfile, shape: Shape) -> dict[str, Json]:
    """The fields that ask for JSON on this rung."""
    schema = request.wire_schema
    if shape.rung == "json_object":
        return {"response_format": {"type": "json_object"}}
    if schema is None or shape.rung == "plain":
        return {}
    if shape.rung == "json_schema":
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", str(schema.get("title") or _TOOL))[:64] or _TOOL
        return {"response_format": {"type": "json_schema",
                                    "json_schema": {"name": name, "schema": schema, "strict": True}}}  # fmt: skip
    function = {"name": _TOOL, "description": "Give the data found on the pages.", "parameters": schema}
    choice: Json = {"type": "function", "function": {"name": _TOOL}}
    if profile.tool_choice != "named":
        choice = profile.tool_choice
    return {"tools": [{"type": "function", "function": function}], "tool_choice": choice}


def _marks(messages: Sequence[Message], profile: ModelProfile) -> frozenset[int]:
    """Messages whose end is marked as a cache breakpoint: the last ones, as many as the endpoint takes."""
    if profile.cache.kind != "breakpoints":
        return frozenset()
    ends = [place for place, message in enumerate(messages) if message.cache]
    return frozenset(ends[-profile.cache.max_breakpoints :] if profile.cache.max_breakpoints else ())


def _message(
    message: Message, facts: ImageFacts, images: Iterator[RenderedPage], *, is_marked: bool
) -> Iterator[bytes]:
    yield b'{"role":"' + message.role.encode() + b'","content":'
    if not is_marked and all(isinstance(part, str) for part in message.parts):
        # Z.ai takes system and assistant turns as strings only.
        yield _quoted("".join(part for part in message.parts if isinstance(part, str)))
    else:
        yield b"["
        for place, part in enumerate(message.parts):
            yield b"," if place else b""
            yield from _text(part) if isinstance(part, str) else _image(next(images), facts)
            yield (_BREAKPOINT if is_marked and place == len(message.parts) - 1 else b"") + b"}"
        yield b"]"
    yield b"}"


def _text(text: str) -> Iterator[bytes]:
    yield b'{"type":"text","text":' + _quoted(text)


def _image(image: RenderedPage, facts: ImageFacts) -> Iterator[bytes]:
    if image.link:
        yield b'{"type":"image_url","image_url":{"url":' + _quoted(image.link) + b"}"
        return
    yield b'{"type":"image_url","image_url":{"url":"'
    if facts.form == "data_uri":
        yield b"data:" + image.media_type.encode() + b";base64,"
    # Base64 needs no escaping, so the image never goes through the JSON writer.
    yield binascii.b2a_base64(image.data, newline=False)
    yield b'"}'


def _quoted(text: str) -> bytes:
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")
