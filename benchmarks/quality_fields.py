"""Receipts (sroie) and invoices (zugferd) by their fields and line items."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from quality_reading import Answered, Reader, Sample, answer, cpu_per_page, schema
from quality_row import Row, f1, share
from quality_visible import Visible

from docextract.evaluate.counts import Counts
from docextract.evaluate.leaves import compare
from docextract.evaluate.normal import normal
from docextract.evaluate.score import count
from docextract.types import Json
from docextract.values.dates import parse_date
from docextract.values.numbers import find_amounts
from docextract.values.text import squeeze

Same = Callable[[Any, Any], bool]


def with_truth(corpora: Path, folder: str, pattern: str, limit: int | None) -> list[Sample]:
    """Documents that have a `.gt.json` beside them."""
    files = sorted((corpora / folder).glob(pattern))[:limit]
    return [Sample(name=file.name, files=(file,), truth=_load(file)) for file in files]


def _load(file: Path) -> Json:
    return json.loads(Path(f"{file}.gt.json").read_text(encoding="utf-8"))


def _squeezed(wanted: Any, got: Any) -> bool:
    return got is not None and squeeze(str(wanted)) == squeeze(str(got))


def _number(wanted: Any, got: Any) -> bool:
    return got is not None and normal(wanted, "number") == normal(got, "number")


def _day(wanted: Any, got: Any) -> bool:
    return got is not None and parse_date(str(wanted), day_first=True) == got


def _total(wanted: Any, got: Any) -> bool:
    """The truth is written as on the receipt: `RM 1,20.50`, `$8.60`."""
    amounts = find_amounts(re.sub(r"(?<=\d),(?=\d)", "", str(wanted)))
    return got is not None and bool(amounts) and amounts[0].amount == Decimal(str(got))


RECEIPT: dict[str, tuple[Same, str]] = {
    "company": (_squeezed, "0.94"),
    "date": (_day, "0.98"),
    "address": (_squeezed, "0.85"),
    "total": (_total, "0.97"),
}
"""Field, how it is compared (letters and digits for text), and the goal."""


def measure_receipts(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """Every field that the truth has."""
    target = schema("receipt")
    answers = [answer(sample, target) for sample in reader.read(with_truth(corpora, "receipts/sroie", "*.jpg", limit))]
    pages = sum(len(each.sample.words) for each in answers)
    rows = []
    for field, (same, goal) in RECEIPT.items():
        asked = [each for each in answers if each.sample.truth["fields"].get(field)]
        right = [same(each.sample.truth["fields"][field], (each.value or {}).get(field)) for each in asked]
        rows.append(
            Row(part="receipts, sroie", what=field, figure=share(right), pages=pages, cpu_s=cpu_per_page(answers),
                goal=goal)
        )  # fmt: skip
    return rows


INVOICE: dict[str, tuple[tuple[str, ...], Same]] = {
    "invoice_number": (("number",), _squeezed),
    "issue_date": (("issue_date",), lambda wanted, got: wanted == got),
    "seller_name": (("seller", "name"), _squeezed),
    "buyer_name": (("buyer", "name"), _squeezed),
    "seller_vat_id": (("seller", "vat_id"), _squeezed),
    "currency": (("currency",), lambda wanted, got: wanted == got),
    "tax_basis_total": (("net_total",), _number),
    "tax_total": (("tax_total",), _number),
    "grand_total": (("grand_total",), _number),
    "due_payable": (("amount_due",), _number),
}
"""Field of the truth, its place in the schema, how it is compared."""

LINE = {"name": "description", "quantity": "quantity", "unit_price": "unit_price", "line_total": "net_amount"}


def measure_invoices(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    """Fields that the text layer shows; the attachment is never read. Documents of one family apart too."""
    target = schema("invoice")
    found = with_truth(corpora, "invoices/zugferd", "*.pdf", limit)
    answers = [answer(sample, target) for sample in reader.read(found)]
    pages, cpu_s = sum(len(each.sample.words) for each in answers), cpu_per_page(answers)
    verdicts = [_invoice(each) for each in answers]
    part = "invoices, zugferd"
    rows = []
    for field in INVOICE:
        right = [row[field] for row in verdicts if field in row]
        rows.append(Row(part=part, what=field.replace("_", " "), figure=share(right), pages=pages, cpu_s=cpu_s))
    counts = [Counts(right=sum(row.values()), wanted=len(row), got=len(row)) for row in verdicts]
    rows.append(Row(part=part, what="all fields", figure=f1(counts), pages=pages, cpu_s=cpu_s, goal="0.95"))
    families = [each.sample.name.split("__")[0] for each in answers]
    most = max(set(families), key=families.count, default="")
    others = [each for each, family in zip(counts, families, strict=True) if family != most]
    rows.append(Row(part=part, what="all fields, largest family left out", figure=f1(others), pages=pages, cpu_s=cpu_s))
    for what, goes_on in (("line items, F1 of leaves", False), ("the same, a description may go on", True)):
        lines = [_lines(each, goes_on=goes_on) for each in answers]
        goal = "" if goes_on else "0.90"
        rows.append(Row(part=part, what=what, figure=f1(lines), pages=pages, cpu_s=cpu_s, goal=goal))
    return rows


def _invoice(each: Answered) -> dict[str, bool]:
    truth = each.sample.truth
    fields, verdicts = truth["fields"], {}
    for name in truth["visible_in_text_layer"]:
        if name not in INVOICE or fields.get(name) is None:
            continue
        place, same = INVOICE[name]
        got: Json = each.value
        for key in place:
            got = got.get(key) if isinstance(got, dict) else None
        if name == "due_payable" and got is None and fields["due_payable"] == fields.get("grand_total"):
            continue  # printed once, as the total: the schema wants null then
        verdicts[name] = same(fields[name], got)
    return verdicts


def _lines(each: Answered, *, goes_on: bool) -> Counts:
    """Leaves of the best pairing of lines. `goes_on`: the cell may print more than the name that the truth has."""
    seen = Visible(each.sample.words)
    wanted = [
        {new: seen.kept(line.get(old)) for old, new in LINE.items()} for line in each.sample.truth["fields"]["lines"]
    ]
    wanted = [line for line in wanted if any(value is not None for value in line.values())]
    if not wanted:
        return Counts()
    names = sorted((str(line["description"]) for line in wanted if line["description"]), key=len, reverse=True)
    got = [{new: line.get(new) for new in LINE.values()} for line in (each.value or {}).get("lines", [])]
    for line in (*wanted, *got):
        line["description"] = _name(line["description"], names if goes_on else ())
    return count(compare(wanted, got, {"items": {"type": "object"}}))


def _name(description: Json, names: Sequence[str]) -> Json:
    if description is None:
        return None
    squeezed = squeeze(str(description))
    return next((squeeze(name) for name in names if squeezed.startswith(squeeze(name))), squeezed)
