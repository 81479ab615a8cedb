from __future__ import annotations

import asyncio
import hashlib
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from docextract.errors import InputError
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.types import Document, Unit

SESAME = "open sesame"
INK = b"0 0 m 100 100 l S 50 50 40 40 re f"
MakePdf = Callable[..., Path]
MakeUnit = Callable[..., Unit]


def opened(unit: Unit, options: PagesOptions | None = None, *, passwords: Sequence[str] = ()) -> Document:
    async def run() -> Document:
        async with Pool("render", size=1) as pool:
            return await load(pool, unit, options or PagesOptions(), passwords=passwords)

    return asyncio.run(run())


def refused(unit: Unit) -> InputError:
    with pytest.raises(InputError) as raised:
        opened(unit)
    return raised.value


def canvas(path: Path, *pages: Callable[[Canvas], object], password: str | None = None, owner: str = "o") -> Path:
    lock = None if password is None else StandardEncryption(password, owner)
    drawing = Canvas(str(path), pagesize=(300, 400), encrypt=lock, invariant=1)
    for draw in pages:
        draw(drawing)
        drawing.showPage()
    drawing.save()
    return path


def words(text: str) -> Callable[[Canvas], object]:
    return lambda drawing: drawing.drawString(30, 300, text)


def scan(mark: str = "", *, noise: int = 0) -> ImageReader:
    """A page as a scanner gives it: 150 DPI, grey, with the noise of paper."""
    picture = Image.effect_noise((625, 833), noise).point(lambda value: min(255, value + 110)) if noise else None
    picture = picture or Image.new("L", (625, 833), 255)
    if mark:
        ImageDraw.Draw(picture).text((300, 790), mark, fill=20, font_size=21)  # 10 points at 150 DPI
    return ImageReader(picture.convert("RGB"))


def test_pages_are_counted_measured_and_told_apart(tmp_path: Path, unit: MakeUnit) -> None:
    path = canvas(tmp_path / "a.pdf", words("one"), words("two"), words("one"))
    document = opened(unit(path))
    assert (document.kind, document.page_total, document.has_layout) == ("pdf", 3, True)
    assert [(page.number, page.index, page.width, page.height) for page in document.pages] == [
        (1, 0, 300, 400),
        (2, 1, 300, 400),
        (3, 2, 300, 400),
    ]
    assert all(page.has_text and not page.blank for page in document.pages)
    first, second, third = (page.digest for page in document.pages)
    assert first == third != second
    assert document.digest == document.unit.sources[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_page_count_cap_leaves_the_total_exact(make_pdf: MakePdf, unit: MakeUnit) -> None:
    document = opened(unit(make_pdf(*[INK] * 30)), PagesOptions(max_pages=7))
    assert (len(document.pages), document.page_total) == (7, 30)


def test_equal_drawing_with_another_image_is_no_duplicate(tmp_path: Path, unit: MakeUnit) -> None:
    def show(mark: str) -> Callable[[Canvas], object]:
        return lambda drawing: drawing.drawImage(scan(mark), 0, 0, 300, 400)

    document = opened(unit(canvas(tmp_path / "a.pdf", show("1"), show("2"), show("1"))))
    first, second, third = (page.digest for page in document.pages)
    assert first != second
    assert first == third


@pytest.mark.parametrize(
    ("draw", "blank"),
    [
        (lambda _: None, True),
        (lambda drawing: drawing.drawImage(scan(), 0, 0, 300, 400), True),
        (lambda drawing: drawing.drawImage(scan(noise=4), 0, 0, 300, 400), True),
        (lambda drawing: drawing.drawImage(scan("7"), 0, 0, 300, 400), False),
        (lambda drawing: drawing.drawImage(scan("7", noise=4), 0, 0, 300, 400), False),
        (lambda drawing: drawing.drawString(150, 20, "7"), False),
        (lambda drawing: drawing.line(100, 200, 200, 200), False),
    ],
    ids=["nothing", "white scan", "noisy scan", "page number", "page number in noise", "printed number", "a line"],
)
def test_blank_pages_are_told(tmp_path: Path, unit: MakeUnit, draw: Callable[[Canvas], object], blank: bool) -> None:
    assert opened(unit(canvas(tmp_path / "a.pdf", draw))).pages[0].blank is blank


def test_content_that_cannot_be_decoded_is_not_blank(tmp_path: Path, unit: MakeUnit, make_pdf: MakePdf) -> None:
    lost = b"/Im Do"
    image = b"<</Type/XObject/Subtype/Image/Width 9/Height 9/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode"
    path = make_pdf(
        lost, keys=b"/Resources<</XObject<</Im 5 0 R>>>>", more=[image + b"/Length 4>>\nstream\nfake\nendstream"]
    )
    missing = make_pdf(lost, name="missing.pdf")
    assert not opened(unit(path)).pages[0].blank
    assert not opened(unit(missing)).pages[0].blank


def test_rotation_and_user_unit_are_in_the_size(make_pdf: MakePdf, unit: MakeUnit) -> None:
    page = opened(unit(make_pdf(INK, keys=b"/Rotate 90/UserUnit 2"))).pages[0]
    assert (page.width, page.height, page.rotation) == (800, 600, 90)


def test_passwords(tmp_path: Path, unit: MakeUnit) -> None:
    locked = unit(canvas(tmp_path / "locked.pdf", words("secret"), password=SESAME))
    owned = unit(canvas(tmp_path / "owned.pdf", words("shown"), password=""))
    assert refused(locked).code == "encrypted"
    with pytest.raises(InputError, match="none of the passwords"):
        opened(locked, passwords=["wrong"])
    document = opened(locked, passwords=["wrong", SESAME])
    assert document.password == SESAME
    assert document.pages[0].has_text
    assert SESAME not in repr(document)
    assert opened(owned, passwords=["not needed"]).password is None


def test_damaged_files_are_corrupt_with_the_parsers_words(tmp_path: Path, unit: MakeUnit, make_pdf: MakePdf) -> None:
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(b"%PDF-1.7\n1 0 obj\n<</Type/Catalog")
    error = refused(unit(cut))
    assert error.code == "corrupt"
    assert "pdfium" in str(error)
    assert "pypdf" in str(error)
    loop = make_pdf(INK, name="loop.pdf")
    loop.write_bytes(loop.read_bytes().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"))
    assert refused(unit(loop)).code == "corrupt"


def test_a_lost_catalogue_is_found_again(make_pdf: MakePdf, unit: MakeUnit) -> None:
    path = make_pdf(INK, INK)
    path.write_bytes(path.read_bytes().replace(b"/Root 1 0 R", b"/Rood 9 9 R"))
    document = opened(unit(path))
    assert document.page_total == 2
    assert any("damaged" in warning for warning in document.warnings)
    assert document.unit.sources[0].name == "made.pdf"


def test_a_page_count_that_promises_too_much_is_not_believed(make_pdf: MakePdf, unit: MakeUnit) -> None:
    path = make_pdf(INK)
    path.write_bytes(path.read_bytes().replace(b"/Count 1", b"/Count 9"))
    assert opened(unit(path)).page_total == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to an address space limit")
def test_pages_that_end_their_child_do_not_keep_a_document_from_opening(
    make_trap: Callable[..., Path], unit: MakeUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")  # without poppler, which would try each of these pages until its deadline

    async def run() -> Document:
        async with Pool("render", size=1, memory_mb=400) as pool:
            return await load(pool, unit(make_trap(False, True, True, False)), PagesOptions())

    document = asyncio.run(run())
    assert document.page_total == 4
    assert [(page.number, page.width) for page in document.pages] == [(n, 300) for n in (1, 2, 3, 4)]
    codes = [page.fault.code if page.fault is not None else None for page in document.pages]
    assert codes == [None, "render_crashed", "render_crashed", "quarantined"]
    assert any("not looked at" in warning for warning in document.warnings)


def test_images_are_measured_by_their_resolution_and_turned(tmp_path: Path, unit: MakeUnit) -> None:
    picture = Image.effect_noise((600, 300), 60)
    picture.save(tmp_path / "a.png", dpi=(300, 300))
    picture.save(tmp_path / "b.png", dpi=(1, 1))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "c.jpg", exif=exif)
    picture.save(tmp_path / "d.tiff", exif=exif, dpi=(200, 100))
    sizes = []
    for name in ("a.png", "b.png", "c.jpg", "d.tiff"):
        page = opened(unit(tmp_path / name)).pages[0]
        sizes.append((round(page.width), round(page.height)))
    assert sizes == [(144, 72), (600, 300), (300, 600), (216, 216)]
    assert [opened(unit(tmp_path / name)).pages[0].pixels for name in ("a.png", "c.jpg", "d.tiff")] == [
        (600, 300),
        (300, 600),
        (300, 600),
    ]


def test_every_frame_of_a_tiff_and_every_distinct_one_of_a_gif_is_a_page(tmp_path: Path, unit: MakeUnit) -> None:
    frames = [Image.effect_noise((60, 40), 80), Image.new("L", (30, 90), 255), Image.effect_noise((60, 40), 70)]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=[frames[1], frames[2], frames[0]])
    document = opened(unit(tmp_path / "a.tif"))
    assert [(page.number, page.width, page.height, page.blank) for page in document.pages] == [
        (1, 60, 40, False),
        (2, 30, 90, True),
        (3, 60, 40, False),
        (4, 60, 40, False),
    ]
    assert document.pages[0].digest == document.pages[3].digest != document.pages[2].digest
    red, blue = Image.new("RGB", (20, 20), "red"), Image.new("RGB", (20, 20), "blue")
    red.save(tmp_path / "a.gif", save_all=True, append_images=[blue, red, blue], duration=50)
    assert opened(unit(tmp_path / "a.gif")).page_total == 2


def test_images_that_are_cut_or_too_large_are_told(tmp_path: Path, unit: MakeUnit) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((400, 400), 80).save(buffer, "JPEG")
    for name, data in (
        ("cut.jpg", buffer.getvalue()[: len(buffer.getvalue()) // 2]),
        ("head.png", b"\x89PNG\r\n\x1a\n"),
    ):
        (tmp_path / name).write_bytes(data)
        assert refused(unit(tmp_path / name)).code == "corrupt"
    Image.new("1", (12_000, 12_000)).save(tmp_path / "bomb.png")
    error = refused(unit(tmp_path / "bomb.png"))
    assert error.code == "limit_reached"
    assert "image_pixels of 120,000,000" in str(error)


def test_kinds_without_layout_are_one_page_and_checked(tmp_path: Path, unit: MakeUnit) -> None:
    docx.Document().save(str(tmp_path / "a.docx"))
    document = opened(unit(tmp_path / "a.docx"))
    assert (document.kind, document.has_layout, document.page_total) == ("docx", False, 1)
    assert (document.pages[0].width, document.pages[0].height) == (0, 0)
    whole = (tmp_path / "a.docx").read_bytes()
    (tmp_path / "cut.docx").write_bytes(whole[: len(whole) // 2])
    assert refused(unit(tmp_path / "cut.docx")).code == "corrupt"
    (tmp_path / "white.txt").write_text(" \n\t\n")
    assert opened(unit(tmp_path / "white.txt")).pages[0].blank


def test_a_file_under_a_wrong_name_opens_with_a_warning(tmp_path: Path, unit: MakeUnit, make_pdf: MakePdf) -> None:
    document = opened(unit(make_pdf(INK, name="photo.png")))
    assert document.kind == "pdf"
    assert "photo.png" not in document.warnings[0]
    assert ".png" in document.warnings[0]


def test_a_group_is_numbered_through_and_a_bad_file_in_it_is_a_failed_page(
    tmp_path: Path, unit: MakeUnit, make_pdf: MakePdf
) -> None:
    Image.effect_noise((60, 40), 80).save(tmp_path / "2.png")
    (tmp_path / "3.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    document = opened(unit(make_pdf(INK, INK, name="1.pdf"), tmp_path / "2.png", tmp_path / "3.pdf"))
    assert [(page.number, page.source, page.index) for page in document.pages] == [
        (1, 0, 0),
        (2, 0, 1),
        (3, 1, 0),
        (4, 2, 0),
    ]
    assert [page.fault.code if page.fault else None for page in document.pages] == [None, None, None, "corrupt"]
    assert document.page_total == 4


def test_numbers_in_a_group_do_not_move_with_the_cap(unit: MakeUnit, make_pdf: MakePdf) -> None:
    pair = unit(make_pdf(INK, INK, name="1.pdf"), make_pdf(INK, name="2.pdf"))
    assert [page.number for page in opened(pair, PagesOptions(max_pages=2)).pages] == [1, 2]
    assert opened(pair, PagesOptions(max_pages=2)).page_total == 3


def test_a_file_that_went_away_is_unreadable(unit: MakeUnit, make_pdf: MakePdf) -> None:
    path = make_pdf(INK)
    gone = unit(path)
    path.unlink()
    assert refused(gone).code == "unreadable"
