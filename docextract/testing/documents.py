"""Files from ledgers: PDFs with a text layer, scans, and pictures. The same arguments give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from docextract.testing.ledgers import Drawn, Ledger, draw

if TYPE_CHECKING:
    from PIL import Image


def write_pdf(path: Path, ledger: Ledger, *, per_page: int | None = None) -> int:
    """Write a born-digital PDF; returns its number of pages."""
    pages = draw(ledger, per_page=per_page)
    path.write_bytes(_pdf([_content(page) for page in pages], pages))
    return len(pages)


def write_scan(path: Path, ledger: Ledger, *, per_page: int | None = None, dpi: int = 200) -> int:
    """Write a PDF whose pages are JPEG images without a text layer; returns its number of pages."""
    scale = dpi / 72
    images = [paint(page, scale) for page in draw(ledger, per_page=per_page)]
    images[0].save(path, "PDF", save_all=True, append_images=images[1:], resolution=dpi, quality=85)
    return len(images)


def write_picture(path: Path, ledger: Ledger, *, width: int, height: int) -> None:
    """Write one PNG or JPEG (by the suffix) of this many pixels with the whole ledger on it.

    Raises ValueError: the rows do not fit.
    """
    pages = draw(ledger, width=width, height=height)
    if len(pages) > 1:
        raise ValueError(f"{len(ledger.rows)} rows do not fit {width} x {height}")
    paint(pages[0], 1.0).save(path, quality=85)


def paint(page: Drawn, scale: float) -> Image.Image:
    """A page as RGB pixels, `scale` pixels a unit."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (round(page.width * scale), round(page.height * scale)), "white")
    pen = ImageDraw.Draw(image)
    for x, y, wide, high in page.boxes:
        edges = [round(value * scale) for value in (x, y, x + wide, y + high)]
        pen.rectangle((edges[0], edges[1], edges[2] - 1, edges[3] - 1), fill="black")
    for x, baseline, size, text in page.texts:
        font = ImageFont.load_default(size * scale)
        pen.text((x * scale, baseline * scale), text, fill="black", font=font, anchor="ls")
    return image


def encode(image: Image.Image, media_type: str = "image/jpeg") -> bytes:
    """An image as the bytes of a file, JPEG at quality 85."""
    target = io.BytesIO()
    image.save(target, "JPEG" if media_type == "image/jpeg" else "PNG", quality=85)
    return target.getvalue()


def _content(page: Drawn) -> bytes:
    lines = ["0 g"]
    lines += [f"{x:.3f} {page.height - y - high:.3f} {wide:.3f} {high:.3f} re" for x, y, wide, high in page.boxes]
    lines.append("f")
    for x, baseline, size, text in page.texts:
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        lines.append(f"BT /F1 {size:g} Tf {x:.2f} {page.height - baseline:.2f} Td ({escaped}) Tj ET")
    return "\n".join(lines).encode("latin-1", "replace")


def _pdf(contents: Sequence[bytes], pages: Sequence[Drawn]) -> bytes:
    """A minimal PDF 1.4: catalogue, page tree, one font, and a page and a stream for each page."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, (content, page) in enumerate(zip(contents, pages, strict=True)):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width:g} {page.height:g}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * index} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(data)
