"""What a real endpoint refuses before it thinks: the limits of the documents, with their codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docextract.testing.behaviour import Behaviour
from docextract.testing.seen import Question, parts_of
from docextract.testing.troubles import Trouble, refusal
from docextract.types import ModelProfile


def refuse(question: Question, behaviour: Behaviour, profile: ModelProfile) -> Trouble | None:
    """The refusal that a request deserves, or None. Limits and image facts are those of `profile`."""
    return (
        _shape(question, behaviour)
        or _images(question, profile)
        or _sizes(question, behaviour, profile)
        or _form(question, behaviour)
    )


def check_key(headers: Mapping[str, str], behaviour: Behaviour) -> Trouble | None:
    """401 with 1001 for a missing header and 1002 for a wrong key."""
    if behaviour.key is None:
        return None
    given = headers.get("authorization")
    if given is None:
        return refusal(401, "1001", "Header does not contain Authorization", "authentication_error")
    if given != f"Bearer {behaviour.key}":
        return refusal(401, "1002", "Authorization Token non-existent", "authentication_error")
    return None


def _bad(code: str, message: str) -> Trouble:
    return refusal(400, code, message)


def _shape(question: Question, behaviour: Behaviour) -> Trouble | None:
    messages = question.body.get("messages")
    if not isinstance(messages, list) or not messages:
        return _bad("1214", "Input cannot be empty")
    if all(message.get("role") != "user" for message in messages):
        return _bad("1214", "messages must hold a user message")
    if not isinstance(question.body.get("model"), str):
        return _bad("1213", "model is missing")
    stop = question.body.get("stop")
    if behaviour.mode == "zai" and isinstance(stop, list) and len(stop) > 1:
        return _bad("1210", "stop takes one item")
    if behaviour.mode == "zai" and any(
        not isinstance(message.get("content"), str) for message in messages if message.get("role") != "user"
    ):
        return _bad("1214", "content of system and assistant messages must be a string")
    kinds = {part.get("type") for message in messages for part in parts_of(message)}
    if "file_url" in kinds and kinds & {"image_url", "video_url"}:
        return _bad("1215", "file_url cannot be mixed with image_url or video_url")
    return None


def _images(question: Question, profile: ModelProfile) -> Trouble | None:
    facts = profile.image
    if question.images and not profile.vision:
        return _bad("1210", "this model does not take images")
    if len(question.images) > facts.max_count:
        return _bad("1214", f"more than {facts.max_count} images")
    for image in question.images:
        if image.kind is None:
            return _bad("1210", "图片输入格式/解析错误")
        if image.size > facts.max_bytes or max(image.width, image.height) > facts.max_side:
            return _bad("1210", f"image of {image.size} bytes, {image.width} x {image.height}: over the limit")
    return None


def _sizes(question: Question, behaviour: Behaviour, profile: ModelProfile) -> Trouble | None:
    cap = question.body.get("max_tokens")
    if isinstance(cap, int) and not 1 <= cap <= profile.max_output:
        return _bad("1210", f"max_tokens参数非法：限制数值范围[1,{profile.max_output}]")
    if question.input_tokens > (behaviour.context or profile.context):
        return refusal(400, "1261", "Prompt exceeds max length", "context_length_exceeded")
    return None


def _form(question: Question, behaviour: Behaviour) -> Trouble | None:
    form: Any = question.body.get("response_format")
    habit = {"json_schema": behaviour.json_schema, "json_object": behaviour.json_object}.get(question.rung)
    if habit == "refused":
        return _bad("1210", "response_format is not supported by this model")
    if behaviour.mode == "openai" and question.rung == "json_schema":
        problem = strict_problem(form.get("json_schema", {}).get("schema"), "")
        if problem:
            return _bad("1210", f"Invalid schema for response_format 'answer': {problem}")
    return None


_STRICT_REFUSES = ("default", "oneOf", "allOf", "not", "if", "patternProperties", "uniqueItems", "contains")


def strict_problem(schema: Any, place: str) -> str | None:
    """Why OpenAI's strict mode would refuse a schema; None where it takes it."""
    if not isinstance(schema, dict):
        return f"{place or '/'} is no schema"
    if not place and (schema.get("type") != "object" or "anyOf" in schema):
        return "schema must be a JSON Schema of 'type: \"object\"'"
    if "$ref" in schema and len(schema) > 1:
        return f"{place}: $ref cannot have keywords beside it"
    refused = next((word for word in _STRICT_REFUSES if word in schema), None)
    if refused or any(name.startswith("x-") for name in schema):
        return f"{place}: {refused or 'unknown keyword'} is not permitted"
    properties = schema.get("properties")
    if isinstance(properties, dict):
        if schema.get("additionalProperties") is not False:
            return f"{place}: 'additionalProperties' is required to be supplied and to be false"
        if set(schema.get("required") or ()) != set(properties):
            return f"{place}: 'required' must include every key in properties"
    inner = [*(properties or {}).items(), *(schema.get("$defs") or {}).items()]
    inner += [("items", schema["items"])] if "items" in schema else []
    inner += [(str(number), one) for number, one in enumerate(schema.get("anyOf") or ())]
    return next((problem for name, one in inner if (problem := strict_problem(one, f"{place}/{name}"))), None)
