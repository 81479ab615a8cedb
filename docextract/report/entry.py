"""One document as the report shows it: a short row for the table, and the whole account for its own view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docextract.output.found import Output
from docextract.report.lines import Line
from docextract.report.look import looks
from docextract.report.private import Scrub
from docextract.types import Json

COLUMNS = (
    "place", "name", "schema", "state", "kind", "pages", "bad", "values", "look", "why",
    "lowest", "cost", "ms", "code", "tokens", "held",
)  # fmt: skip
"""The order of a row. `bad` pages failed or skipped, `why` the reasons to look, `held` whether the account is here."""

_EVIDENCE = ("path", "page", "boxes", "span", "quote", "status", "confidence")
_ATTEMPT = ("window", "n", "outcome", "finish_reason", "ms", "input_tokens", "cached_tokens", "output_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`row` by COLUMNS but `held`; `account` is None where no sidecar could be read.

    `planned` is what the document was to cost, [low, high] in USD, where that is known.
    """

    place: str | None
    digest: str | None
    state: str
    row: list[Json]
    account: dict[str, Json] | None = None
    meta: Mapping[str, Json] = field(default_factory=dict)
    planned: tuple[float, float] | None = None


def entry_of(line: Line, output: Output | None, scrub: Scrub) -> Entry:
    """The entry of a line of run.json and what was found at its place."""
    meta: Mapping[str, Any] = output.meta if output is not None else {}
    state = str(meta.get("state") or line.get("state") or "pending")
    name = str(line.get("name") or (meta.get("source") or {}).get("path") or "")
    look = looks(meta)
    usage = meta.get("usage") or line.get("usage") or {}
    pages = meta.get("pages") or ()
    error = meta.get("error") or line.get("error") or {}
    sure = [float(item["confidence"]) for item in meta.get("evidence") or () if item["status"] != "inferred"]
    place = output.place if output is not None else None
    row: list[Json] = [
        place or name,
        name,
        (meta.get("schema") or {}).get("name") or line.get("schema"),
        state,
        (meta.get("source") or {}).get("kind"),
        (meta.get("source") or {}).get("pages") or len(pages),
        sum(1 for page in pages if page["state"] in {"failed", "skipped"}),
        len(meta.get("evidence") or ()),
        len(look),
        sorted({reason for reasons in look.values() for reason in reasons}),
        min(sure) if sure else None,
        float(usage.get("cost_usd") or 0.0),
        sum(int(each.get("ms") or 0) for each in meta.get("attempts") or ()) or int(line.get("ms") or 0),
        error.get("code") if state == "failed" else None,
        int(usage.get("input_tokens") or 0) + int(usage.get("output_tokens") or 0),
    ]
    account = _account(place or name, meta, output, look, scrub) if output is not None and meta else None
    digest = (meta.get("source") or {}).get("sha256")
    return Entry(place=place, digest=digest, state=state, row=row, account=account, meta=meta, planned=_planned(line))


def _planned(line: Line) -> tuple[float, float] | None:
    told = line.get("planned_usd")
    if not isinstance(told, list) or len(told) != 2 or not all(isinstance(each, int | float) for each in told):
        return None
    return float(told[0]), float(told[1])


def _account(
    place: str, meta: Mapping[str, Any], output: Output, look: Mapping[str, Sequence[str]], scrub: Scrub
) -> dict[str, Json]:
    source, error, schema = meta["source"], meta.get("error"), meta.get("schema") or {}
    return {
        "place": place,
        "name": source.get("path"),
        "kind": source.get("kind"),
        "bytes": source.get("bytes"),
        "sha256": str(source.get("sha256") or "")[:16],
        "files": [[each["path"], each.get("pages")] for each in source.get("files") or ()],
        "schema": schema.get("name"),
        "why": schema.get("why"),
        "model": meta.get("model"),
        "state": meta.get("state"),
        "error": {key: scrub(error.get(key)) for key in ("code", "message", "hint")} if error else None,
        "fault": scrub(output.fault) if output.fault else None,
        "pages": [[each["page"], each["state"], each.get("reason"), each.get("window")] for each in meta["pages"]],
        "data": output.data,
        "evidence": [[_short(item, key) for key in _EVIDENCE] for item in meta.get("evidence") or ()],
        "conflicts": meta.get("conflicts") or [],
        "issues": [
            [each.get("path") or "", each["code"], scrub(each["message"]), each.get("page")]
            for each in meta.get("issues") or ()
        ],
        "attempts": [[each.get(key) for key in _ATTEMPT] for each in meta.get("attempts") or ()],
        "usage": meta.get("usage") or {},
        "look": look,
    }


def _short(item: Mapping[str, Json], key: str) -> Json:
    if key == "boxes":
        boxes = item.get("boxes") or ([item["box"]] if item.get("box") else [])
        return [[round(float(edge), 5) for edge in box] for box in boxes]
    value = item.get(key)
    return round(value, 4) if isinstance(value, float) else value
