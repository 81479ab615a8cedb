"""An image file opened safely, and its frames as upright RGB pixels on white."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from docextract.errors import DocextractError, InputError
from docextract.pages.bounds import bound, reached
from docextract.pages.uniform import is_uniform
from docextract.types import Kind

FORMATS: dict[Kind, tuple[str, ...]] = {
    "png": ("PNG",),
    "jpeg": ("JPEG", "MPO"),
    "webp": ("WEBP",),
    "gif": ("GIF",),
    "bmp": ("BMP", "DIB"),
    "tiff": ("TIFF",),
}
"""Pillow's decoders by kind: no other decoder is ever tried on a file."""

SIDEWAYS = {5, 6, 7, 8}  # EXIF orientations that swap width and height
PLAUSIBLE_DPI = (50.0, 1200.0)  # outside it a stated resolution is a default or a mistake
PILLOW_ERRORS = (OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, struct.error, zlib.error)
"""What Pillow's decoders let out on broken files. (SyntaxError is its own word for a broken header.)"""


@contextmanager
def opened_image(path: str, kind: Kind) -> Iterator[Image.Image]:
    """The image, header read, nothing decoded yet.

    Whatever goes wrong inside the block is told as InputError: limit_reached for a picture of too many pixels
    (known from its header), corrupt for the rest.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.MAX_IMAGE_PIXELS = bound("image_pixels")
            with Image.open(path, formats=FORMATS[kind]) as image:
                yield image
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise reached("image_pixels", "the image has too many pixels") from error
    except UnidentifiedImageError as error:
        raise InputError(f"damaged: no {kind.upper()} decoder can open it") from error
    except PILLOW_ERRORS as error:
        raise InputError(f"damaged {kind.upper()} image: {' '.join(str(error).split())[:200]}") from error
    except DocextractError:
        raise


def check_pixels(image: Image.Image) -> None:
    """InputError limit_reached where the frame that the image stands at has too many pixels to be decoded."""
    if image.width * image.height > bound("image_pixels"):
        raise reached("image_pixels", f"a frame has {image.width:,} x {image.height:,} pixels")


def orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where none is stated or the EXIF block is broken."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except PILLOW_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def size_in_points(image: Image.Image) -> tuple[float, float]:
    """Width and height as displayed, by the stated resolution where it is plausible, else a pixel is a point."""
    width, height = image.size
    if width < 1 or height < 1:
        raise InputError("damaged: the image has no pixels")
    across, down = _dpi(image)
    if orientation(image) not in SIDEWAYS:
        return width * 72 / across, height * 72 / down
    if image.format == "TIFF":  # Pillow has turned the size of a TIFF already, and will turn its pixels by itself
        return width * 72 / down, height * 72 / across
    return height * 72 / down, width * 72 / across


def size_upright(image: Image.Image) -> tuple[int, int]:
    """Width and height in pixels as displayed."""
    if orientation(image) in SIDEWAYS and image.format != "TIFF":  # Pillow has turned the size of a TIFF already
        return image.height, image.width
    return image.width, image.height


def upright(image: Image.Image) -> Image.Image:
    """The decoded frame turned as its EXIF orientation says, 8-bit grey or RGB, transparent parts on white."""
    return flat(ImageOps.exif_transpose(image))


def flat(image: Image.Image) -> Image.Image:
    """8-bit grey or RGB from any of Pillow's modes. A picture that white paper would swallow is set on black.

    Grey stays grey, so that a scan is scaled as one channel: a third of the work and memory.
    """
    if image.mode in {"I", "F"} or image.mode.startswith("I;"):
        image = _eight_bits(image)
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = _on(image, (255, 255, 255))
        if is_uniform(paper) and not is_uniform(image.getchannel("A")):
            paper = _on(image, (0, 0, 0))
        return paper
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def to_rgb(image: Image.Image) -> Image.Image:
    """The same as RGB."""
    image = flat(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _on(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    paper = Image.new("RGB", image.size, colour)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, or of floats, as 8 bits: 16-bit ones by their top byte, others by their own range."""
    wide = image.convert("F")
    low, high = wide.getextrema()
    assert not isinstance(low, tuple)  # noqa: S101  one channel has plain extremes
    assert not isinstance(high, tuple)  # noqa: S101  one channel has plain extremes
    if low < 0 or high > 65535 or (image.mode == "F" and high <= 1):
        scale = 255 / (high - low) if high > low else 0.0
        return wide.point(lambda value: value * scale - low * scale).convert("L")
    return wide.point(lambda value: value * (1 / 257) + 0).convert("L") if high > 255 else wide.convert("L")


def _dpi(image: Image.Image) -> tuple[float, float]:
    stated = image.info.get("dpi")
    if stated is None:
        return 72.0, 72.0
    try:
        across, down = float(stated[0]), float(stated[1])
    except (TypeError, ValueError, LookupError, ArithmeticError):
        return 72.0, 72.0
    low, high = PLAUSIBLE_DPI
    # Two very different figures are a mistake too, except in faxes (204 x 98 and 204 x 196).
    if not (low <= across <= high and low <= down <= high) or max(across, down) > 2.5 * min(across, down):
        return 72.0, 72.0
    return across, down
