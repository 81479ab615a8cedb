"""The window plan of a document: made once, kept in the journal, reused by every later run."""

from __future__ import annotations

import json
from collections.abc import Sequence

from docextract.run.session import Session
from docextract.schema.target import Target
from docextract.types import Document, Page, Window

_LOCAL_WINDOW = 100  # pages; keeps the words of a window well under 100 MB


async def plan_windows(
    session: Session, document: Document, pages: Sequence[Page], target: Target
) -> tuple[Window, ...]:
    """Windows in page order; none where there is no page to ask about."""
    numbers = [page.number for page in pages]
    size = session.job.window_pages or _LOCAL_WINDOW
    groups = [numbers[start : start + size] for start in range(0, len(numbers), size)]
    key = f"{document.digest}:{target.sha256}:{session.engine.identity}:{json.dumps(numbers)}:{size}"
    stored = await session.journal.plan(key, json.dumps(groups))
    groups = json.loads(stored) if stored else groups
    return tuple(
        Window(document=document.digest, index=index, of=len(groups), pages=tuple(group), text_pages=tuple(group))
        for index, group in enumerate(groups)
    )
