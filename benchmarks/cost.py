"""Input dollars per 1,000 pages: the usual recipe beside ours, tokens by the model's own formula.

    python benchmarks/cost.py FOLDER... [--model zai/glm-5v-turbo] [--schema invoice]

The recipe: every page alone at 200 DPI, instructions and schema at full price in each call. Ours: pages at
the size that fits 2,800 tokens, a document in one call, what is the same in all calls at the cached price
after the first. Answers cost the same either way and are left out; so are pages that are blank or
duplicate, and pages sent as text (--page-input auto), which only widen the gap. Nothing is sent: these
are the sizes and windows that a run would send. How well either can be read: `legible.py`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pypdfium2

from docextract.budget.fit import MOST_DPI, fit
from docextract.budget.images import image_tokens
from docextract.budget.text import text_tokens
from docextract.model.profiles import resolve
from docextract.prompt.build import Fixed, prefix_text
from docextract.schema.load import load
from docextract.schema.wire import translate

RECIPE_DPI = 200
BUDGET = 2800


def documents(folder: Path) -> list[list[tuple[float, float]]]:
    """Page sizes in points of every PDF that opens, without password, up to 20 pages each."""
    found = []
    for file in sorted(folder.rglob("*.pdf")):
        try:
            document = pypdfium2.PdfDocument(file)
            found.append([document[index].get_size() for index in range(min(len(document), 20))])
            document.close()
        except pypdfium2.PdfiumError:
            continue
    return [pages for pages in found if pages]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--model", default="zai/glm-5v-turbo")
    options.add_argument("--schema", default="invoice")
    chosen = options.parse_args()
    profile = resolve(chosen.model)
    price, facts = profile.price, profile.image
    if price is None:
        raise SystemExit(f"{chosen.model} has no price")
    wire = translate(load(chosen.schema)[0].json_schema, profile.schema_dialect)
    prefix = text_tokens(prefix_text(Fixed(), wire.schema)).low
    print(f"{chosen.model}, schema {chosen.schema} (at least {prefix} tokens of prompt); input dollars per 1,000 pages")
    for folder in chosen.folders:
        sizes = documents(folder)
        pages = sum(len(each) for each in sizes)
        if not pages:
            continue
        naive = sum(
            image_tokens(facts, round(width * RECIPE_DPI / 72), round(height * RECIPE_DPI / 72)) + prefix
            for each in sizes
            for width, height in each
        )
        images = sum(
            fit(facts, (width * MOST_DPI / 72, height * MOST_DPI / 72), BUDGET).tokens
            for each in sizes
            for width, height in each
        )
        theirs = naive * price.input / pages / 1000
        ours = (images * price.input + len(sizes) * prefix * price.cached) / pages / 1000
        print(f"{folder.name:12} {pages:5} pages of {len(sizes):4} files   recipe ${theirs:6.2f}   ours ${ours:6.2f}   "
              f"{ours / theirs:.2f} of it")  # fmt: skip


if __name__ == "__main__":
    main()
