"""Kinds without layout as blocks in document order, in the child. The shape of a block: see `blocks.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docextract.errors import InputError


def flow(path: str | Path, kind: str) -> tuple[dict[str, Any], list[bytes]]:
    """`{"blocks": [...]}` and the pictures inside as PNG or JPEG bytes, for docx, text, markdown and html.

    InputError where the file is damaged, encrypted or over a limit. Nothing is ever fetched.
    """
    if kind == "docx":
        from docextract.pages.word import read_word

        blocks, pictures = read_word(path)
        return {"blocks": blocks}, pictures
    if kind == "html":
        from docextract.pages.html import read_html

        blocks, pictures = read_html(path)
        return {"blocks": blocks}, pictures
    from docextract.pages.markup import read_markdown, read_text

    if kind == "markdown":
        return {"blocks": read_markdown(path)}, []
    if kind == "text":
        return {"blocks": read_text(path)}, []
    raise InputError(f"{kind} is no kind without layout", code="unsupported")
