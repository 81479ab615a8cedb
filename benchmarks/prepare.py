"""From a page to the bytes of a request: what docextract does, beside the usual recipes, at equal pixels.

    python benchmarks/prepare.py [FOLDER] [--pages N] [--repeats 5]

FOLDER holds PDFs (default: those of examples/inbox). CPU milliseconds a page with children (pdftoppm runs
as one), interleaved, medians. Ours is measured twice: the render itself as the child does it, and an
image file that fits and goes through as it is.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
from measure import about, cpu, interleaved, table
from pdf2image import convert_from_path
from PIL import Image

from docextract.budget.fit import MOST_DPI, fit
from docextract.model.profiles import resolve
from docextract.model.wire import _image
from docextract.pages.service import handle
from docextract.types import ImageFacts, RenderedPage, RenderSpec

FACTS: ImageFacts = resolve("zai/glm-5v-turbo").image
BUDGET = 2800


def targets(folder: Path, most: int) -> list[tuple[str, int, int, int]]:
    """(file, page index, width, height) of up to `most` pages, spread over the files."""
    found = []
    for file in sorted(folder.rglob("*.pdf")):
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            continue
        for index in range(min(len(document), 2)):
            try:
                width, height = document[index].get_size()
            except pypdfium2.PdfiumError:
                continue
            size = fit(FACTS, (width * MOST_DPI / 72, height * MOST_DPI / 72), BUDGET)
            found.append((str(file), index, size.width, size.height))
        document.close()
    step = max(1, len(found) // most)
    return found[::step][:most]


def ours(pages: Sequence[tuple[str, int, int, int]]) -> float:
    """The child's own function, and the request body's bytes."""
    begun = cpu()
    for path, index, width, height in pages:
        head, blobs = handle("render", asked(path, "pdf", index, (width, height)), [])
        if "fault" not in head["pages"][0]:
            body(blobs[0], width, height)
    return cpu() - begun


def asked(path: str, kind: str, index: int, size: tuple[int, int]) -> dict[str, Any]:
    """What a rendering child is asked for one page."""
    page = {"index": index, "spec": asdict(RenderSpec(width=size[0], height=size[1])), "small": None}
    return {"path": path, "kind": kind, "password": None, "pages": [page]}


def body(data: bytes, width: int, height: int) -> bytes:
    """An image in a request as the client writes it."""
    page = RenderedPage(page=1, media_type="image/jpeg", data=data, width=width, height=height)
    return b"".join(_image(page, FACTS))


def recipe(pages: Sequence[tuple[str, int, int, int]], *, form: str = "PNG", dpi: int | None = None) -> float:
    """pdf2image to PNG or JPEG, base64, json.dumps: at our size, or at a DPI."""
    begun = cpu()
    for path, index, width, height in pages:
        where = {"first_page": index + 1, "last_page": index + 1}
        try:
            size = {"dpi": dpi} if dpi else {"size": (width, height)}
            image = convert_from_path(path, **size, **where)[0]
        except Exception:  # noqa: BLE001, S112 - boundary: a file that poppler does not take is no part of the measure
            continue
        out = io.BytesIO()
        image.save(out, form, **({"quality": 85} if form == "JPEG" else {}))
        json.dumps({"url": f"data:image/{form.lower()};base64,{base64.b64encode(out.getvalue()).decode()}"})
    return cpu() - begun


def pictures(folder: Path, pages: Sequence[tuple[str, int, int, int]]) -> list[tuple[str, int, int]]:
    """JPEG files that fit the budget, made from the pages."""
    made = []
    for number, (path, index, width, height) in enumerate(pages):
        file = folder / f"{number}.jpg"
        document = pypdfium2.PdfDocument(path)
        scale = width / document[index].get_size()[0]
        image = document[index].render(scale=scale).to_pil().resize((width, height))
        image.save(file, "JPEG", quality=85)
        made.append((str(file), width, height))
        document.close()
    return made


def through(files: Sequence[tuple[str, int, int]]) -> float:
    """An image file that fits, by the child's function."""
    begun = cpu()
    for path, width, height in files:
        _, blobs = handle("render", asked(path, "jpeg", 0, (width, height)), [])
        if blobs[0] != Path(path).read_bytes():
            raise SystemExit(f"{path} was not passed through byte for byte")
        body(blobs[0], width, height)
    return cpu() - begun


def decoded(files: Sequence[tuple[str, int, int]]) -> float:
    """The usual way with an image file: decode, resize, PNG, base64, JSON."""
    begun = cpu()
    for path, width, height in files:
        with Image.open(path) as opened:
            image = opened.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "PNG")
        json.dumps({"url": f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"})
    return cpu() - begun


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path, default=Path("examples/inbox"))
    options.add_argument("--pages", type=int, default=30)
    options.add_argument("--repeats", type=int, default=5)
    chosen = options.parse_args()
    pages = targets(chosen.folder, chosen.pages)
    print(about("pypdfium2", "pillow", "pdf2image"))
    print(f"{len(pages)} pages of {len({page[0] for page in pages})} files; CPU ms a page, children included\n")
    ways: dict[str, Callable[[], float]] = {
        "docextract (pdfium to JPEG at the budget)": partial(ours, pages),
        "pdf2image at the same size to PNG": partial(recipe, pages),
        "pdf2image at the same size to JPEG": partial(recipe, pages, form="JPEG"),
        "pdf2image 200 dpi to PNG": partial(recipe, pages, dpi=200),
    }
    for way in ways.values():
        way()
    table(interleaved(ways, chosen.repeats), "docextract (pdfium to JPEG at the budget)", "ms", per=len(pages) / 1000)
    with tempfile.TemporaryDirectory() as folder:
        files = pictures(Path(folder), pages)
        print("\nan image file that fits the budget")
        ways = {"docextract (byte for byte)": partial(through, files), "decode, LANCZOS, PNG": partial(decoded, files)}
        table(interleaved(ways, chosen.repeats), "docextract (byte for byte)", "ms", per=len(files) / 1000)


if __name__ == "__main__":
    main()
