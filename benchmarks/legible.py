"""Are the pictures that are sent still legible? OCR of them beside OCR of the usual recipe's, against the text layer.

    python benchmarks/legible.py FOLDER... [--pages N] [--model zai/glm-5v-turbo] [--verbose]

Ours: a page as a run sends it, JPEG at the size that fits 2,800 tokens. The recipe: PNG at 200 DPI. Both are read
by the same local OCR; recall is the share of the text layer's words, as bags of lower-case words, that it finds.
Pages: of each PDF that opens without a password the first whose text layer is sound and has 50 words or more, N in
all, evenly drawn from the sorted list; none so tall that it is sent in tiles. Needs the extra `local`; OCR takes
some 2 seconds of CPU a picture.
"""

from __future__ import annotations

import argparse
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image

from docextract.budget.fit import MOST_DPI, Size, fit, is_tall
from docextract.budget.images import image_tokens
from docextract.errors import DocextractError
from docextract.evaluate.interval import interval
from docextract.model.profiles import resolve
from docextract.pages.picture import render_page
from docextract.read.ocr import read_pixels, reader_of
from docextract.read.pdfpage import text_layer
from docextract.read.pixels import from_image
from docextract.types import ImageFacts, RenderSpec

RECIPE_DPI = 200
BUDGET = 2800
LEAST_WORDS = 50
LOOKED_AT = 5
"""Pages of a file among which one with words is looked for."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with its words; `size` is points."""

    file: Path
    index: int
    size: tuple[float, float]
    words: Counter[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Words of one page found on our picture and on the recipe's, of `wanted`; and what each picture costs."""

    ours: int
    recipe: int
    wanted: int
    tokens: tuple[int, int]


def samples(folders: Sequence[Path], most: int) -> list[Sample]:
    """Pages evenly drawn from all files that have one to offer."""
    every = [page for folder in folders for file in sorted(folder.rglob("*.pdf")) for page in _first(file)]
    step = max(1.0, len(every) / most)
    return [every[int(place * step)] for place in range(min(most, len(every)))]


def _first(file: Path) -> Iterator[Sample]:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        return
    try:
        for index in range(min(len(document), LOOKED_AT)):
            try:
                layer, verdict = text_layer(document, index, index + 1)
            except (DocextractError, pypdfium2.PdfiumError):
                continue
            words = bag(word.text for word in layer.words)
            if verdict.use == "text" and words.total() >= LEAST_WORDS and not is_tall((layer.width, layer.height)):
                yield Sample(file, index, (layer.width, layer.height), words)
                return
    finally:
        document.close()


def bag(texts: Iterator[str]) -> Counter[str]:
    """Words as the figures count them."""
    return Counter(re.findall(r"\w+", " ".join(texts).casefold()))


def found(sample: Sample, facts: ImageFacts) -> Found:
    """One page read twice."""
    width, height = sample.size
    ours = fit(facts, (width * MOST_DPI / 72, height * MOST_DPI / 72), BUDGET)
    wide, tall = round(width * RECIPE_DPI / 72), round(height * RECIPE_DPI / 72)
    recipe = Size(wide, tall, image_tokens(facts, wide, tall))
    seen = [_read(sample, size, kind) for size, kind in ((ours, "jpeg"), (recipe, "png"))]
    right = [(words & sample.words).total() for words in seen]
    return Found(right[0], right[1], sample.words.total(), (ours.tokens, recipe.tokens))


def _read(sample: Sample, size: Size, kind: str) -> Counter[str]:
    spec = RenderSpec(width=size.width, height=size.height, format="png" if kind == "png" else "jpeg")
    _, data = render_page(str(sample.file), kind="pdf", index=sample.index, spec=spec, password=None)
    with Image.open(io.BytesIO(data)) as picture:
        lines, _, _ = read_pixels(reader_of("local"), from_image(picture))
    return bag(word.text for line in lines for word in line.words)


def difference(counts: Sequence[Found]) -> float | None:
    """Recall on our pictures less recall on the recipe's, pooled."""
    wanted = sum(each.wanted for each in counts)
    return sum(each.ours - each.recipe for each in counts) / wanted if wanted else None


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--pages", type=int, default=60)
    options.add_argument("--model", default="zai/glm-5v-turbo")
    options.add_argument("--verbose", action="store_true", help="a line for each page")
    chosen = options.parse_args()
    facts = resolve(chosen.model).image
    counts: list[Found] = []
    for sample in samples(chosen.folders, chosen.pages):
        counts.append(found(sample, facts))
        if chosen.verbose:
            last = counts[-1]
            print(
                f"{sample.file.name} page {sample.index + 1}: {last.ours} and {last.recipe} of {last.wanted}",
                flush=True,
            )
    wanted = sum(each.wanted for each in counts)
    if not wanted:
        raise SystemExit("no page with a sound text layer in these folders")
    span = interval(counts, difference)
    ours, recipe = (sum(getattr(each, name) for each in counts) / wanted for name in ("ours", "recipe"))
    tokens = [sum(each.tokens[place] for each in counts) / len(counts) for place in (0, 1)]
    print(f"{len(counts)} pages, {wanted} words; OCR word recall: ours {ours:.4f} at {tokens[0]:.0f} tokens a picture, "
          f"{RECIPE_DPI} DPI PNG {recipe:.4f} at {tokens[1]:.0f}; difference {ours - recipe:+.4f}"
          + (f" (95 % of drawn samples: {span[0]:+.4f} to {span[1]:+.4f})" if span else ""))  # fmt: skip


if __name__ == "__main__":
    main()
