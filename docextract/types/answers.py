"""Validated answers, the page ledger, and the result of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docextract.types.asking import Evidence, Usage, Window
from docextract.types.documents import Unit
from docextract.types.plain import DocumentState, Fault, Json, Kind, PageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something that a person may want to look at: `path` a JSON pointer ("" for the document)."""

    path: str
    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two windows or pages gave different values for one field: what was kept, and the others with their page."""

    path: str
    kept: Json
    other: tuple[Mapping[str, Json], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One line of the page ledger. `reason` is an error code, or limit, range, other-document, ..."""

    page: int
    state: PageState
    reason: str | None = None
    window: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call to a model, whatever came of it. `outcome` is ok or an error code."""

    window: int
    n: int
    outcome: str
    finish_reason: str | None = None
    ms: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The validated answer of one window: `value` is the plain JSON value with keys as in the schema.

    `origin` says for every leaf (JSON pointer) which page it came from, where that is known.
    """

    window: Window
    value: Json
    located: tuple[Evidence, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """A window, asked. Exactly one of `record` and `fault` is set."""

    window: Window
    record: Record | None = None
    fault: Fault | None = None
    attempts: tuple[Attempt, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaName:
    """Which schema, by name and digest, and for `auto` why it was picked."""

    name: str
    sha256: str
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPass:
    """What --first-pass made of a document: whether the embedded engine's answer is kept, and why or why not.

    Of what is kept: the `calls` that were not made, and what they would have cost at least and at most.
    """

    kept: bool
    why: str
    calls: int = 0
    usd_low: float = 0.0
    usd_high: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentResult:
    """One document under one schema, at its end. `data` is the JSON value (None when failed)."""

    unit: Unit
    digest: str | None
    kind: Kind
    page_total: int
    schema: SchemaName
    model: str
    state: DocumentState
    data: Json = None
    error: Fault | None = None
    pages: tuple[PageEntry, ...] = ()
    evidence: Sequence[Evidence] = ()
    conflicts: tuple[Conflict, ...] = ()
    issues: tuple[Issue, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    usage: Usage = field(default_factory=Usage)
    file_pages: tuple[tuple[int, int], ...] = ()
    first_pass: FirstPass | None = None
