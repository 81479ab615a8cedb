"""PDFs written by hand, so that every byte of what is odd about them is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from docextract.intake.discover import discover
from docextract.types import Unit

INK = b"0 0 m 100 100 l S 50 50 40 40 re f"
BOX = (300, 400)

MakePdf = Callable[..., Path]


def assemble(objects: Sequence[bytes], *, trailer: bytes = b"", root: bytes = b"/Root 1 0 R") -> bytes:
    """Objects numbered from 1 as a PDF with a sound cross-reference table."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d%s%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (keys, len(data), data)


def pages_pdf(
    contents: Sequence[bytes], *, size: tuple[float, float] = BOX, keys: bytes = b"", more: Sequence[bytes] = ()
) -> bytes:
    """A page for each content stream. `keys` go into every page; objects of `more` are numbered after them."""
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (3 + 2 * index) for index in range(count))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)]
    for index, content in enumerate(contents):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Contents %d 0 R%s>>"
        objects += [page % (*size, 4 + 2 * index, keys), stream(content)]
    return assemble([*objects, *more])


FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 300 400]"


def nested_forms(first: int, depth: int = 12, width: int = 10) -> list[bytes]:
    """Form objects numbered from `first`, each drawing the next `width` times: width ** depth drawings in all."""
    forms = [
        stream(b"/F Do " * width, FORM + b"/Resources<</XObject<</F %d 0 R>>>>" % (first + level + 1))
        for level in range(depth)
    ]
    return [*forms, stream(b"0 0 10 10 re f", FORM)]


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """Write pages (content streams) to a PDF; keyword arguments as for `pages_pdf`."""

    def make(*contents: bytes, name: str = "made.pdf", **options: object) -> Path:
        path = tmp_path / name
        path.write_bytes(pages_pdf(contents, **options))  # type: ignore[arg-type]  # checked by the call itself
        return path

    return make


@pytest.fixture
def make_trap(tmp_path: Path) -> Callable[..., Path]:
    """Write a PDF with a page for each argument; a page whose argument is True never ends being drawn."""

    def make(*traps: bool) -> Path:
        contents = [b"/F Do " * 10 if is_trap else INK for is_trap in traps]
        first = 3 + 2 * len(traps)
        keys = b"/Resources<</XObject<</F %d 0 R>>>>" % first
        path = tmp_path / "trap.pdf"
        path.write_bytes(pages_pdf(contents, keys=keys, more=nested_forms(first)))
        return path

    return make


@pytest.fixture
def unit() -> Callable[..., Unit]:
    """A unit of the files given, as discovery makes it."""

    def make(*paths: Path) -> Unit:
        return Unit(name=paths[0].name, sources=tuple(file for path in paths for file in discover([path])))

    return make
