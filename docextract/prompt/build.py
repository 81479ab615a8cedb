"""A request's messages: what every request shares first, byte for byte, then the pages, page-specific words last.

One schema over many documents: the schema stands before the pages. Several schemas over one
document: the pages stand before the schema, so that the second schema finds the pages cached. No
time, id or counter stands before the pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docextract.prompt import texts
from docextract.types import Issue, Json, Message, PageImage, Window

_MOST_ISSUES = 20
_LONGEST_ECHO = 60_000  # characters of a bad answer that are sent back with the repair


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What does not change from one request to the next: `context` text, `examples` as JSON texts."""

    context: str | None = None
    examples: tuple[str, ...] = ()
    schema_last: bool = False


def schema_text(schema: Mapping[str, Json]) -> str:
    """The schema as it stands in the prompt: sorted keys, no spaces, equal for equal schemas."""
    return json.dumps(schema, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def prefix_text(fixed: Fixed, schema: Mapping[str, Json]) -> str:
    """All fixed text of a request, for counting its tokens."""
    return "\n".join([*_system(fixed, schema), *_shared(fixed), texts.SCHEMA_HEAD, schema_text(schema)])


def build(
    fixed: Fixed, schema: Mapping[str, Json], window: Window, page_texts: Mapping[int, str]
) -> tuple[Message, ...]:
    """System message, then one user message: shared text, pages in order, closing words.

    `page_texts` gives the text of the window's `text_pages`. `cache` marks end at what later
    requests repeat.
    """
    messages = [Message(role="system", parts=("\n\n".join(_system(fixed, schema)),), cache=not fixed.schema_last)]
    shared = _shared(fixed)
    pages = _pages(window, page_texts)
    if fixed.schema_last:
        messages.append(Message(role="user", parts=(*shared, *pages), cache=True))
        last = f"{texts.SCHEMA_HEAD}\n{schema_text(schema)}\n\n{_closing(window)}"
        messages.append(Message(role="user", parts=(last,)))
    else:
        if shared:
            messages.append(Message(role="user", parts=tuple(shared), cache=True))
        messages.append(Message(role="user", parts=(*pages, _closing(window)), cache=True))
    return tuple(messages)


def repair(messages: tuple[Message, ...], answer: str, issues: Sequence[Issue]) -> tuple[Message, ...]:
    """The same conversation, with the bad answer and what is wrong with it; the prefix is untouched."""
    lines = [f"- {issue.path or '/'}: {issue.message}" for issue in issues[:_MOST_ISSUES]]
    if len(issues) > _MOST_ISSUES:
        lines.append(f"- and {len(issues) - _MOST_ISSUES} more")
    return (
        *messages,
        Message(role="assistant", parts=(answer[:_LONGEST_ECHO],)),
        Message(role="user", parts=(texts.REPAIR.format(issues="\n".join(lines)),)),
    )


def proceed(messages: tuple[Message, ...], answer: str) -> tuple[Message, ...]:
    """The same conversation, asking for the rest of an answer that was cut off."""
    return (
        *messages,
        Message(role="assistant", parts=(answer,)),
        Message(role="user", parts=(texts.TRUNCATED,)),
    )


def _system(fixed: Fixed, schema: Mapping[str, Json]) -> list[str]:
    if fixed.schema_last:
        return [texts.INSTRUCTIONS]
    return [texts.INSTRUCTIONS, f"{texts.SCHEMA_HEAD}\n{schema_text(schema)}"]


def _shared(fixed: Fixed) -> list[str]:
    parts = [f"{texts.CONTEXT_HEAD}\n{fixed.context}\n\n"] if fixed.context else []
    return parts + [f"{texts.EXAMPLE_HEAD}\n{example}\n\n" for example in fixed.examples]


def _pages(window: Window, page_texts: Mapping[int, str]) -> list[str | PageImage]:
    parts: list[str | PageImage] = []
    for page in window.pages:
        images = [image for image in window.images if image.page == page]
        for number, image in enumerate(images, start=1):
            of = len(images)
            head = texts.PAGE if of == 1 else texts.PAGE_PART
            parts += [head.format(page=page, part=number, of=of) + "\n", image]
        if page in page_texts:
            parts.append(f"{texts.PAGE.format(page=page)}\n{page_texts[page]}\n\n")
    return parts


def _closing(window: Window) -> str:
    first, last = window.pages[0], window.pages[-1]
    pages = f"page {first}" if first == last else f"pages {first} to {last}"
    return texts.CLOSING.format(pages=pages)
