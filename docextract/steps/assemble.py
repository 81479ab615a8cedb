"""The windows' answers become one result: merged, validated, every value located, every page accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from docextract.check.agreement import Reading
from docextract.check.confidence import Calibration
from docextract.check.examine import Examined, Known, examine
from docextract.check.hostile import name_issues, page_issues
from docextract.check.pages import Pages
from docextract.errors import CODES
from docextract.read.packed import many
from docextract.schema.target import Problem, Target
from docextract.steps.joined import join
from docextract.steps.selection import Selection
from docextract.types import (
    Conflict,
    Document,
    DocumentResult,
    DocumentState,
    Evidence,
    Fault,
    Issue,
    Json,
    PageEntry,
    SchemaName,
    Unit,
    Usage,
    WindowResult,
    Words,
)

_UNRESOLVED = {"absent", "contradicted", "conflict", "audit_failed"}
_UNRESOLVED |= {"rows_missing", "rows_extra", "rows_repeated", "rows_out_of_order"}
_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """All that is known of one document under one schema when its last window has ended."""

    document: Document
    target: Target
    schema: SchemaName
    model: str
    selection: Selection
    windows: tuple[WindowResult, ...]
    words: Sequence[Words]
    faults: Mapping[int, Fault]
    issues: tuple[Issue, ...]
    strict: bool
    needs_words: bool
    read_elsewhere: bool = False
    calibration: Calibration | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document with data, examined and not yet written up: what a second look starts from and may change.

    `base` has everything but the data; `pages` are those that were answered for. `looks`
    are the further calls that a second look made, `noted` what it found, `kept` what it replaced.
    """

    base: DocumentResult
    pieces: Pieces
    known: Known
    examined: Examined
    pages: Pages
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]
    valid: bool
    looks: tuple[WindowResult, ...] = ()
    noted: tuple[Issue, ...] = ()
    kept: tuple[Conflict, ...] = ()


def assemble(pieces: Pieces) -> DocumentResult:
    """Pure: the same pieces give the same result."""
    drafted = draft(pieces)
    return finish(drafted) if isinstance(drafted, Draft) else drafted


def draft(pieces: Pieces) -> Draft | DocumentResult:
    """The document examined, or its result where there is no data."""
    entries = _page_entries(pieces)
    error = _why_nothing(pieces, entries)
    base = failed(pieces.document.unit, pieces.schema.name, pieces.model, error or _NOTHING)
    base = replace(
        base,
        digest=pieces.document.digest,
        kind=pieces.document.kind,
        page_total=pieces.document.page_total,
        schema=pieces.schema,
        pages=entries,
        attempts=tuple(attempt for window in pieces.windows for attempt in window.attempts),
        usage=sum((window.usage for window in pieces.windows), Usage()),
        file_pages=_file_pages(pieces.document),
        issues=(*pieces.issues, *pieces.selection.issues, *_warnings(pieces)),
    )
    if error is not None:
        return base
    records = [window.record for window in pieces.windows if window.record is not None]
    # A page whose window failed gave no value: nothing is looked for there, and no row of it is missed.
    answered = {page for record in records for page in record.window.pages}
    words = many(pieces.words).only(answered)
    pages = Pages(words)
    joined = join(pieces.target.json_schema, records, words)
    known = replace(joined.known, reading=pieces.reading)
    value, problems, valid = _settled(pieces.target, joined.value)
    return Draft(
        base=replace(base, issues=(*base.issues, *(issue for record in records for issue in record.issues))),
        pieces=pieces,
        known=known,
        examined=examine(value, pieces.target.json_schema, pages, known, pieces.calibration),
        pages=pages,
        conflicts=joined.conflicts,
        problems=problems,
        valid=valid,
    )


def finish(drafted: Draft) -> DocumentResult:
    """The result, with all that is wrong named."""
    base, examined = drafted.base, drafted.examined
    issues = (
        *base.issues,
        *(Issue(path=p.path, code=_problem_code(p), message=p.message) for p in drafted.problems),
        *_conflict_issues(drafted.conflicts, examined.evidence),
        *examined.issues,
        *drafted.noted,
    )
    return replace(
        base,
        data=examined.value,
        error=None,
        evidence=examined.evidence,
        conflicts=(*drafted.conflicts, *drafted.kept),
        issues=issues,
        attempts=(*base.attempts, *(attempt for look in drafted.looks for attempt in look.attempts)),
        usage=sum((look.usage for look in drafted.looks), base.usage),
        state=_state(base.pages, drafted.pieces, issues, valid=drafted.valid),
    )


def failed(unit: Unit, schema: str, model: str, fault: Fault) -> DocumentResult:
    """The result of a document that nothing could be had of."""
    kind = unit.sources[0].kind if unit.sources else "unsupported"
    digest = unit.sources[0].sha256 if len(unit.sources) == 1 else None
    return DocumentResult(
        unit=unit,
        digest=digest,
        kind=kind,
        page_total=0,
        schema=SchemaName(name=schema, sha256=""),
        model=model,
        state="failed",
        error=fault,
    )


_NOTHING = Fault(code="corrupt", message="nothing could be had of this document", hint=CODES["corrupt"])


def _settled(target: Target, value: Json) -> tuple[Json, tuple[Problem, ...], bool]:
    """The value as the schema writes it, what had to be dropped for that, and whether it now holds.

    Dropping a wrong leaf may uncover what it hid (a union, a model's validator), hence the rounds.
    """
    problems: tuple[Problem, ...] = ()
    for _ in range(_ROUNDS):
        outcome = target.validate(value)
        if outcome.ok:
            return outcome.data, problems, True
        problems += tuple(problem for problem in outcome.problems if problem not in problems)
        if outcome.data == value:
            break
        value = outcome.data
    return value if isinstance(value, dict) else {}, problems, False


def _problem_code(problem: Problem) -> str:
    return "missing" if problem.type in {"missing", "required"} else "invalid_value"


def _state(entries: tuple[PageEntry, ...], pieces: Pieces, issues: tuple[Issue, ...], *, valid: bool) -> DocumentState:
    cut = any(entry.state == "failed" or entry.reason == "limit" for entry in entries)
    lost = any(window.fault is not None for window in pieces.windows)
    unresolved = pieces.strict and any(issue.code in _UNRESOLVED for issue in issues)
    return "partial" if cut or lost or unresolved or not valid else "complete"


def _page_entries(pieces: Pieces) -> tuple[PageEntry, ...]:
    entries = list(pieces.selection.entries)
    mute = {page.page for page in pieces.words if not page.words and page.source == "ocr"} if pieces.needs_words else ()
    windows: dict[int, WindowResult] = {}
    for result in pieces.windows:
        for number in result.window.pages:
            windows.setdefault(number, result)
    for page in pieces.selection.ask:
        number = page.number
        window = windows.get(number)
        index = window.window.index if window is not None else None
        if number in pieces.faults and (pieces.needs_words or window is None or window.record is None):
            entry = PageEntry(page=number, state="failed", reason=pieces.faults[number].code, window=index)
        elif window is None:
            entry = PageEntry(page=number, state="failed", reason="interrupted")
        elif window.fault is not None:
            entry = PageEntry(page=number, state="failed", reason=window.fault.code, window=index)
        elif number in mute:
            entry = PageEntry(page=number, state="blank", reason="no words", window=index)
        else:
            entry = PageEntry(page=number, state="extracted", window=index)
        entries.append(entry)
    return tuple(sorted(entries, key=lambda entry: entry.page))


def _why_nothing(pieces: Pieces, entries: tuple[PageEntry, ...]) -> Fault | None:
    """The cause where not one page gave anything; None where there is data, or every page is blank or left out."""
    states = {entry.state for entry in entries}
    if "extracted" in states or "failed" not in states:
        return None
    for window in pieces.windows:
        if window.fault is not None:
            return window.fault
    faults = [pieces.faults[number] for number in sorted(pieces.faults)]
    faults += [page.fault for page in pieces.document.pages if page.fault is not None]
    return replace(faults[0], scope="file") if faults else _NOTHING


def _file_pages(document: Document) -> tuple[tuple[int, int], ...]:
    """First and last page of each source, for documents of several files."""
    ranges = []
    for source in range(len(document.unit.sources)):
        numbers = [page.number for page in document.pages if page.source == source]
        ranges.append((min(numbers), max(numbers)) if numbers else (0, 0))
    return tuple(ranges)


def _warnings(pieces: Pieces) -> list[Issue]:
    issues = [Issue(path="", code="source_warning", message=text) for text in pieces.document.warnings]
    # That a scan was read by OCR is no issue; that a text layer was not trusted, or who else read it, is one.
    layered = {page.number for page in pieces.document.pages if page.has_text}
    notes, hidden, told = [], [], []
    for page in pieces.words:  # once over all pages: each is made anew
        if page.note and (page.source != "ocr" or page.page in layered or pieces.read_elsewhere):
            notes.append(Issue(path="", code="reader_note", message=page.note, page=page.page))
        if page.hidden:
            message = f"{len(page.hidden)} words that a viewer does not show"
            hidden.append(Issue(path="", code="hidden_text", message=message, page=page.page))
        told += page_issues(page)
    unread = [
        Issue(path="", code=fault.code, message=fault.message, page=number)
        for number, fault in sorted(pieces.faults.items())
    ]
    names = {f"file name {name}": name for name in _names(pieces.document)} | dict(pieces.document.about)
    return [*issues, *notes, *hidden, *unread, *name_issues(names), *told]


def _names(document: Document) -> list[str]:
    """The names of the sources, as words."""
    return [re.sub(r"[_./\\-]+", " ", source.name) for source in document.unit.sources]


def _conflict_issues(conflicts: tuple[Conflict, ...], evidence: Iterable[Evidence]) -> list[Issue]:
    wanted = {conflict.path for conflict in conflicts}
    pages = {item.path: item.page for item in evidence if item.path in wanted} if wanted else {}
    issues = []
    for conflict in conflicts:
        page = pages.get(conflict.path)
        others = ", ".join(f"page {other['page']} says {other['value']!r}"[:120] for other in conflict.other)
        kept = f"{conflict.kept!r}"[:120] + (f" of page {page}" if page else "")
        message = f"pages disagree: {kept} was kept, {others}"
        issues.append(Issue(path=conflict.path, code="conflict", message=message, page=page))
    return issues
