"""One document from claim to result: open it, sort its pages, ask its windows, put the answers together."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import anyio

from docextract.errors import DocextractError, InputError
from docextract.intake.digest import digest
from docextract.journal.rows import Claim
from docextract.local.classify import classify
from docextract.pages.loader import load
from docextract.run.ask import ask_window
from docextract.run.assemble import Pieces, assemble, failed
from docextract.run.selection import Selection, select
from docextract.run.session import Session
from docextract.run.source import DocumentPages
from docextract.run.wanted import Wanted
from docextract.run.windows import plan_windows
from docextract.schema.target import Target
from docextract.types import (
    Document,
    DocumentResult,
    Fault,
    Issue,
    SchemaName,
    SourceFile,
    Unit,
    Window,
    WindowResult,
)

_PAGES_TO_CLASSIFY = 3


async def process(session: Session, claim: Claim, unit: Unit) -> list[DocumentResult]:
    """One result for each schema wanted. Only run-wide errors are raised."""
    try:
        unit = await read_digests(unit)
        document = await load(session.render_pool, unit, session.pages_options, passwords=session.passwords)
    except DocextractError as error:
        if error.scope == "run":
            raise
        return [failed(unit, wanted.name, session.engine.name, error.fault) for wanted in session.wanted]
    selection = select(document, session.job)
    source = DocumentPages(document, session.render_pool, session.read_pool, session.read_options)
    results = []
    for wanted in session.wanted:
        results.append(await _extract(session, claim, Opened(document, selection, source), wanted))
    return results


class Opened:
    """A document with its pages sorted and readable."""

    def __init__(self, document: Document, selection: Selection, source: DocumentPages) -> None:
        self.document = document
        self.selection = selection
        self.source = source
        self.numbers = [page.number for page in selection.ask]


async def _extract(session: Session, claim: Claim, opened: Opened, wanted: Wanted) -> DocumentResult:
    target, why, issues = await _choose(opened, wanted)
    windows = await plan_windows(session, opened.document, opened.selection.ask, target)
    results = await _ask_all(session, claim, target, windows, opened.source)
    words = await opened.source.words(opened.numbers)
    pieces = Pieces(
        document=opened.document,
        target=target,
        schema=SchemaName(name=target.name, sha256=target.sha256, why=why),
        model=session.engine.name,
        selection=opened.selection,
        windows=tuple(results),
        words=words,
        faults=opened.source.faults,
        issues=tuple(issues),
        strict=session.job.strict,
        needs_words=session.engine.is_local,
    )
    return await anyio.to_thread.run_sync(assemble, pieces)


async def _choose(opened: Opened, wanted: Wanted) -> tuple[Target, str | None, list[Issue]]:
    """The fixed schema, or the one that fits by a look at the first pages' words."""
    if wanted.target is not None:
        return wanted.target, None, []
    words = await opened.source.words(opened.numbers[:_PAGES_TO_CLASSIFY])
    choice = await anyio.to_thread.run_sync(classify, words, wanted.candidates)
    target = next(candidate for candidate in wanted.candidates if candidate.name == choice.name)
    issues = []
    if not choice.confident:
        message = f"no schema fits well, taken as {target.name}: {choice.why}"
        issues.append(Issue(path="", code="schema_guessed", message=message))
    return target, choice.why, issues


async def _ask_all(
    session: Session, claim: Claim, target: Target, windows: Sequence[Window], source: DocumentPages
) -> list[WindowResult]:
    results: list[WindowResult | None] = [None] * len(windows)
    waiting = iter(enumerate(windows))

    async def ask_next() -> None:
        for index, window in waiting:
            async with session.slots:
                results[index] = await ask_window(session, claim, target, window, source)

    async with anyio.create_task_group() as group:
        for _ in range(min(len(windows), session.engine.slots)):
            group.start_soon(ask_next)
    return [result for result in results if result is not None]


async def read_digests(unit: Unit) -> Unit:
    sources = [await _with_digest(source) for source in unit.sources]
    return Unit(name=unit.name, sources=tuple(sources))


async def _with_digest(source: SourceFile) -> SourceFile:
    if source.fault is not None:
        raise _raised(source.fault)
    if source.sha256 is not None:
        return source
    try:
        sha256 = await anyio.to_thread.run_sync(digest, source.path)
    except OSError as error:
        raise InputError(f"{source.name} cannot be read: {error.strerror}", code="unreadable") from error
    return dataclasses.replace(source, sha256=sha256)


def _raised(fault: Fault) -> DocextractError:
    return InputError(fault.message, code=fault.code, hint=fault.hint, scope=fault.scope)
