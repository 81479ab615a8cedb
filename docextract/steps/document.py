"""One document from claim to result: open it, sort its pages, ask its windows, put the answers together."""

from __future__ import annotations

import dataclasses

import anyio

from docextract.check.agreement import Reading
from docextract.errors import DocextractError, InputError
from docextract.faultpoints import passing
from docextract.intake.digest import digest
from docextract.journal.rows import Claim
from docextract.pages.loader import load
from docextract.prompt.build import prefix_text
from docextract.schema.asked import asked_digest
from docextract.schema.target import Target
from docextract.schema.wire import translate
from docextract.session.clients import Engine
from docextract.session.session import Session
from docextract.session.slack import EVERY, give_back
from docextract.session.spool import PutOff
from docextract.session.wanted import Wanted
from docextract.steps.ahead import Ahead
from docextract.steps.ask import Question, ask_window
from docextract.steps.assemble import Draft, Pieces, draft, failed, finish
from docextract.steps.fetch import at_hand
from docextract.steps.first_pass import judge, spared
from docextract.steps.gather import alongside, to_the_end
from docextract.steps.obtain import Asking
from docextract.steps.parts import shares
from docextract.steps.reading import second_reading
from docextract.steps.remote_ocr import RemoteReader
from docextract.steps.second_look import look_again
from docextract.steps.selection import Selection
from docextract.steps.shelf import Shelf
from docextract.steps.source import DocumentPages
from docextract.steps.steady import Steady
from docextract.steps.windows import plan_windows
from docextract.types import (
    Document,
    DocumentResult,
    FirstPass,
    Issue,
    SchemaName,
    SourceFile,
    Unit,
    Usage,
    WindowResult,
)

_PAGES_TO_CLASSIFY = 3


async def process(session: Session, claim: Claim, unit: Unit) -> list[DocumentResult]:
    """One result for each schema wanted. Only run-wide errors are raised, and PutOff where it waits for a batch."""
    async with at_hand(unit, session.render_pool.scratch, session.job.max_outage) as fetched:
        steady = await anyio.to_thread.run_sync(Steady, fetched)
        results = await _process(session, claim, fetched, steady)
        try:
            await anyio.to_thread.run_sync(steady.check)
        except InputError as error:
            return [_changed(result, error) for result in results]
        return results


def _changed(result: DocumentResult, error: InputError) -> DocumentResult:
    """A document whose file became another one meanwhile, unless it had failed by itself."""
    if result.error is not None:
        return result
    base = failed(result.unit, result.schema.name, result.model, error.fault)
    return dataclasses.replace(base, schema=result.schema, usage=result.usage, attempts=result.attempts)


async def _process(session: Session, claim: Claim, unit: Unit, steady: Steady) -> list[DocumentResult]:
    try:
        document = await load(session.render_pool, unit, session.pages_options, passwords=session.passwords)
    except DocextractError as error:
        if error.scope == "run":
            raise
        unit = await with_digests(unit)
        return [failed(unit, wanted.name, session.engine.name, error.fault) for wanted in session.wanted]
    passing("opened")
    collects = session.shown.smaller() if session.shown is not None else None
    remote = RemoteReader(session, claim, session.ocr_engine) if session.ocr_engine is not None else None
    pools = (session.render_pool, session.read_pool)
    source = DocumentPages(document, *pools, session.read_options, smaller=collects, remote=remote, steady=steady)
    source.kept = session.kept_words
    found = await shares(document, session.job, source)
    results: list[list[DocumentResult]] = [[] for _ in found]
    waits: list[PutOff] = []

    async def extract(at: int) -> None:
        opened = Opened(found[at].document, found[at].selection, source)
        # One after the other: the second schema finds the pages of the first in the provider's cache.
        for wanted in session.wanted:
            try:
                results[at].append(await _extract(session, claim, opened, wanted))
            except PutOff as error:
                waits.append(error)

    await to_the_end(range(len(found)), session.engine.slots + 2, extract)
    if waits:
        raise waits[0]
    flat = [result for each in results for result in each]
    if remote is not None and flat:  # read once for all of them: counted once
        flat[0] = dataclasses.replace(flat[0], usage=flat[0].usage + remote.usage)
    if session.shown is not None:
        drawn = collects.pages if collects is not None else {}
        await session.shown.keep(document, flat, pool=session.render_pool, source=source, drawn=drawn)
    return flat


class Opened:
    """A document with its pages sorted and readable."""

    def __init__(self, document: Document, selection: Selection, source: DocumentPages) -> None:
        self.document = document
        self.selection = selection
        self.source = source
        self.numbers = [page.number for page in selection.ask]


async def _extract(session: Session, claim: Claim, opened: Opened, wanted: Wanted) -> DocumentResult:
    target, why, issues = await _choose(opened, wanted)
    chosen = Chosen(target, SchemaName(name=target.name, sha256=target.sha256, why=why), tuple(issues))
    judged = None
    if session.first is not None:
        _, drafted = await _drafted(session, claim, opened, chosen, session.first)
        judged = await anyio.to_thread.run_sync(judge, drafted)
        if judged.kept and isinstance(drafted, Draft):
            judged = await _spared(session, opened, target, judged)
            result = await anyio.to_thread.run_sync(finish, drafted)
            return dataclasses.replace(result, first_pass=judged, usage=Usage())
    question, drafted = await _drafted(session, claim, opened, chosen, session.engine)
    if isinstance(drafted, DocumentResult):
        return dataclasses.replace(drafted, first_pass=judged)
    if question is not None and session.job.second_look == "auto":
        drafted = await look_again(question, drafted)
    return dataclasses.replace(await anyio.to_thread.run_sync(finish, drafted), first_pass=judged)


@dataclasses.dataclass(frozen=True, slots=True)
class Chosen:
    """The schema of one document, and what is to be said of the choice."""

    target: Target
    schema: SchemaName
    issues: tuple[Issue, ...]


async def _drafted(
    session: Session, claim: Claim, opened: Opened, chosen: Chosen, engine: Engine
) -> tuple[Question | None, Draft | DocumentResult]:
    """What this engine makes of the document; the result at once where there is no data."""
    try:
        question, results = await _ask_all(session, claim, opened, chosen.target, engine)
    except InputError as error:  # a page that no window can hold
        base = failed(opened.document.unit, chosen.schema.name, engine.name, error.fault)
        return None, dataclasses.replace(base, schema=chosen.schema)
    words = await opened.source.many_words(opened.numbers)
    pieces = Pieces(
        document=opened.document,
        target=chosen.target,
        schema=chosen.schema,
        model=engine.name,
        selection=opened.selection,
        windows=tuple(results),
        words=words,
        faults=opened.source.faults,
        issues=chosen.issues,
        strict=session.job.strict,
        needs_words=engine.is_local,
        read_elsewhere=session.ocr_engine is not None,
        calibration=session.confidence,
        reading=await _reading(session, opened, results, chosen.target, engine),
    )
    drafted = await anyio.to_thread.run_sync(draft, pieces)
    passing("drafted")
    return question, drafted


async def _spared(session: Session, opened: Opened, target: Target, judged: FirstPass) -> FirstPass:
    """What the model was not asked, and what that would have cost. A page that no window can hold counts nothing."""
    profile = session.engine.profile
    if profile is None:
        return judged
    wire = translate(target.json_schema, profile.schema_dialect)
    try:
        planned = await plan_windows(session, opened.document, opened.selection.ask, target, (wire, opened.source))
    except InputError:
        return judged
    return spared(judged, planned.windows, profile)


async def _reading(
    session: Session, opened: Opened, results: list[WindowResult], target: Target, engine: Engine
) -> Reading | None:
    """What the embedded engine says of the pages that were answered for; None where it gave the answers itself."""
    if engine.is_local:
        return None
    pages = {page for result in results if result.record is not None for page in result.window.pages}
    readable = tuple(sorted(pages - set(opened.source.faults)))
    return await second_reading(session, opened.source, readable, target.json_schema)


async def _choose(opened: Opened, wanted: Wanted) -> tuple[Target, str | None, list[Issue]]:
    """The fixed schema, or the one that fits by a look at the first pages' words."""
    if wanted.target is not None:
        return wanted.target, None, []
    words = await opened.source.words(opened.numbers[:_PAGES_TO_CLASSIFY])
    from docextract.local.classify import classify  # its rules take a twentieth of a second to be made

    choice = await anyio.to_thread.run_sync(classify, words, wanted.candidates)
    target = next(candidate for candidate in wanted.candidates if candidate.name == choice.name)
    issues = []
    if not choice.confident:
        message = f"no schema fits well, taken as {target.name}: {choice.why}"
        issues.append(Issue(path="", code="schema_guessed", message=message))
    return target, choice.why, issues


async def _ask_all(
    session: Session, claim: Claim, opened: Opened, target: Target, engine: Engine
) -> tuple[Question, list[WindowResult]]:
    """What was asked, and every window's results, in page order; windows are asked side by side."""
    profile = engine.profile
    wire = translate(target.json_schema, profile.schema_dialect) if profile is not None else None
    planned = await plan_windows(session, opened.document, opened.selection.ask, target, (wire, opened.source))
    passing("planned")
    if session.shown is not None:
        session.shown.expect(opened.document, planned.windows, profile)
    question = Question(
        asking=Asking(
            session=session,
            engine=engine,
            claim=claim,
            source=opened.source,
            schema=target.json_schema,
            wire_schema=wire.schema if wire is not None else None,
            schema_digest=asked_digest(target.json_schema, wire),
            prefix=opened.document.digest if session.fixed.schema_last else asked_digest(target.json_schema, wire),
            prefix_bytes=len(prefix_text(session.fixed, wire.schema).encode("utf-8", "replace")) if wire else 0,
            costs=planned.costs,
            rules=planned.rules,
            texts=planned.texts,
        ),
        target=target,
        wire_schema=wire.schema if wire is not None else {},
        fixed=session.fixed,
        retries=session.job.retries,
        thinking=session.job.thinking,
    )
    shelf = Shelf(len(planned.windows))
    waits: list[PutOff] = []

    async def ask(index: int) -> None:
        try:
            shelf.put(index, await ask_window(question, planned.windows[index]))
            session.slack.ended()
            ahead.add(planned.windows[index].pages)
        except PutOff as error:
            waits.append(error)  # the other windows go into the same batch

    async def ask_all() -> None:
        await to_the_end(range(len(planned.windows)), engine.slots + 2, ask)
        ahead.end()

    ahead = Ahead(opened.source.read_ahead)  # what values are held against, while other answers are on their way
    await alongside(ask_all, ahead.follow)
    if waits:
        raise waits[0]
    if len(planned.windows) > EVERY:
        give_back()  # what asking held, before what is to come needs memory of another kind
    return question, shelf.take()


async def with_digests(unit: Unit) -> Unit:
    """The unit with the content digest of every source that can be read."""
    sources = [await _with_digest(source) for source in unit.sources]
    return Unit(name=unit.name, sources=tuple(sources))


async def _with_digest(source: SourceFile) -> SourceFile:
    if source.sha256 is not None or (source.fault is not None and source.fault.code == "unreadable"):
        return source
    try:
        return dataclasses.replace(source, sha256=await anyio.to_thread.run_sync(digest, source.path))
    except InputError:  # it vanished, or was never on this machine
        return source
