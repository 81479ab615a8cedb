"""The same receipt (sroie) upright, on its sides and on its head: the fields must be equal."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from quality_reading import Reader, Sample, answer, cpu_per_page, schema
from quality_row import Row, share

TURNS = (90, 180, 270)
RECEIPTS = 8
"""Every one is read three times more."""

FIELDS = ("company", "date", "address", "total")


def measure_turned(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """One row for each turn: the share of receipts whose four fields all equal those of the upright picture."""
    files = sorted((corpora / "receipts" / "sroie").glob("*.jpg"))[: min(limit or RECEIPTS, RECEIPTS)]
    target = schema("receipt")
    upright = [
        answer(each, target) for each in reader.read([Sample(name=f.name, files=(f,), truth=None) for f in files])
    ]
    rows = []
    for turn in TURNS:
        turned = [
            Sample(name=file.name, files=(_turned(file, turn, reader.scratch / "turned"),), truth=None)
            for file in files
        ]
        answers = [answer(each, target) for each in reader.read(turned)]
        same = [
            all((one.value or {}).get(field) == (other.value or {}).get(field) for field in FIELDS)
            for one, other in zip(upright, answers, strict=True)
        ]
        what = f"all of {', '.join(FIELDS)} equal at {turn} degrees"
        pages, cpu_s = sum(len(each.sample.words) for each in answers), cpu_per_page(answers)
        rows.append(Row(part="orientation, sroie", what=what, figure=share(same), pages=pages, cpu_s=cpu_s, goal="1"))
    return rows


def _turned(file: Path, turn: int, folder: Path) -> Path:
    """The picture turned clockwise, stored without loss. Kept."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{file.stem}-{turn}.png"
    if not made.exists():
        with Image.open(file) as picture:
            picture.rotate(-turn, expand=True).save(made)
    return made
