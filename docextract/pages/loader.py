"""A unit becomes a document: its files opened, counted, measured and looked at in child processes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from docextract.errors import CODES, DocextractError, InputError, PageError, error_from_fault
from docextract.pages.limits import BAD_PAGES, LOOK_PAGES
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.types import Document, Fault, Kind, Page, RenderSpec, SourceFile, Unit

OFFICE: frozenset[Kind] = frozenset({"doc", "odt", "rtf", "pptx", "xlsx"})
"""Kinds that become PDFs first, by LibreOffice."""

FLOWING: frozenset[Kind] = frozenset({"docx", "text", "markdown", "html"})
"""Kinds without layout: one page without a size."""

SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "pdf": (".pdf",), "docx": (".docx", ".docm", ".dotx"), "doc": (".doc", ".dot"), "odt": (".odt", ".ott"),
    "rtf": (".rtf", ".doc"), "pptx": (".pptx", ".pptm", ".ppsx"), "xlsx": (".xlsx", ".xlsm"), "png": (".png",),
    "jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"), "webp": (".webp",), "gif": (".gif",), "bmp": (".bmp", ".dib"),
    "tiff": (".tif", ".tiff"), "html": (".html", ".htm", ".xhtml"),
}  # fmt: skip
"""Usual extensions; another one of this table on a file is worth a warning. Text may be called anything."""

ALL_SUFFIXES = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes}

# Parsers asked for a PDF, and their share of the deadline: where a child dies or hangs the next attempt asks fewer.
ATTEMPTS: tuple[tuple[tuple[str, ...], float], ...] = ((("pdfium", "pypdf"), 0.4), (("pdfium",), 0.4), ((), 0.2))

Row = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class _Opened:
    """One file, described. `source` is where its pages are, which for office files is the converted PDF.

    `kind` is what the file itself is, behind its password if it has one.
    """

    source: SourceFile
    kind: Kind
    sha256: str
    total: int = 1
    rows: list[Row] = field(default_factory=list)
    password: str | None = None
    warnings: list[str] = field(default_factory=list)
    about: list[tuple[str, str]] = field(default_factory=list)


async def load(pool: Pool, unit: Unit, options: PagesOptions, *, passwords: Sequence[str] = ()) -> Document:
    """Open the files of a unit. Pages are numbered through all of them, from 1; the first `max_pages` are described.

    InputError with the code that fits where the file cannot be used. In a unit of several files one that cannot
    be used becomes a page with a fault; only when none can, its error is raised.

    The sources of the document are the unit's, with `sha256` set; an office file is replaced by the PDF made of
    it (`path` in the pool's scratch folder, `kind` pdf) while its name stays, and so is a PDF that had to be rescued,
    and an office file with a password by what is behind it.
    """
    opened: list[_Opened] = []
    failures: list[DocextractError] = []
    left = options.max_pages
    for source in unit.sources:
        try:
            one = await _open(pool, source, options, passwords, left)
        except (InputError, PageError) as error:
            failures.append(error)
            if len(unit.sources) == 1:
                raise
            one = _faulty(source, error.fault)
        opened.append(one)
        left = max(0, left - len(one.rows))
    if len(failures) == len(unit.sources):
        raise failures[0]
    if all(row.get("fault") for one in opened for row in one.rows):
        raise _all_damaged(opened[0])
    secrets = {one.password for one in opened if one.password is not None}
    if len(secrets) > 1:
        raise InputError(
            "the files of this folder have different passwords", code="encrypted", hint="run it without --group folder"
        )
    digest = opened[0].sha256 if len(opened) == 1 else joined([one.sha256 for one in opened])
    return Document(
        unit=replace(unit, sources=tuple(one.source for one in opened)),
        digest=digest,
        kind=opened[0].kind,
        pages=_pages(opened, options.max_pages),
        page_total=sum(one.total for one in opened),
        has_layout=any(one.source.kind not in FLOWING for one in opened),
        password=next(iter(secrets), None),
        warnings=tuple(_named(one, text, len(opened)) for one in opened for text in one.warnings),
        about=tuple((_of(one, what, len(opened)), text) for one in opened for what, text in one.about),
    )


async def _open(
    pool: Pool, source: SourceFile, options: PagesOptions, passwords: Sequence[str], max_pages: int
) -> _Opened:
    if source.fault is not None and source.is_useless:
        raise error_from_fault(source.fault)
    path = os.path.abspath(source.path)  # noqa: PTH100, ASYNC240  Path.absolute keeps `..`; no disk is touched
    answer = await _ask(pool, "digest", {"path": path}, options.load_deadline_s)
    shown = replace(source, sha256=answer["sha256"])
    if source.is_locked:
        locked: Row = {"path": path, "passwords": list(passwords)}
        locked["out"] = str(pool.scratch / "unlocked" / answer["sha256"])
        opened = await _ask(pool, "unlock", locked, options.load_deadline_s)
        path = opened["path"]
        shown = replace(shown, path=type(source.path)(path), kind=opened["kind"], fault=None)
    kind, warnings = shown.kind, _misnamed(source, shown.kind)
    if kind in OFFICE:
        out = pool.scratch / "office" / answer["sha256"]
        office = {"path": path, "kind": kind, "out": str(out)}
        path = (await _ask(pool, "convert", office, options.load_deadline_s))["path"]
        shown = replace(shown, path=type(source.path)(path), kind="pdf")
    args: Row = {"path": path, "kind": shown.kind, "passwords": list(passwords), "max_pages": max_pages}
    args["rescue"] = str(pool.scratch / "rescued" / f"{answer['sha256']}.pdf")
    told = await _describe(pool, args, options)
    if told.get("path", path) != path:
        path = told["path"]
        shown = replace(shown, path=type(source.path)(path))
    one = _Opened(
        source=shown,
        kind=kind,
        sha256=answer["sha256"],
        total=told["page_total"],
        password=told.get("password"),
        warnings=warnings + told["warnings"],
        about=[(what, text) for what, text in told.get("about", ())],
    )
    indexes = told.get("indexes", range(len(told["sizes"])))
    one.rows = [
        {"index": index, "width": size[0], "height": size[1], "blank": told.get("blank", False), "pixels": pixels}
        for index, size, pixels in zip(indexes, told["sizes"], told.get("pixels", [None] * len(indexes)), strict=True)
    ]
    if shown.kind not in FLOWING and told.get("is_drawable", True):
        await _look(pool, path, one, options)
        if one.total == 1 and shown.kind != "pdf":
            one.rows[0]["digest"] = one.sha256
    return one


async def _describe(pool: Pool, args: Row, options: PagesOptions) -> Row:
    attempts = ATTEMPTS if args["kind"] == "pdf" else (((), 1.0),)
    for parsers, share in attempts[:-1]:
        try:
            answer, _ = await pool.call(
                "describe", {**args, "parsers": parsers}, deadline_s=share * options.load_deadline_s
            )
        except PageError as error:
            if not error.retryable:
                raise
        else:
            return answer
    parsers, share = attempts[-1]
    return await _ask(pool, "describe", {**args, "parsers": parsers}, share * options.load_deadline_s)


async def _ask(pool: Pool, op: str, args: Row, deadline_s: float) -> Row:
    """One call about a whole file: a child that died or was too slow is the file's fault, not a page's."""
    try:
        return (await pool.call(op, args, deadline_s=deadline_s))[0]
    except PageError as error:
        raise InputError(
            f"opening it: {error}", code=error.code, hint="save it again from a viewer, or leave it out"
        ) from error


async def _look(pool: Pool, path: str, one: _Opened, options: PagesOptions) -> None:
    """Fill the rows with what stands on the pages.

    A page that ends a child, or takes too long, when it is looked at alone and without its structure would do so
    whenever it is drawn or read: it is poppler's from now on, or failed where poppler cannot draw it either. When
    BAD_PAGES pages have done so the rest is not looked at, and is quarantined where they all failed.
    """
    common = {"path": path, "kind": one.source.kind, "password": one.password}
    bad = 0
    for start in range(0, len(one.rows), LOOK_PAGES):
        rows = one.rows[start : start + LOOK_PAGES]
        if await _look_at(pool, common, rows, options.page_deadline_s) is None:
            continue
        for offset, row in enumerate(rows, start):
            if bad >= BAD_PAGES:
                _leave_out(one, offset)
                return
            # Half the time: a document must not take a deadline for each thing that is tried.
            half_s = options.page_deadline_s / 2
            ended = await _look_at(pool, common, [row], half_s, structure=False)
            if ended is not None:
                bad += 1
                await _give_to_poppler(pool, common, row, ended, half_s)


def _leave_out(one: _Opened, start: int) -> None:
    """The rows from `start` on: what is known of them stands, unless the pages before them could not be saved."""
    one.warnings.append(f"pages from {one.rows[start]['index'] + 1} on were not looked at: others ended the reader")
    if sum("fault" in row for row in one.rows[:start]) >= BAD_PAGES:
        message = f"not looked at: {BAD_PAGES} other pages of this document ended the reader"
        for row in one.rows[start:]:
            row["fault"] = {"code": "quarantined", "message": message}


async def _look_at(
    pool: Pool, common: Row, rows: list[Row], deadline_s: float, *, structure: bool = True
) -> PageError | None:
    """None, or how the child ended."""
    args = {**common, "indexes": [row["index"] for row in rows], "structure": structure}
    try:
        answer, _ = await pool.call("look", args, deadline_s=deadline_s)
    except PageError as error:
        if not error.retryable:
            raise
        return error
    for row, seen in zip(rows, answer["rows"], strict=True):
        row.update(seen)
    return None


async def _give_to_poppler(pool: Pool, common: Row, row: Row, ended: PageError, deadline_s: float) -> None:
    """Have the page drawn small by poppler: where that works poppler draws it from now on, else it has failed."""
    spec = asdict(RenderSpec(width=64, height=64, renderer="poppler"))
    args = {**common, "pages": [{"index": row["index"], "spec": spec, "small": None}]}
    try:
        drawn = (await pool.call("render", args, deadline_s=deadline_s))[0]["pages"][0]
    except (PageError, InputError):
        drawn = {"fault": {}}
    if common["kind"] == "pdf" and "fault" not in drawn:
        row["only_poppler"] = True
    else:
        row["fault"] = {"code": ended.code, "message": str(ended), "hint": ended.hint}


def _all_damaged(one: _Opened) -> InputError:
    fault = one.rows[0]["fault"]
    return InputError(fault["message"], code=fault["code"], hint=fault.get("hint"))


def _faulty(source: SourceFile, fault: Fault) -> _Opened:
    """A file of a group that cannot be used, as one page that says so."""
    row: Row = {"index": 0, "width": 0.0, "height": 0.0, "fault": {"code": fault.code, "message": fault.message}}
    digest = hashlib.sha256(f"{source.name}\0{fault.code}".encode("utf-8", "surrogateescape")).hexdigest()
    return _Opened(
        source=source, kind=source.kind, sha256=source.sha256 or digest, rows=[row], warnings=[fault.message]
    )


def _pages(opened: list[_Opened], max_pages: int) -> tuple[Page, ...]:
    """All pages in order. Numbers count pages that are not described too, so a number never moves with the cap."""
    pages: list[Page] = []
    before = 0
    for position, one in enumerate(opened):
        for offset, row in enumerate(one.rows):
            fault = row.get("fault")
            pages.append(
                Page(
                    number=before + offset + 1,
                    source=position,
                    index=row["index"],
                    width=float(row["width"]),
                    height=float(row["height"]),
                    rotation=row.get("rotation", 0),
                    digest=row.get("digest"),
                    blank=row.get("blank", False),
                    pixels=tuple(row["pixels"]) if row.get("pixels") else None,
                    only_poppler=row.get("only_poppler", False),
                    has_text=row.get("has_text", one.source.kind in FLOWING and not row.get("blank", False)),
                    fault=Fault(**{"hint": CODES[fault["code"]], **fault}, scope="page") if fault else None,
                )
            )
        before += one.total
    return tuple(pages[:max_pages])


def _misnamed(source: SourceFile, kind: Kind) -> list[str]:
    suffix = source.path.suffix.lower()
    if suffix in ALL_SUFFIXES and suffix not in SUFFIXES.get(kind, ()):
        return [f"named {suffix} but its content is {kind}"]
    return []


def _of(one: _Opened, what: str, count: int) -> str:
    return what if count == 1 else f"{what} of {one.source.name}"


def _named(one: _Opened, text: str, files: int) -> str:
    return f"{one.source.name}: {text}" if files > 1 else text


def joined(digests: Sequence[str]) -> str:
    """The digest of a document that is made of several files, from theirs in order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
