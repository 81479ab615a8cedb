"""The header of an entry taken apart: dates, place, company and position; school, degree and area."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from docextract.local.resume_dates import Dates, clean, find
from docextract.local.resume_entries import Entry
from docextract.local.resume_pieces import URL
from docextract.local.resume_words import company_score, is_school, place_score, role_score
from docextract.local.sections_answer import Cited
from docextract.local.sections_trace import Traced, join

_BREAK = r"\t|\s[|•·–—/∙⋅]\s|\s-\s|\s?[|•·]\s?"
_AT = re.compile(r"\s+(?:at|@|bei|chez|en|beim)\s+(?=[A-ZÀ-Ý0-9])")
_LEGAL = re.compile(r"^(?:inc|llc|ltd|corp|co|gmbh|ag|s\.?a|plc|l\.?p|llp|pvt)\b", re.IGNORECASE)
_NOISE = re.compile(
    r"^(?:\d+\+?\s*(?:years?|yrs?|months?|mos?|jahre?|monate?|ans?|mois)\b[\s\d\w,]*|full[- ]?time|"
    r"part[- ]?time|contract|vollzeit|teilzeit|permanent|freelance|\(?(?:gpa|grade|note|score|cgpa)\b.*)$",
    re.IGNORECASE,
)


@dataclass(slots=True, kw_only=True)
class Header:
    """What an entry's header says, before names are told apart. `parts` are what is left, in print order."""

    dates: Dates | None = None
    dated: Traced | None = None
    place: Traced | None = None
    url: Traced | None = None
    parts: list[Traced] = field(default_factory=list)

    def begin(self) -> Cited | None:
        """Start date, ISO."""
        if self.dates is None or self.dated is None or self.dates.begin is None:
            return None
        return Cited(value=self.dates.begin, source=self.dated)

    def finish(self) -> Cited | None:
        """End date, ISO; None while it goes on."""
        if self.dates is None or self.dated is None or self.dates.finish is None:
            return None
        return Cited(value=self.dates.finish, source=self.dated)


def header(entry: Entry) -> Header:
    """Dates, place, address and the remaining names of an entry's header lines, without words of noise."""
    made = Header()
    for piece in entry.of("head"):
        text = piece.traced
        found = find(text.text)
        if found is not None and (made.dates is None or (found.is_range and not made.dates.is_range)):
            made.dates, made.dated = found, text.cut(found.start, found.end)
            before, after = text.without(found.start, found.end)
            around = text.text[max(0, found.start - 1) : found.start] + text.text[found.end : found.end + 1]
            joint = "\t" if "\t" in around else " "
            if made.place is None and _is_place(before.text, after.text, entry):
                made.place = clean(after)
                continue
            text = join([clean(before), clean(after)], joint)
        for run in styled(text):
            for part in run.split(_BREAK):
                _take(made, part)
    return made


def _is_place(before: str, after: str, entry: Entry) -> bool:
    """`2018 - 2020 - Basel` above the entry's own lines: where it was."""
    words = after.strip(" \t,|-\u2013\u2014").split()
    named = role_score(after) + company_score(after)
    titled = all(word[:1].isupper() for word in words)
    dashed = bool(re.match(r"\s*[-\u2013\u2014]\s", after))
    return not before.strip() and dashed and 1 <= len(words) <= 3 and titled and not named and len(entry.of("head")) > 1


def styled(text: Traced) -> list[Traced]:
    """Runs of one weight: a bold company before a plain position."""
    if not text.text:
        return []
    runs: list[Traced] = []
    start = 0
    weight: bool | None = None
    for index, mark in enumerate(text.marks):
        if mark is None:
            continue
        if weight is not None and mark.word.bold != weight:
            runs.append(text.cut(start, index))
            start = index
        weight = mark.word.bold
    runs.append(text.cut(start))
    return [run for run in runs if run.text]
    # A lone connective between two weights belongs to neither.


def _take(made: Header, part: Traced) -> None:
    part = part.strip(",;:|•·–—-()○●◯◉■□▢▣◆◇➤⚲⌂ ")
    if not part.text or _NOISE.match(part.text):
        return
    if URL.match(part.text) and re.search(r"\.[a-z]{2,}(?:/|$)", part.text):
        made.url = made.url or part
        return
    if made.place is None and place_score(part.text) == 2 and company_score(part.text) == 0:
        made.place = part
        return
    made.parts.append(part)


def split_at(parts: Sequence[Traced]) -> tuple[list[Traced], Traced | None]:
    """Parts with "Position at Company" and "Position, Company" cut in two, and the position where "at" tells it."""
    made: list[Traced] = []
    told: Traced | None = None
    for index, part in enumerate(parts):
        found = _AT.search(part.text)
        if found is not None and found.start() > 0:
            left, right = part.without(found.start(), found.end())
            told = told or left
            made.extend((left, right))
            continue
        text = re.sub(r"^(?:at|@|bei|chez|von|by)\s+(?=[A-ZÀ-Ý])", "", part.text) if index else part.text
        made.extend(_commas(part.cut(len(part.text) - len(text))))
    return [part for part in made if part.text], told


def _commas(part: Traced) -> list[Traced]:
    """Cut at the comma that parts a position from a company, if there is one."""
    for found in re.finditer(r",\s+", part.text):
        left, right = part.without(found.start(), found.end())
        if _LEGAL.match(right.text):
            continue
        roles = role_score(left.text), role_score(right.text)
        if (roles[0] > 0) != (roles[1] > 0) or (company_score(left.text) > 0) != (company_score(right.text) > 0):
            if place_score(part.text) and not any(roles):
                continue
            if roles[0] > 0 and roles[1] == 0 and _area_of_work(left.text, right.text):
                continue
            return [left, *_commas(right)]
    return [part]


def _area_of_work(role: str, rest: str) -> bool:
    """Tell "Director, Sales" and "Vice President, Engineering" from a position and a company: they are one position."""
    return (
        len(rest.split()) == 1
        and bool(
            re.match(
                r"^(?:engineering|marketing|finance|operations|product|design|research|development|it|hr)$",
                rest,
                re.IGNORECASE,
            )
        )
        and bool(role)
    )


def jobs(headers: Sequence[Header]) -> list[dict[str, Traced | None]]:
    """Company, position and location of each entry. Words for roles decide; order within the section fills in.

    The section's own habit (position first or company first) is learned from the entries whose words tell.
    """
    cut = [split_at(item.parts) for item in headers]
    every = [parts for parts, _ in cut]
    scored = [[9.0 if part is told else _job_score(part.text) for part in parts] for parts, told in cut]
    votes = 0
    for scores in scored:
        if len(scores) >= 2 and scores[0] != scores[1]:
            votes += 1 if scores[0] > scores[1] else -1
    made: list[dict[str, Traced | None]] = []
    for item, parts, scores in zip(headers, every, scored, strict=True):
        position, company = _pick(scores, votes)
        rest = [part for index, part in enumerate(parts) if index not in {position, company}]
        employer = parts[company] if company is not None else None
        if employer is not None and item.place is None and not any(place_score(part.text) for part in rest):
            employer, town = _town(employer)
            rest = [*rest, *([town] if town is not None else [])]
        place = item.place or next((part for part in rest if place_score(part.text)), None)
        made.append(
            {
                "position": parts[position] if position is not None else None,
                "company": employer,
                "location": place or _late_place(rest),
            }
        )
    return made


def _job_score(text: str) -> float:
    roles = role_score(text)
    named = 0.0 if roles else 0.6 * company_score(text)
    return roles - named - 0.6 * is_school(text) - 1.5 * (place_score(text) > 0)


def _pick(scores: Sequence[float], votes: int) -> tuple[int | None, int | None]:
    """Indexes of position and company among the parts."""
    if not scores:
        return None, None
    if len(scores) == 1:
        return (0, None) if scores[0] > 0 else (None, 0)
    leading = range(min(4, len(scores)))
    best = max(leading, key=lambda index: (scores[index], -index))
    position = best if scores[best] > 0 else 0 if votes > 0 else 1
    others = [index for index in leading if index != position]
    return position, others[0]


def _town(company: Traced) -> tuple[Traced, Traced | None]:
    """Part "Mercado Abierto, Valencia" into a company and the town behind its comma; schools keep their campus."""
    found = re.search(r",\s+(?=[^,]+$)", company.text)
    if found is None or is_school(company.text):
        return company, None
    left, right = company.without(found.start(), found.end())
    words = right.text.split()
    town = len(words) <= 3 and all(re.match(r"^[A-ZÀ-Ý][^\W\d_'’.-]*", word) for word in words)
    if not town or _LEGAL.match(right.text) or company_score(right.text) or role_score(right.text):
        return company, None
    return left, right


def _late_place(rest: Sequence[Traced]) -> Traced | None:
    """A bare place name ("Berlin") that is left over after company and position."""
    for part in rest:
        words = part.text.split()
        if (
            len(words) <= 3
            and all(re.match(r"^[A-ZÀ-Ý][\w'’.-]+,?$", word) for word in words)
            and company_score(part.text) == 0
        ):
            return part
    return None
