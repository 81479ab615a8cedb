"""Which pages of a document are asked about, and the first half of the page ledger: why the others are not."""

from __future__ import annotations

from dataclasses import dataclass

from docextract.config.job import Job
from docextract.pages.options import is_in_range, parse_page_range
from docextract.types import Document, Issue, Page, PageEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """`ask` in page order; `entries` for every page that is not asked; each page of the source is in one of them."""

    ask: tuple[Page, ...]
    entries: tuple[PageEntry, ...]
    issues: tuple[Issue, ...]


OTHER = "other-document"
"""Why a page is left out that belongs to another document of the same file."""


def select(document: Document, job: Job, *, own: range | None = None) -> Selection:
    """Sort the pages: out of range, over the limit, unusable, blank, duplicate, or to be asked about.

    `own` are the pages of the document in question, where its file holds several.
    """
    wanted = parse_page_range(job.pages) if job.pages else None
    ask: list[Page] = []
    entries: list[PageEntry] = []
    issues: list[Issue] = []
    seen: dict[str, int] = {}
    for page in document.pages:
        number = page.number
        if wanted is not None and not is_in_range(number, wanted):
            entries.append(PageEntry(page=number, state="skipped", reason="range"))
        elif own is not None and number not in own:
            entries.append(PageEntry(page=number, state="skipped", reason=OTHER))
        elif number > job.max_pages:
            entries.append(PageEntry(page=number, state="skipped", reason="limit"))
        elif page.fault is not None:
            entries.append(PageEntry(page=number, state="failed", reason=page.fault.code))
        elif page.blank:
            entries.append(PageEntry(page=number, state="blank"))
        elif page.digest is not None and page.digest in seen and not job.keep_duplicates:
            entries.append(PageEntry(page=number, state="duplicate", reason=f"page {seen[page.digest]}"))
            issues.append(_duplicate(number, seen[page.digest]))
        else:
            ask.append(page)
            if page.digest is not None:
                seen[page.digest] = number
    for number in range(len(document.pages) + 1, document.page_total + 1):
        out_of_range = wanted is not None and not is_in_range(number, wanted)
        reason = "range" if out_of_range else "limit" if own is None or number in own else OTHER
        entries.append(PageEntry(page=number, state="skipped", reason=reason))
    if wanted is not None and own is None and {entry.reason for entry in entries} == {"range"} and not ask:
        issues.append(_out_of_range(job, document.page_total))
    return Selection(ask=tuple(ask), entries=tuple(entries), issues=tuple(issues))


def _duplicate(number: int, first: int) -> Issue:
    message = f"page {number} has the same content as page {first}: not asked about, its rows are not repeated"
    return Issue(path="", code="duplicate_page", message=message, page=number)


def _out_of_range(job: Job, total: int) -> Issue:
    message = f"--pages {job.pages} names none of its {total} page{'s' if total != 1 else ''}: nothing was asked about"
    return Issue(path="", code="no_page_in_range", message=message)
