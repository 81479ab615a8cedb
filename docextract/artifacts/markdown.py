"""A record of headings and text as a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from docextract.types import Json


def markdown_file(data: Mapping[str, Json], options: Mapping[str, Json]) -> list[tuple[str, bytes]]:
    """`document.md` from `title` and `sections` (`level`, `heading`, `text`). None where there is neither."""
    del options  # it has none
    blocks = []
    if isinstance(title := data.get("title"), str) and title.strip():
        blocks.append(f"# {_line(title)}")
    sections = data.get("sections")
    for section in sections if isinstance(sections, list) else ():
        if not isinstance(section, dict):
            continue
        heading, text, level = section.get("heading"), section.get("text"), section.get("level")
        if isinstance(heading, str) and heading.strip():
            depth = min(6, max(1, level if isinstance(level, int) else 1) + bool(blocks and blocks[0].startswith("# ")))
            blocks.append(f"{'#' * depth} {_line(heading)}")
        if isinstance(text, str) and text.strip():
            blocks.append(text.strip())
    return [("document.md", ("\n\n".join(blocks) + "\n").encode("utf-8", "backslashreplace"))] if blocks else []


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
