"""An answer examined: every value located, every audit held, rows counted, and how sure each value is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from docextract.check.agreement import Disagreement, Reading, compare
from docextract.check.audit import Audited, audit
from docextract.check.confidence import BY_STATUS, Calibration, Signs, weigh
from docextract.check.files import audit_files
from docextract.check.ground import grounded
from docextract.check.labels import Mislabelled, Owners, mislabelled
from docextract.check.leaves import Leaf, in_list, leaves
from docextract.check.pages import Pages, pages_of
from docextract.check.places import LOCATED, Places, Printed
from docextract.check.row_audits import RowAudits
from docextract.check.rows import RowTrouble
from docextract.types import Evidence, Issue, Json, Words
from docextract.types.packed import EvidenceList


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an answer's leaves (JSON pointers) before the pages are looked at.

    `located` are places that an engine named, `pages` the page of a leaf (or of all below a pointer) where it is one,
    `agreed` and `conflicting` leaves that several windows gave alike or otherwise. `reading` is what
    another reader made of the same words.
    """

    located: Sequence[Evidence] = ()
    pages: Mapping[str, int] = field(default_factory=dict)
    agreed: frozenset[str] = frozenset()
    conflicting: frozenset[str] = frozenset()
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """`evidence` one for each leaf that is not null, `audits` those that failed, `rows` what is wrong with rows."""

    value: Json
    evidence: Sequence[Evidence]
    audits: tuple[Audited, ...]
    rows: tuple[RowTrouble, ...]
    labels: tuple[Mislabelled, ...] = ()
    readings: tuple[Disagreement, ...] = ()

    @property
    def badness(self) -> int:
        """How much is wrong: values that are not on their page, failed audits, rows in doubt."""
        lost = sum(item.status in ("absent", "contradicted") for item in self.evidence)
        return lost + len(self.audits) + sum(trouble.count for trouble in self.rows)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All of it in words."""
        found = [Issue(path=each.path, code="audit_failed", message=each.message) for each in self.audits]
        found += [Issue(path=each.path, code=each.code, message=each.message, page=each.page) for each in self.rows]
        found += [
            Issue(path=each.path, code="label_differs", message=each.message, page=each.page) for each in self.labels
        ]
        found += [
            Issue(path=each.path, code="reading_differs", message=each.message, page=each.page)
            for each in self.readings
        ]
        found += [
            Issue(path=item.path, code=item.status, message=_MESSAGES[item.status], page=item.page)
            for item in self.evidence
            if item.status in _MESSAGES
        ]
        return tuple(found)


SURE = 0.97
"""From this confidence on a value is taken to be what the page prints: a text layer, or OCR without a doubt."""

_MESSAGES = {
    "absent": "not found on its page",
    "contradicted": "the page says something near but different",
}


def examine(
    value: Json,
    schema: Mapping[str, Json],
    words: Sequence[Words] | Pages,
    known: Known | None = None,
    calibration: Calibration | None = None,
) -> Examined:
    """Ground, audit, count rows, weigh. Pure: the same answer and words give the same account.

    Page after page: beside the answer, what is held of a long document are some pages and its packed evidence.
    """
    known = known or Known()
    pages = pages_of(words)
    evidence, single, places, rows = _looked_up(value, schema, pages, known)
    audits = [*audit(value, schema, Printed(pages, evidence)), *audit_files(value, schema)]
    confirmed = frozenset(path for each in audits if each.ok and each.rule == "sum" for path in each.paths)
    owners = Owners(schema, places)
    beside = mislabelled([leaf for leaf, _ in single], owners, confirmed, _Times(value, schema))
    compared = compare([leaf for leaf, item in single if item.status in LOCATED], known.reading, owners)
    # Not where a sum of the answer's own came out, or where the model was asked again and said the same.
    unsure = {path: place for path, place in compared.instead.items() if path not in confirmed | known.agreed}
    failed = [each for each in audits if not each.ok]
    sound = _as_printed(failed, evidence)
    signs = Signs(
        passed=frozenset(path for each in audits if each.ok for path in each.paths),
        failed=frozenset(path for each in failed if each not in sound for path in each.paths),
        doubted=frozenset(path for each in rows for path in each.rows),
        mislabelled=frozenset([each.path for each in beside] + [each.path for each in compared.against]),
        agreed=known.agreed | compared.agreed,
        conflicting=known.conflicting,
    )
    told = (_contradicted(item, unsure[item.path]) if item.path in unsure else item for item in evidence)
    return Examined(
        value=value,
        evidence=EvidenceList(weigh(told, signs, calibration)),
        audits=tuple(failed),
        rows=rows,
        labels=tuple(beside),
        readings=compared.against,
    )


def _looked_up(
    value: Json, schema: Mapping[str, Json], pages: Pages, known: Known
) -> tuple[EvidenceList, list[tuple[Leaf, Evidence]], Places, tuple[RowTrouble, ...]]:
    """The evidence of all leaves, that of leaves outside of lists, the words they take, and what is wrong with rows."""
    places = Places(pages)
    lists = RowAudits(value, schema, pages)
    evidence = EvidenceList()
    single: list[tuple[Leaf, Evidence]] = []
    for leaf, item in grounded(value, schema, pages, known.located, known.pages):
        found = places.take(item)
        lists.note(item, found)
        evidence.append(item)
        if not in_list(leaf.path):
            single.append((leaf, item))
            if found is not None:
                places.words[leaf.path] = found
    return evidence, single, places, lists.end(places.taken)


class _Times:
    """How often an answer has a number, in lists and outside of them."""

    def __init__(self, value: Json, schema: Mapping[str, Json]) -> None:
        self._value = value
        self._schema = schema

    def __call__(self, number: Json) -> int:
        return sum(leaf.sort == "number" and leaf.value == number for leaf in leaves(self._value, self._schema))


def _contradicted(item: Evidence, place: Evidence) -> Evidence:
    """What stands where the field is printed says something else than the value."""
    sure = min(item.confidence, BY_STATUS["contradicted"])
    return replace(place, path=item.path, status="contradicted", confidence=sure)


def _as_printed(failed: Sequence[Audited], evidence: Iterable[Evidence]) -> list[Audited]:
    """Check digits that fail as the page itself prints them: then the document is wrong and not the reading."""
    wanted = {each.path: each for each in failed if each.rule == "check_digits"}
    if not wanted:
        return []
    return [wanted[item.path] for item in evidence if item.path in wanted and item.confidence >= SURE]
