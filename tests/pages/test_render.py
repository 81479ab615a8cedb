from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.types import Fault, PageImage, RenderedPage, RenderSpec, Unit

MakePdf = Callable[..., Path]
MakeUnit = Callable[..., Unit]
Result = RenderedPage | Fault

SESAME = "open sesame"
QUARTERS = b"1 0 0 rg 0 200 150 200 re f 0 0 1 rg 150 0 150 200 re f"
"""Red top left, blue bottom right, of 300 x 400 points."""


def drawn(
    unit: Unit, *images: tuple[int, RenderSpec], memory_mb: int | None = None, password: str | None = None
) -> tuple[Result, ...]:
    async def run() -> tuple[Result, ...]:
        async with Pool("render", size=1, memory_mb=memory_mb) as pool:
            document = await load(pool, unit, PagesOptions(), passwords=[password] if password else [])
            wanted = [PageImage(page=page, spec=spec, tokens=1) for page, spec in images]
            return await render(pool, document, wanted)

    return asyncio.run(run())


def pixels(result: Result) -> Image.Image:
    assert isinstance(result, RenderedPage)
    image = Image.open(io.BytesIO(result.data))
    assert image.size == (result.width, result.height)
    assert image.get_format_mimetype() == result.media_type
    return image.convert("RGB")


def close(got: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(got, tuple)
    return all(abs(one - other) < 24 for one, other in zip(got, wanted, strict=True))


RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


@pytest.mark.parametrize("form", ["jpeg", "png"])
@pytest.mark.parametrize("renderer", ["pdfium", "poppler"])
def test_a_page_is_drawn_at_exactly_the_size_asked_for(
    unit: MakeUnit, make_pdf: MakePdf, need_tool: Callable[[str], str], form: str, renderer: str
) -> None:
    if renderer == "poppler":
        need_tool("pdftoppm")
    spec = RenderSpec(width=151, height=203, format=form, renderer=renderer)  # type: ignore[arg-type]  # as parametrized
    image = pixels(drawn(unit(make_pdf(QUARTERS)), (1, spec))[0])
    assert image.size == (151, 203)
    assert close(image.getpixel((20, 20)), RED)
    assert close(image.getpixel((130, 180)), BLUE)
    assert close(image.getpixel((130, 20)), WHITE)


@pytest.mark.parametrize("renderer", ["pdfium", "poppler"])
def test_a_crop_is_a_part_of_the_page_as_displayed(
    unit: MakeUnit, make_pdf: MakePdf, need_tool: Callable[[str], str], renderer: str
) -> None:
    if renderer == "poppler":
        need_tool("pdftoppm")
    path = make_pdf(QUARTERS, keys=b"/Rotate 90")  # red is now top right, blue bottom left
    for crop, colour in (((0.5, 0.0, 1.0, 0.5), RED), ((0.0, 0.5, 0.5, 1.0), BLUE)):
        spec = RenderSpec(width=200, height=150, crop=crop, renderer=renderer)  # type: ignore[arg-type]  # parametrized
        result = drawn(unit(path), (1, spec))[0]
        image = pixels(result)
        assert image.size == (200, 150)
        assert all(close(image.getpixel(place), colour) for place in ((5, 5), (195, 5), (5, 145), (195, 145)))
        assert isinstance(result, RenderedPage)
        assert result.crop == crop


def test_form_fields_and_annotations_are_drawn(tmp_path: Path, unit: MakeUnit) -> None:
    canvas = Canvas(str(tmp_path / "form.pdf"), pagesize=(300, 400), invariant=1)
    canvas.acroForm.textfield(value="WORD", x=20, y=200, width=250, height=60, fontSize=50, borderWidth=0)
    canvas.showPage()
    canvas.save()
    image = pixels(drawn(unit(tmp_path / "form.pdf"), (1, RenderSpec(width=300, height=400)))[0])
    low, _ = image.convert("L").crop((25, 145, 265, 195)).getextrema()
    assert isinstance(low, int)
    assert low < 100


def test_an_image_that_fits_goes_through_byte_for_byte(tmp_path: Path, unit: MakeUnit) -> None:
    picture = Image.effect_noise((80, 60), 80)
    for name in ("a.jpg", "a.png"):
        picture.save(tmp_path / name)
        result = drawn(unit(tmp_path / name), (1, RenderSpec(width=80, height=60)))[0]
        assert isinstance(result, RenderedPage)
        assert result.data == (tmp_path / name).read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_every_mode_becomes_rgb_and_keeps_its_light_and_dark(tmp_path: Path, unit: MakeUnit, mode: str) -> None:
    picture = Image.new("L", (80, 60), 255)
    picture.paste(0, (0, 0, 40, 60))
    if mode == "I;16":
        picture = picture.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        picture = picture.convert(mode)
    picture.save(tmp_path / "a.tif")
    image = pixels(drawn(unit(tmp_path / "a.tif"), (1, RenderSpec(width=40, height=30)))[0])
    assert close(image.getpixel((8, 15)), (0, 0, 0))
    assert close(image.getpixel((32, 15)), WHITE)


def test_transparent_parts_are_paper_and_white_ink_stays_visible(tmp_path: Path, unit: MakeUnit) -> None:
    for ink, dark in (((0, 0, 0, 255), True), ((255, 255, 255, 255), False)):
        picture = Image.new("RGBA", (80, 60), (0, 0, 0, 0))
        picture.paste(ink, (0, 0, 40, 60))
        picture.save(tmp_path / "a.png")
        image = pixels(drawn(unit(tmp_path / "a.png"), (1, RenderSpec(width=40, height=30)))[0])
        assert close(image.getpixel((8, 15)), (0, 0, 0)) is dark
        assert close(image.getpixel((32, 15)), (0, 0, 0)) is not dark


def test_exif_orientation_turns_the_picture(tmp_path: Path, unit: MakeUnit) -> None:
    picture = Image.new("RGB", (80, 40), "white")
    picture.paste("red", (0, 0, 20, 40))  # left as stored, top as displayed after a quarter turn clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in ("a.jpg", "a.tif"):
        picture.save(tmp_path / name, exif=exif)
        image = pixels(drawn(unit(tmp_path / name), (1, RenderSpec(width=40, height=80)))[0])
        assert close(image.getpixel((20, 8)), RED)
        assert close(image.getpixel((20, 60)), WHITE)


def test_each_frame_is_its_own_page(tmp_path: Path, unit: MakeUnit) -> None:
    red, blue = Image.new("RGB", (40, 40), "red"), Image.new("RGB", (40, 40), "blue")
    red.save(tmp_path / "a.tif", save_all=True, append_images=[blue])
    spec = RenderSpec(width=20, height=20)
    results = drawn(unit(tmp_path / "a.tif"), (2, spec), (1, spec), (2, spec))
    found = [pixels(result).getpixel((10, 10)) for result in results]
    assert [close(colour, wanted) for colour, wanted in zip(found, (BLUE, RED, BLUE), strict=True)] == [True] * 3


def test_huge_pages_are_drawn_at_the_pixels_asked_for(unit: MakeUnit, make_pdf: MakePdf) -> None:
    path = make_pdf(b"0 0 7200 7200 re f", size=(14400, 14400))
    image = pixels(drawn(unit(path), (1, RenderSpec(width=500, height=500)))[0])
    assert close(image.getpixel((100, 400)), (0, 0, 0))
    assert close(image.getpixel((400, 100)), WHITE)


def test_an_encrypted_page_is_drawn_by_both_renderers_without_its_password_on_a_command_line(
    tmp_path: Path, unit: MakeUnit, need_tool: Callable[[str], str]
) -> None:
    need_tool("pdftoppm")
    lock = StandardEncryption(SESAME, "owner")
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 400), encrypt=lock, invariant=1)
    canvas.rect(0, 0, 150, 400, fill=1)
    canvas.showPage()
    canvas.save()
    specs = [RenderSpec(width=30, height=40, renderer=renderer) for renderer in ("pdfium", "poppler")]
    for result in drawn(unit(tmp_path / "a.pdf"), (1, specs[0]), (1, specs[1]), password=SESAME):
        assert close(pixels(result).getpixel((5, 20)), (0, 0, 0))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to an address space limit")
@pytest.mark.parametrize(
    ("traps", "codes"),
    [
        ((False, True, False, False, False, False), ["ok", "render_crashed", "ok", "ok", "ok", "ok"]),
        ((False, True, True, False, True), ["ok", "render_crashed", "render_crashed", "quarantined", "quarantined"]),
    ],
    ids=["one page costs only itself", "a second one quarantines the rest"],
)
def test_pages_that_end_their_child(
    make_trap: Callable[..., Path],
    unit: MakeUnit,
    monkeypatch: pytest.MonkeyPatch,
    traps: tuple[bool, ...],
    codes: list[str],
) -> None:
    monkeypatch.setenv("PATH", "")  # without poppler, which would try each of these pages until its deadline
    spec = RenderSpec(width=60, height=80)
    wanted = [(number, spec) for number in range(1, len(traps) + 1)]
    results = drawn(unit(make_trap(*traps)), *wanted, memory_mb=400)
    assert [result.code if isinstance(result, Fault) else "ok" for result in results] == codes


def test_faults_stand_in_the_place_of_their_pages(tmp_path: Path, unit: MakeUnit, make_pdf: MakePdf) -> None:
    (tmp_path / "b.txt").write_text("words")
    spec, silly = RenderSpec(width=60, height=80), RenderSpec(width=100_000, height=100_000)
    pair = unit(make_pdf(QUARTERS, name="a.pdf"), tmp_path / "b.txt")
    results = drawn(pair, (2, spec), (1, spec), (9, spec), (1, silly))
    codes = [result.code if isinstance(result, Fault) else "ok" for result in results]
    assert codes == ["unsupported", "ok", "limit_reached", "page_too_large"]
