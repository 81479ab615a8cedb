"""The same picture upright, on its sides and on its head: what is extracted must be equal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image
from quality_reading import Reader, Sample, answer, cpu_per_page, schema
from quality_row import Row, share

from docextract.types import Json

TURNS = (90, 180, 270)
PICTURES = 8
"""Of each kind; every one is read three times more."""
DPI = 150

FIELDS = ("company", "date", "address", "total")


def measure_turned(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """For each kind and turn: the share of pictures whose answer equals that for the upright one."""
    most = min(limit or PICTURES, PICTURES)
    made = reader.scratch / "turned"
    made.mkdir(parents=True, exist_ok=True)
    receipts = sorted((corpora / "receipts" / "sroie").glob("*.jpg"))[:most]
    invoices = sorted((corpora / "invoices" / "zugferd").glob("*.pdf"))
    drawn = [_drawn(file, made) for file in invoices[:: max(1, len(invoices) // most)][:most]]
    screens = sorted((corpora / "apidocs" / "specs_rendered").glob("*/"))
    first = [next(iter(sorted(folder.glob("*.png"))), None) for folder in screens][:most]
    return [
        *_rows(reader, "sroie", receipts, "receipt", FIELDS),
        *_rows(reader, "scans of invoices", drawn, "invoice", ()),
        *_rows(reader, "screenshots", [file for file in first if file is not None], "openapi", ()),
    ]


def _rows(reader: Reader, kind: str, files: Sequence[Path], wanted: str, fields: Sequence[str]) -> list[Row]:
    """One row for each turn; `fields` are those that must be equal, all where it is empty."""
    target = schema(wanted)
    upright = [answer(each, target) for each in reader.read([_sample(file) for file in files])]
    rows = []
    for turn in TURNS:
        turned = [_sample(_turned(file, turn, reader.scratch / "turned")) for file in files]
        answers = [answer(each, target) for each in reader.read(turned)]
        same = [
            one.value is not None and _part(one.value, fields) == _part(other.value or {}, fields)
            for one, other in zip(upright, answers, strict=True)
        ]
        what = f"all of {', '.join(fields)}" if fields else "the whole answer"
        pages = sum(len(each.sample.words) for each in answers)
        part = f"orientation, {kind}"
        rows.append(
            Row(
                part=part,
                what=f"{what} equal at {turn} degrees",
                figure=share(same),
                pages=pages,
                cpu_s=cpu_per_page(answers),
                goal="1",
            )
        )
    return rows


def _part(value: Json, fields: Sequence[str]) -> Json:
    return {field: value.get(field) for field in fields} if fields else value


def _sample(file: Path) -> Sample:
    return Sample(name=file.name, files=(file,), truth=None)


def _drawn(file: Path, folder: Path) -> Path:
    """The first page as a picture, stored without loss. Kept."""
    made = folder / f"{file.stem}.png"
    if not made.exists():
        document = pypdfium2.PdfDocument(file)
        document[0].render(scale=DPI / 72).to_pil().convert("RGB").save(made)
        document.close()
    return made


def _turned(file: Path, turn: int, folder: Path) -> Path:
    """The picture turned clockwise, stored without loss. Kept."""
    made = folder / f"{file.parent.name}-{file.stem}-{turn}.png"
    if not made.exists():
        with Image.open(file) as picture:
            picture.rotate(-turn, expand=True).save(made)
    return made
