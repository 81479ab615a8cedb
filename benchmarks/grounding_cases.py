"""True answers and answers with one value made wrong, each held against its pages."""

from __future__ import annotations

import copy
import datetime as dt
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quality_fields import INVOICE, LINE, with_truth
from quality_reading import Reader, Sample, schema
from quality_visible import Visible
from rapidfuzz import fuzz

from docextract.check.agreement import Reading
from docextract.check.examine import Examined, Known, examine
from docextract.check.keys import key
from docextract.check.places import LOCATED
from docextract.local.engine import extract
from docextract.types import Evidence, Json, Words
from docextract.values.dates import parse_date
from docextract.values.numbers import find_amounts

KINDS = {
    "changed digit": "at most 0.005",
    "another amount": "at most 0.05",
    "another line's amount": "at most 0.05",
    "invented name": "at most 0.005",
    "invented word": "",
    "invented date": "at most 0.005",
    "invented number": "at most 0.005",
}
"""Kinds of wrong values, each with the goal for those that nothing speaks against."""

_DIGIT_CHANGES = 3
_OTHER_AMOUNTS = 6
_SAME_NAME = 85.0  # similarity from which another document's name is the same one, printed otherwise
_WORDS = ("BRUNNEN", "KELLER", "NORDWIND", "SATTLER")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Pages and the true answer to a schema, leaves that the pages show only. `others` are other documents' names."""

    name: str
    file: Path
    schema: Mapping[str, Json]
    words: tuple[Words, ...]
    answer: Json
    others: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was said of one value. `kind` is true, or how it was made wrong; `why` the issues that speak against it."""

    kind: str
    path: str
    value: Json
    status: str
    quote: str | None
    why: tuple[str, ...]

    @property
    def field(self) -> str:
        """The field in words."""
        return self.path.strip("/").replace("/", " ")

    @property
    def is_line(self) -> bool:
        """Whether it belongs to a list."""
        return any(step.isdigit() for step in self.path.split("/"))

    @property
    def is_located(self) -> bool:
        """Whether it passes by its place."""
        return self.status in LOCATED

    @property
    def is_accepted(self) -> bool:
        """Whether nothing at all speaks against it."""
        return self.is_located and not self.why


def receipts(reader: Reader, corpora: Path, limit: int | None) -> list[Document]:
    """Company, address, date and total; the truth's own writing of dates and amounts is brought to the schema's."""
    samples = reader.read(with_truth(corpora, "receipts/sroie", "*.jpg", limit))
    target = schema("receipt")
    answers = [_receipt(sample.truth["fields"]) for sample in samples]
    return _documents(samples, answers, target.json_schema, ("/company", "/address"))


def _receipt(fields: Mapping[str, str]) -> dict[str, Json]:
    amounts = find_amounts(re.sub(r"(?<=\d),(?=\d)", "", fields.get("total", "")))
    found = {
        "company": fields.get("company"),
        "address": fields.get("address"),
        "date": parse_date(fields.get("date", ""), day_first=True),
        "total": float(amounts[0].amount) if amounts else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def invoices(reader: Reader, corpora: Path, limit: int | None) -> list[Document]:
    """Fields and leaves of lines that the text layer shows; the attachment is never read."""
    samples = reader.read(with_truth(corpora, "invoices/zugferd", "*.pdf", limit))
    target = schema("invoice")
    answers = [_invoice(sample.truth, sample.words) for sample in samples]
    return _documents(samples, answers, target.json_schema, ("/seller/name", "/buyer/name"))


def _invoice(truth: Json, words: Sequence[Words]) -> dict[str, Json]:
    fields, answer = truth["fields"], {}
    for name in truth["visible_in_text_layer"]:
        if name in INVOICE and fields.get(name) is not None:
            path, _ = INVOICE[name]
            node = answer
            for step in path[:-1]:
                node = node.setdefault(step, {})
            node[path[-1]] = fields[name]
    seen = Visible(words)
    lines = [{new: seen.kept(line.get(old)) for old, new in LINE.items()} for line in fields["lines"]]
    answer["lines"] = [line for line in lines if any(value is not None for value in line.values())]
    return answer


def _documents(
    samples: Sequence[Sample], answers: Sequence[Json], wanted: Json, named: Sequence[str]
) -> list[Document]:
    return [
        Document(
            name=sample.name,
            file=sample.files[0],
            schema=wanted,
            words=sample.words,
            answer=answer,
            others={path: sorted({str(got) for each in answers if (got := at(each, path))}) for path in named},
        )
        for sample, answer in zip(samples, answers, strict=True)
    ]


def verdicts(document: Document) -> list[Verdict]:
    """On every true value, then on every wrong one. Drawn by chance, the same at each run."""
    draw = random.Random(document.name)
    value, evidence = extract(document.schema, document.words)
    reading = Reading(value=value, evidence=evidence)
    true = _examined(document, document.answer, reading)
    found = [_verdict("true", item, document.answer, true) for item in true.evidence if item.status != "inferred"]
    for kind, path, value in wrong(document, [item.path for item in true.evidence], draw):
        answer = copy.deepcopy(document.answer)
        *steps, last = _steps(path)
        node = answer
        for step in steps:
            node = node[step]
        node[last] = value
        examined = _examined(document, answer, reading)
        found.append(_verdict(kind, next(e for e in examined.evidence if e.path == path), answer, examined))
    return found


def _examined(document: Document, answer: Json, reading: Reading) -> Examined:
    return examine(answer, document.schema, document.words, Known(reading=reading))


def _verdict(kind: str, item: Evidence, answer: Json, examined: Examined) -> Verdict:
    why = [f"{each.code}: {each.message}" for each in examined.issues if each.path == item.path]
    why += [f"audit_failed: {each.message}" for each in examined.audits if item.path in each.paths]
    why += [f"{each.code}: {each.message}" for each in examined.rows if item.path.startswith(f"{each.path}/")]
    return Verdict(
        kind=kind, path=item.path, value=at(answer, item.path), status=item.status, quote=item.quote, why=tuple(why)
    )


def wrong(document: Document, paths: Sequence[str], draw: random.Random) -> Iterator[tuple[str, str, Json]]:
    """Kind, pointer and value of every planted error."""
    amounts = sorted(_amounts(document.words))
    printed = {word.text for page in document.words for word in page.words}
    for path in paths:
        value = at(document.answer, path)
        if path.startswith("/lines/"):
            if path.endswith("/net_amount"):
                every = {line.get("net_amount") for line in document.answer["lines"]}
                for other in sorted(every - {None, value}, key=str)[:_OTHER_AMOUNTS]:
                    yield "another line's amount", path, other
            continue
        for _ in range(_DIGIT_CHANGES):
            changed = changed_digit(value, draw)
            if changed is not None:
                yield "changed digit", path, changed
        if isinstance(value, float):
            others = [each for each in amounts if each != abs(value)]
            for other in draw.sample(others, min(_OTHER_AMOUNTS, len(others))):
                yield "another amount", path, other
            invented = round(draw.uniform(1, 2000), 2)
            if invented not in amounts:
                yield "invented number", path, invented
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
            yield "invented date", path, _day(value, draw)
        for other in draw.sample(document.others.get(path, ()), min(3, len(document.others.get(path, ())))):
            if fuzz.ratio(key(other), key(str(value))) < _SAME_NAME:
                yield "invented name", path, other
        if path in document.others and len(str(value).split()) > 1:
            words = str(value).split()
            words[draw.randrange(len(words))] = draw.choice([word for word in _WORDS if word not in printed])
            yield "invented word", path, " ".join(words)


def _amounts(pages: Sequence[Words]) -> set[float]:
    """Every amount with two decimals that a line of the pages prints, nought left out."""
    return {
        float(abs(amount.amount))
        for page in pages
        for word in page.words
        if re.search(r"\d[.,]\d\d(?!\d)", word.text)
        for amount in find_amounts(word.text)
        if amount.amount
    }


def changed_digit(value: Json, draw: random.Random) -> Json:
    """The value with one digit made another one; None where it has none, or is then no date."""
    text = f"{value:.2f}" if isinstance(value, float) else str(value)
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    if not places:
        return None
    place = draw.choice(places)
    text = text[:place] + draw.choice([digit for digit in "0123456789" if digit != text[place]]) + text[place + 1 :]
    if isinstance(value, float):
        return float(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            return None
    return text


def _day(value: str, draw: random.Random) -> str:
    return (dt.date.fromisoformat(value) + dt.timedelta(days=draw.randrange(40, 400))).isoformat()


def _steps(path: str) -> list[str | int]:
    return [int(step) if step.isdigit() else step for step in path.split("/")[1:]]


def at(value: Json, path: str) -> Json:
    """What stands at a JSON pointer; None for nothing."""
    for step in _steps(path):
        value = value[step] if isinstance(step, int) else value.get(step) if isinstance(value, dict) else None
    return value
