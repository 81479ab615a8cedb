"""What a rendering child answers, one function an operation. Messages: see `pages/channel.py`.

digest     {path}                                         SHA-256 of a file
describe   {path, kind, passwords, max_pages, parsers, rescue}   pages of a file, nothing drawn
look       {path, kind, indexes, password, structure}     what stands on some pages: blank, text, digest
render     {path, kind, password, pages: [{index, spec, small}]}   a picture of each page that worked, and a small one
flow       {path, kind}                                   paragraphs and tables of a kind without layout
unlock     {path, passwords, out}                         an office file without its password
convert    {path, kind, out}                              an office file as a PDF
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docextract.errors import InputError, PageError
from docextract.pages.bounds import bound, reached
from docextract.types import RenderSpec

Answer = tuple[dict[str, Any], list[bytes]]


def handle(op: str, args: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Answer one message. Raises the typed errors of what was asked."""
    del blobs  # no operation of this kind takes any
    return OPERATIONS[op](args)


def digest(args: dict[str, Any]) -> Answer:
    """The content digest of one file. InputError unreadable where it cannot be read (any more)."""
    try:
        with Path(args["path"]).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > bound("file_bytes"):
                raise reached("file_bytes", f"the file has {size:,} bytes")
            return {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}, []
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", code="unreadable") from error


def describe(args: dict[str, Any]) -> Answer:
    """Count and measure the pages of one file."""
    path, kind = args["path"], args["kind"]
    if kind == "pdf":
        from docextract.pages import pdf

        return pdf.describe(path, args["passwords"], args["max_pages"], args["parsers"], args["rescue"]), []
    if kind in {"docx", "text", "markdown", "html"}:
        from docextract.pages import plain

        return plain.describe(path, kind), []
    from docextract.pages import scan

    return scan.describe(path, kind, args["max_pages"]), []


def look(args: dict[str, Any]) -> Answer:
    """Look at some pages of one file."""
    if args["kind"] == "pdf":
        from docextract.pages import pdf

        return {"rows": pdf.look(args["path"], args["indexes"], args["password"], structure=args["structure"])}, []
    from docextract.pages import scan

    return {"rows": scan.look(args["path"], args["kind"], args["indexes"])}, []


def render(args: dict[str, Any]) -> Answer:
    """Draw some pages of one file. A page that cannot be drawn is a `fault`; the others go on."""
    from docextract.pages.picture import render_sizes

    heads: list[dict[str, Any]] = []
    pictures: list[bytes] = []
    for page in args["pages"]:
        specs = [_spec(asked) for asked in (page["spec"], page.get("small")) if asked]
        try:
            (head, data), *smaller = render_sizes(args["path"], args["kind"], page["index"], specs, args["password"])
        except PageError as error:
            heads.append({"fault": {"code": error.code, "message": str(error), "hint": error.hint}})
            continue
        heads.append({**head, "small": [small for small, _ in smaller]})
        pictures += [data, *(small for _, small in smaller)]
    return {"pages": heads}, pictures


def _spec(asked: dict[str, Any]) -> RenderSpec:
    return RenderSpec(**{**asked, "crop": tuple(asked["crop"]) if asked["crop"] else None})


def bands(args: dict[str, Any]) -> Answer:
    """Find the even bands of a tall page."""
    from docextract.pages.bands import find_bands

    return {"bands": find_bands(args)}, []


def flow(args: dict[str, Any]) -> Answer:
    """Read a kind without layout."""
    from docextract.pages.flow import flow as read_flow

    return read_flow(Path(args["path"]), args["kind"])


def unlock(args: dict[str, Any]) -> Answer:
    """Open an office file with a password."""
    from docextract.pages.locked import unlock as without_password

    path, kind = without_password(args["path"], args["passwords"], args["out"])
    return {"path": path, "kind": kind}, []


def convert(args: dict[str, Any]) -> Answer:
    """Convert an office file to PDF."""
    from docextract.pages.office import convert as to_pdf

    return {"path": str(to_pdf(Path(args["path"]), args["kind"], Path(args["out"])))}, []


OPERATIONS: dict[str, Callable[[dict[str, Any]], Answer]] = {
    "digest": digest,
    "describe": describe,
    "look": look,
    "render": render,
    "bands": bands,
    "flow": flow,
    "unlock": unlock,
    "convert": convert,
}
