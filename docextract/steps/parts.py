"""Several documents in one file (--split auto): which pages each has, found by a look at their words, no call made."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio

from docextract.config.job import Job
from docextract.steps.selection import Selection, select
from docextract.steps.source import DocumentPages
from docextract.types import Document, FilePart, Issue, Words

if TYPE_CHECKING:
    from docextract.local.split import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One document of a file: the opened file under the part's name, and every page of the file sorted for it."""

    document: Document
    selection: Selection


async def shares(document: Document, job: Job, source: DocumentPages) -> tuple[Share, ...]:
    """The documents in a file, in page order; one for all of it where nothing says that there are several.

    With --split auto the words of every page that may be asked about are read. Every page is in the
    range of exactly one part (blank pages and pages that cannot be read go with the one before), and in
    the ledger of every part.
    """
    whole = Share(document=document, selection=select(document, job))
    if job.split == "none" or not document.has_layout:
        return (whole,)
    # The same page may stand in two of the documents: only within one is it a duplicate.
    numbers = [page.number for page in select(document, dataclasses.replace(job, keep_duplicates=True)).ask]
    words = await source.words(numbers)
    from docextract.local.split import find_parts

    found = await anyio.to_thread.run_sync(find_parts, words)
    if len(found) < 2:
        return (dataclasses.replace(whole, selection=_noted(whole.selection, words, document.page_total)),)
    return tuple(_share(document, job, found, at, words) for at in range(len(found)))


def _share(document: Document, job: Job, found: Sequence[Part], at: int, words: Sequence[Words]) -> Share:
    begin = found[at].first if at else 1
    end = found[at + 1].first if at + 1 < len(found) else document.page_total + 1
    selection = select(document, job, own=range(begin, end))
    reasons = {entry.page: entry.reason for entry in selection.entries}
    own = [number for number in range(begin, end) if reasons.get(number) not in {"range", "limit"}]
    part = FilePart(first=own[0], last=own[-1], number=at + 1, of=len(found), why=found[at].why)
    return Share(
        document=dataclasses.replace(document, unit=dataclasses.replace(document.unit, part=part)),
        selection=_noted(selection, words, document.page_total),
    )


def _noted(selection: Selection, words: Sequence[Words], total: int) -> Selection:
    """With an issue for each page of the part that has no words: another document may begin there unseen."""
    asked = {page.number for page in selection.ask}
    wordless = [page.page for page in words if page.page in asked and not page.words and 1 < page.page <= total]
    message = "this page has no words: whether another document begins here could not be told"
    issues = tuple(Issue(path="", code="split_unread", message=message, page=number) for number in wordless)
    return dataclasses.replace(selection, issues=(*selection.issues, *issues))
