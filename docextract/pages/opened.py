"""PDFs open in this child: the last few stay open, so that the pages of a document are not parsed anew for each call.

pdfium is not thread-safe; a child does one thing at a time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c
from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from docextract.errors import InputError
from docextract.pages.fingerprint import Fingerprints
from docextract.pages.passwords import spellings

KEPT = 4  # open documents: about as many as one child has windows of at a time
PASSWORD_ERROR, SECURITY_ERROR = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY of fpdfview.h

PYPDF_ERRORS = (
    PyPdfError, DependencyError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError,
    OSError, RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What pypdf lets out on broken files: it validates as it goes, so nearly anything Python can raise."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs every repair; nobody reads a child's log


@dataclass(slots=True, kw_only=True)
class OpenPdf:
    """A PDF as pdfium holds it, and for structure as pypdf does, which is opened when first asked for.

    `password` is the one that opened it (None: none needed); `document` is None where pdfium was not asked.
    """

    path: str
    password: str | None
    document: Any
    prints: Fingerprints = field(default_factory=Fingerprints)
    _pages: dict[int, Any] = field(default_factory=dict)
    _reader: PdfReader | None = None
    _reader_error: str | None = None

    @contextlib.contextmanager
    def page(self, index: int) -> Iterator[Any]:
        """A page (0-based) of pdfium's, parsed once for all that is done inside. PdfiumError where it is none."""
        if index in self._pages:
            yield self._pages[index]
            return
        page = self._pages[index] = self.document[index]
        try:
            yield page
        finally:
            del self._pages[index]
            page.close()

    def reader(self) -> PdfReader | None:
        """The document in pypdf, or None where pypdf cannot open it (`reader_error` says why)."""
        if self._reader is None and self._reader_error is None:
            try:
                reader = PdfReader(self.path, strict=False)
                if reader.is_encrypted and not reader.decrypt(self.password or ""):
                    self._reader_error = "wrong password"
                    return None
                _ = reader.root_object  # looked for among the objects where the trailer does not name it
                self._reader = reader
            except PYPDF_ERRORS as error:
                self._reader_error = words_of(error)
        return self._reader

    @property
    def is_encrypted(self) -> bool:
        """Whether the file is encrypted, be it with a password that everybody knows: the empty one."""
        return self.document is not None and pdfium_c.FPDF_GetSecurityHandlerRevision(self.document) > 0

    @property
    def reader_error(self) -> str | None:
        """Why pypdf could not open it, in its own words."""
        return self._reader_error

    def structure(self, index: int) -> PageObject | None:
        """A page (0-based) as pypdf sees it, or None."""
        reader = self.reader()
        try:
            return reader.pages[index] if reader is not None else None
        except PYPDF_ERRORS:
            return None

    def close(self) -> None:
        """Let go of both parsers."""
        if self.document is not None:
            self.document.close()
        if self._reader is not None:
            self._reader.close()


_open: OrderedDict[tuple[str, int, int, str | None], OpenPdf] = OrderedDict()


def words_of(error: BaseException) -> str:
    """An error of a parser in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}".rstrip(": ")


def open_pdf(path: str, passwords: Sequence[str] = ()) -> OpenPdf:
    """Open a PDF with pdfium, without a password or with the first that fits.

    InputError encrypted where none fits; where pdfium cannot open it at all, InputError corrupt with its words.
    """
    status = os.stat(path)  # noqa: PTH116  a path of arbitrary bytes as it came over the channel
    tried = (None, *spellings(passwords))
    for password in tried:
        key = (path, status.st_mtime_ns, status.st_size, password)
        if key in _open:
            _open.move_to_end(key)
            return _open[key]
    error: pypdfium2.PdfiumError | None = None
    for password in tried:
        try:
            document = pypdfium2.PdfDocument(Path(path), password=password)
        except pypdfium2.PdfiumError as failure:
            error = failure
            if failure.err_code != PASSWORD_ERROR:
                break
            continue
        opened = OpenPdf(path=path, password=password, document=document)
        _prepare(document)
        _keep((path, status.st_mtime_ns, status.st_size, password), opened)
        return opened
    code = getattr(error, "err_code", None)
    if code == PASSWORD_ERROR:
        told = "none of the passwords opens it" if passwords else "it needs a password"
        raise InputError(f"the PDF is encrypted: {told}", code="encrypted")
    if code == SECURITY_ERROR:
        raise InputError(
            "the PDF is encrypted in a way that cannot be opened",
            code="encrypted",
            hint="open it in its own viewer and print it to a new PDF",
        )
    raise InputError(f"pdfium: {str(error).removeprefix('Failed to load document ').strip('().')}")


def structure_only(path: str) -> OpenPdf:
    """A PDF that only pypdf is asked about."""
    return OpenPdf(path=path, password=None, document=None)


def _prepare(document: Any) -> None:
    # Before the first page, or fields without an appearance of their own stay empty. Where the form is broken
    # the pages themselves can still be drawn.
    with contextlib.suppress(pypdfium2.PdfiumError):
        document.init_forms()


def _keep(key: tuple[str, int, int, str | None], opened: OpenPdf) -> None:
    _open[key] = opened
    while len(_open) > KEPT:
        _open.popitem(last=False)[1].close()
