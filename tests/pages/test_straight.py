"""What makes a page cheap, held without a clock: drawn once, at its size; a picture that fits is not decoded."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from docextract.pages import draw
from docextract.pages.limits import BLANK_SPREAD
from docextract.pages.service import handle
from docextract.pages.uniform import is_uniform
from docextract.testing.documents import write_pdf, write_picture
from docextract.testing.ledgers import make_ledger
from docextract.types import RenderSpec

SIZE = (1240, 1754)


def asked(path: Path, kind: str, *, pages: int = 1) -> dict[str, Any]:
    spec = asdict(RenderSpec(width=SIZE[0], height=SIZE[1]))
    rows = [{"index": index, "spec": spec, "small": None} for index in range(pages)]
    return {"path": str(path), "kind": kind, "password": None, "pages": rows}


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture is resized or copied into another mode."""

    def refuse(*words: Any, **options: Any) -> None:
        raise AssertionError("a picture was resized, converted or decoded")

    for name in ("resize", "convert", "thumbnail", "reduce"):
        monkeypatch.setattr(Image.Image, name, refuse)


@pytest.mark.usefixtures("never")
def test_a_page_is_drawn_once_straight_at_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, int]] = []
    real = pypdfium2.PdfBitmap.new_native

    def counted(width: int, height: int, *words: Any, **options: Any) -> Any:
        drawn.append((width, height))
        return real(width, height, *words, **options)

    monkeypatch.setattr(pypdfium2.PdfBitmap, "new_native", counted)
    pages = write_pdf(tmp_path / "a.pdf", make_ledger(1, 60))
    assert pages > 1
    heads, blobs = handle("render", asked(tmp_path / "a.pdf", "pdf", pages=pages), [])
    assert drawn == [SIZE] * pages
    assert [(head["width"], head["height"]) for head in heads["pages"]] == drawn
    assert all(blob.startswith(b"\xff\xd8") for blob in blobs)


def test_a_drawn_page_has_the_colours_of_the_page(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", make_ledger(1, 5))
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    document.init_forms()
    ours = draw.draw_whole(document, document[0], SIZE)
    bitmap = pypdfium2.PdfBitmap.new_native(*SIZE, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect(draw.WHITE, 0, 0, *SIZE)
    flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
    pdfium_c.FPDF_RenderPageBitmap(bitmap, document[0], 0, 0, *SIZE, 0, flags)
    assert ours.convert("RGB").tobytes() == bitmap.to_pil().convert("RGB").tobytes()
    document.close()


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_picture_that_fits_is_passed_byte_for_byte_and_never_decoded(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a.{'jpg' if kind == 'jpeg' else kind}"
    write_picture(path, make_ledger(1, 5), width=SIZE[0], height=SIZE[1])

    def refuse(*words: Any, **options: Any) -> None:
        raise AssertionError("the picture was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    _, blobs = handle("render", asked(path, kind), [])
    assert blobs == [path.read_bytes()]


@given(
    st.integers(1, 40),
    st.integers(1, 140),
    st.sampled_from(["L", "RGB", "RGBX"]),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 139), st.integers(0, 255)), max_size=4),
)
def test_strips_say_of_a_picture_what_the_whole_of_it_says(
    width: int, height: int, mode: str, dots: list[tuple[int, int, int]]
) -> None:
    image = Image.new(mode, (width, height), 200 if mode == "L" else (200,) * len(mode))
    for x, y, level in dots:
        value: Any = level if mode == "L" else (level, *(200,) * (len(mode) - 1))
        image.putpixel((x % width, y % height), value)
    extremes: Any = image.getextrema()
    pairs = [extremes] if mode == "L" else extremes
    assert is_uniform(image) == all(most - least <= BLANK_SPREAD for least, most in pairs)


def test_pages_are_drawn_in_the_same_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another page, or a larger one, left there shows nowhere."""
    write_pdf(tmp_path / "a.pdf", make_ledger(1, 60))
    alone = []
    for index in range(2):
        monkeypatch.setattr(draw, "_canvas", draw._Canvas())
        alone.append(drawn_at(tmp_path / "a.pdf", index, SIZE))
    monkeypatch.setattr(draw, "_canvas", draw._Canvas())
    drawn_at(tmp_path / "a.pdf", 1, (1400, 1980))
    memory = draw._canvas._memory
    assert [drawn_at(tmp_path / "a.pdf", index, SIZE) for index in range(2)] == alone
    assert draw._canvas._memory is memory
    drawn_at(tmp_path / "a.pdf", 0, (2480, 3508))
    assert draw._canvas._memory is memory, "large pictures have memory of their own, which is given back"


def drawn_at(path: Path, index: int, size: tuple[int, int]) -> bytes:
    row = {"index": index, "spec": asdict(RenderSpec(width=size[0], height=size[1])), "small": None}
    return handle("render", {"path": str(path), "kind": "pdf", "password": None, "pages": [row]}, [])[1][0]
