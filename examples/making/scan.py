"""What a scanner and a telephone make of a sheet: grain, a turn, uneven light, perspective. Seeded, without numpy."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def grain(image: Image.Image, seed: int, strength: float = 0.05) -> Image.Image:
    """Mix in noise: `strength` is its share of the result."""
    dust = Image.frombytes("L", image.size, Random(seed).randbytes(image.width * image.height))
    return Image.blend(image, dust, strength)


def scanned(image: Image.Image, seed: int, *, turn: float = 0.0) -> Image.Image:
    """A flat-bed scan: slightly soft, grainy, and turned by some degrees on white."""
    soft = image.filter(ImageFilter.GaussianBlur(0.5))
    turned = soft.rotate(turn, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255) if turn else soft
    return grain(turned, seed, 0.04)


def photographed(image: Image.Image, seed: int) -> Image.Image:
    """A picture taken by hand: on a dark desk, from an angle, one side in shadow."""
    desk = ImageOps.expand(image, border=(70, 90, 110, 80), fill=92)
    # Output pixel to input pixel; the last two bend the plane, so that the far edge looks narrower.
    plane = (1.03, 0.035, -22.0, 0.012, 1.02, -20.0, 0.00002, 0.00003)
    bent = desk.transform(desk.size, Image.Transform.PERSPECTIVE, plane, Image.Resampling.BICUBIC, fillcolor=92)
    # Cropped to what the turn left covered; 255 at the lit edge to 150 at the far one.
    shade = Image.linear_gradient("L").rotate(65).crop((38, 38, 218, 218)).resize(bent.size)
    light = ImageOps.invert(shade).point([150 + round(105 * level / 255) for level in range(256)])
    return grain(ImageChops.multiply(bent, light).filter(ImageFilter.GaussianBlur(0.6)), seed, 0.05)


def jpeg(image: Image.Image, dpi: int, quality: int = 60) -> bytes:
    """Encode as JPEG with its resolution."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, dpi=(dpi, dpi))
    return file.getvalue()


def image_pdf(images: list[Image.Image], dpi: int) -> bytes:
    """A PDF as scanners write it: one JPEG a page, no text."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, pageCompression=0)
    for image in images:
        width, height = image.width * 72 / dpi, image.height * 72 / dpi
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(io.BytesIO(jpeg(image, dpi))), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def tiff(images: list[Image.Image], dpi: int) -> bytes:
    """A multi-frame black-and-white TIFF, compressed as fax machines do."""
    frames = [image.point([0] * 150 + [255] * 106).convert("1", dither=Image.Dither.NONE) for image in images]
    file = io.BytesIO()
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:], compression="group4", resolution=float(dpi))
    return file.getvalue()
