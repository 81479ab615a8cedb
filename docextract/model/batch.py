"""Questions as lines of a batch file, and the lines that come back. JSONL as OpenAI and Zhipu have it.

Sources: OpenAI's `batch_create_params.py` and Batch API guide; docs.bigmodel.cn, guide "batch".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from docextract.errors import DocextractError
from docextract.model.answer import Assembly, reply_of
from docextract.model.faults import Refusal, error_of, meaning, read_error
from docextract.model.ladder import Ladder, Shape
from docextract.model.wire import build_body, schema_digest
from docextract.types import BatchFacts, ExtractionRequest, Json, ModelProfile, ModelReply, RenderedPage

_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


def name_of(key: str) -> str:
    """A call's key as the `custom_id` of its line: at most 64 letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(bytes.fromhex(key)).decode().rstrip("=")


def key_of(name: str) -> str:
    """The reverse of `name_of`. Raises ValueError for a name that is none of ours."""
    return base64.b64decode(name + "=" * (-len(name) % 4), altchars=b"-_", validate=True).hex()


def line_of(
    request: ExtractionRequest,
    images: Sequence[RenderedPage],
    profile: ModelProfile,
    facts: BatchFacts,
    ladder: Ladder,
) -> bytes:
    """The request as one line of a batch file, its end included. Raises PageError for an image that is too large."""
    shape = replace(ladder.shape(schema_digest(request.wire_schema)), stream=False)
    body = build_body(request, profile, shape, images)
    head = {"custom_id": name_of(request.key), "method": "POST", "url": facts.url}
    return json.dumps(head, separators=(",", ":")).encode()[:-1] + b',"body":' + body.data + b"}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a line of a result file says about one key: a `reply`, or an `error`. `learned` where asking again may help.

    `is_measured` is False where the endpoint named no tokens, so that the reply's cost says nothing.
    """

    key: str
    reply: ModelReply | None = None
    error: DocextractError | None = None
    learned: bool = False
    is_measured: bool = True


def shape_of(ladder: Ladder) -> Shape:
    """How lines are put now."""
    return replace(ladder.shape(""), stream=False)


def read_line(line: bytes, profile: ModelProfile, ladder: Ladder, sent: Shape, share: float) -> Word | None:
    """A line of an output or error file; None for one that names no call of ours.

    `sent` is how the lines were put, one shape for the whole file: a refusal teaches `ladder` once.
    """
    try:
        value = json.loads(line)
        key = key_of(value["custom_id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    response = value.get("response")
    response = response if isinstance(response, dict) else {}
    body, status = response.get("body"), response.get("status_code")
    if isinstance(body, dict) and isinstance(body.get("choices"), list) and body["choices"]:
        assembly = Assembly()
        assembly.feed(body)
        reply = reply_of(assembly, profile, unmeasured=0, ms=0, share=share)
        return Word(key=key, reply=reply, is_measured=assembly.tokens is not None)
    fault = _fault(body, value.get("error"))
    refusal = read_error(fault, status=status if isinstance(status, int) else 500, now=datetime.now(UTC))
    return _refused(key, refusal, profile, ladder, sent)


def _fault(body: Json, beside: Json) -> Mapping[str, Json]:
    inner = body.get("error", body) if isinstance(body, dict) else body
    for each in (inner, beside):
        if isinstance(each, dict) and each:
            return each
        if isinstance(each, str) and each:
            return {"message": each}
    return {"message": "the batch has no answer to this request"}


def _refused(key: str, refusal: Refusal, profile: ModelProfile, ladder: Ladder, sent: Shape) -> Word:
    error = error_of(refusal, profile)
    learned = False
    if meaning(refusal, profile) in {"bad_request", "config"}:
        names = {*profile.thinking.off, *profile.greedy, *filter(None, [profile.request_id_field])}
        learned = ladder.learn(refusal, sent, schema=None, fields=frozenset(names))
    return Word(key=key, error=error, learned=learned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a batch stands at the provider: its own word for it, how many are answered, and the result files."""

    status: str
    done: int
    total: int
    files: tuple[str, ...]
    message: str

    @property
    def has_ended(self) -> bool:
        """Whether no further answer will come."""
        return self.status in _ENDED


def standing(value: Mapping[str, Json]) -> Standing:
    """Read a batch object; what is missing in it counts as not there."""
    counts = value.get("request_counts")
    counts = counts if isinstance(counts, dict) else {}
    errors = value.get("errors")
    found = errors.get("data") if isinstance(errors, dict) else errors
    first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
    files = (value.get("output_file_id"), value.get("error_file_id"))
    return Standing(
        status=str(value.get("status") or "unknown"),
        done=_count(counts, "completed") + _count(counts, "failed"),
        total=_count(counts, "total"),
        files=tuple(name for name in files if isinstance(name, str) and name),
        message=str(first.get("message") or ""),
    )


def _count(counts: Mapping[str, Json], name: str) -> int:
    value = counts.get(name)
    return value if isinstance(value, int) else 0
