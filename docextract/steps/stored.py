"""An answer as the journal keeps it: everything of a `ModelReply`, as JSON bytes."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from docextract.types import Evidence, Json, ModelReply, Usage

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def own_fields(noun: DataclassInstance) -> dict[str, Json]:
    """The fields of a noun by name, as they are: a tenth of what `asdict` takes, for those that hold plain values."""
    return {name: getattr(noun, name) for name in noun.__dataclass_fields__}


def encode(reply: ModelReply) -> bytes:
    """The reply without its raw wire body."""
    row = {
        "text": reply.text,
        "finish_reason": reply.finish_reason,
        "usage": own_fields(reply.usage),
        "ms": reply.ms,
        "request_id": reply.request_id,
        "reasoning": reply.reasoning,
        "located": [dataclasses.asdict(evidence) for evidence in reply.located],
    }
    return json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def decode(body: bytes) -> ModelReply:
    """The reverse of `encode`."""
    row = json.loads(body)
    located = tuple(_evidence(item) for item in row.pop("located"))
    return ModelReply(**(row | {"usage": Usage(**row["usage"]), "located": located}))


def _evidence(item: dict[str, object]) -> Evidence:
    for key in ("box", "span"):
        value = item[key]
        if isinstance(value, list):
            item[key] = tuple(value)
    boxes = item["boxes"]
    item["boxes"] = tuple(tuple(box) for box in boxes) if isinstance(boxes, list) else ()
    return Evidence(**item)  # type: ignore[arg-type]  # the fields were written by `encode`
