"""Who the resume is of: name, headline, and the contact line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from docextract.local.resume_pieces import fits
from docextract.local.resume_words import company_score, place_score, role_score
from docextract.local.sections_headings import fold, known
from docextract.local.sections_lines import Line, Segment
from docextract.local.sections_split import Part
from docextract.local.sections_trace import Traced, join, join_wrapped

# OCR may glue what follows: the address ends before a scheme.
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+?)+(?=https?:|www\.|[^\w.-]|\.?$|\.\s)")
URL = re.compile(
    r"(?:https?://|www\.)[^\s|,;<>()]+|(?<![@\w.])(?:[\w-]+\.)+(?:com|org|net|io|dev|me|edu|gov|info|co|ai|app|tech|"
    r"de|fr|es|uk|eu|ch|at|it|nl|ca|us|in|pl|se|no|dk|fi|be|br|mx|ar|au|nz|cv|xyz|site|page|design|blog|online|works)"
    r"(?:/[^\s|,;<>()]*)?(?![\w@])",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\w./])(?:\+|00)?\(?\d[\d ()./\u2010-\u2013-]{6,20}\d(?![\w@])")
_DIALLED = re.compile(r"(?:\+\d|\(\+?\d{2,5}\))[\d ()./\u2010-\u2013-]{5,18}\d(?![\w@])")
_LABEL = re.compile(
    r"^(?:e-?mail|phone|tel(?:efon|ephone|[ée]fono|[ée]phone)?|mobile|mobil|cell|address|adresse|direcci[oó]n|location|"
    r"web(?:site)?|homepage|linkedin|github|date of birth|nationality|anschrift|ort|standort|fax|portable|"
    r"correo|m[oó]vil|url)\s*[:.]?\s*",
    re.IGNORECASE,
)
_TITLES = re.compile(r"^(?:curriculum vitae|cv|resume|résumé|lebenslauf|europass|hoja de vida)$", re.IGNORECASE)
_NAME_LABEL = re.compile(
    r"^(?:(?:full |first and last |vor- und (?:nach|zu))?name|nom(?: et pr[ée]nom)?|nombre(?: y apellidos)?|naam|nome"
    r"|name, vorname)\s*:?$",
    re.IGNORECASE,
)
_LONGEST = 16  # words of a headline
_FLUSH = 2.5  # points that edges of one column differ by
_TOWN = re.compile(r"[A-ZÀ-Ý][^\W\d_]+(?:[ -](?:am |an der |sur |de |la |upon )?[A-ZÀ-Ý][^\W\d_]+){0,2}")
_NAME = re.compile(r"^[^\W\d_][\w'’.-]*(?:,? [^\W\d_][\w'’.()-]*){1,5},?(?: (?:Ph\.?D|MBA|MD|Jr|PMP)\.?)?$")


def head(parts: Sequence[Part]) -> dict[str, object]:
    """Name, headline, e-mail, phone, location, web addresses and a summary without heading; Traced or None."""
    lines = parts[0].lines if parts and parts[0].section == "head" else []
    contact = [line for part in parts if part.section in {"contact", "profiles"} for line in part.lines]
    segments = [segment for line in lines for segment in line.segments]
    name = _labelled_name((*lines, *contact)) or _stacked_name(lines) or _name(segments)
    whole, title = _apart(name.traced) if name is not None else (None, None)
    found: dict[str, object] = {"name": whole}
    found["headline"] = title or _headline(lines, name)
    everything = [line.traced for line in (*lines, *contact)]
    everywhere = [line.traced for part in parts for line in part.lines]
    found["email"] = _broken_mail((*lines, *contact)) or _first(EMAIL, everything) or _first(EMAIL, everywhere)
    found["phone"] = _phone(everything)
    found["urls"] = _urls(_joined_urls((*lines, *contact)))
    headline = found["headline"]
    taken = {id(token) for part in (found["name"], headline) if isinstance(part, Traced) for token in part.tokens}
    found["summary"] = _summary(lines, taken)
    found["location"] = _location((*lines, *contact), taken, found["summary"]) or _bare_town((*lines, *contact), taken)
    return found


def _broken_mail(lines: Sequence[Line]) -> Traced | None:
    """An address that a narrow column breaks within its last name: `jane@somewhere.exa` above `mple.com`."""
    for above, below in pairwise(lines):
        begun = re.search(r"[\w.+-]+@[\w.-]+$", above.text)
        rest = re.fullmatch(r"[a-z0-9-]{0,20}(?:\.[a-z]{2,6})*", below.text)
        if not (begun and rest) or abs(above.x0 - below.x0) >= _FLUSH:
            continue
        complete = URL.fullmatch(begun.group().partition("@")[2]) and not re.fullmatch(r"[a-z]{1,2}", below.text)
        if not complete and EMAIL.fullmatch(begun.group() + below.text):
            return join([above.traced.cut(begun.start()), below.traced], "")
    return None


def _first(pattern: re.Pattern[str], texts: Sequence[Traced]) -> Traced | None:
    for traced in texts:
        if match := pattern.search(traced.text):
            return traced.cut(match.start(), match.end())
    return None


def _phone(texts: Sequence[Traced]) -> Traced | None:
    # A number that begins with + or ( is surely one; OCR may glue it to a postcode.
    sure = [(traced, match) for traced in texts for match in _DIALLED.finditer(traced.text)]
    likely = [(traced, match) for traced in texts for match in PHONE.finditer(traced.text)]
    for traced, match in (*sure, *likely):
        digits = re.sub(r"\D", "", match.group())
        dates = re.fullmatch(r"(?:19|20)\d\d\D+(?:19|20)\d\d|\d\d?[./-]\d\d?[./-]\d{4}|\d{4}-\d\d-\d\d", match.group())
        if 7 <= len(digits) <= 15 and not dates:
            return traced.cut(match.start(), match.end())
    return None


def _urls(texts: Sequence[Traced]) -> list[Traced]:
    found: dict[str, Traced] = {}
    for traced in texts:
        plain = EMAIL.sub(lambda match: " " * len(match.group()), traced.text)
        for match in URL.finditer(plain):
            address = traced.cut(match.start(), match.end()).strip(".,")
            key = re.sub(r"^https?://(?:www\.)?|/$", "", address.text.lower())
            found.setdefault(key, address)
    return list(found.values())


def _joined_urls(lines: Sequence[Line]) -> list[Traced]:
    """The texts of lines; an address that a narrow column breaks behind a dash or a stroke goes on in the next."""
    made = [line.traced for line in lines]
    for at, (above, below) in enumerate(pairwise(lines)):
        found = list(URL.finditer(above.text))
        rest = re.match(r"[a-z0-9-]+(?=\s|$)", below.text)
        ends = bool(found) and above.text[-1:] in "-/" and found[-1].end() >= len(above.text) - 1
        if ends and rest and abs(above.x0 - below.x0) < _FLUSH:
            made[at] = join([above.traced, below.traced.cut(0, rest.end())], "")
    return made


def _contactlike(text: str) -> bool:
    return bool(EMAIL.search(text) or URL.search(text) or PHONE.search(text) or _LABEL.match(text))


def _labelled_name(lines: Sequence[Line]) -> Segment | None:
    """The name of a form: in the cell beside `Name`."""
    for line in lines:
        for label, beside in pairwise(line.segments):
            if _NAME_LABEL.match(label.traced.text) and _NAME.match(beside.traced.text):
                return beside
    return None


def _stacked_name(lines: Sequence[Line]) -> Segment | None:
    """A name that its column breaks in two, in the largest type of all."""
    for above, below in pairwise(lines[:12]):
        one, two = above.first, below.first
        alike = abs(one.size - two.size) < 0.06 * one.size and abs(one.x0 - two.x0) < _FLUSH and one.bold == two.bold
        largest = one.size > 1.15 * max((line.size for line in lines if line not in (above, below)), default=0.0)
        if not (alike and largest and two.y0 - one.y1 < 0.6 * one.size and len(above.segments) == 1):
            continue
        joined = join_wrapped([one.traced, two.traced]).text
        whole = _NAME.match(joined.replace("- ", "-")) and len(joined.split()) <= 5 and not role_score(two.traced.text)
        if whole and not _TITLES.match(one.traced.text):
            return replace(one, tokens=(*one.tokens, *two.tokens), x1=max(one.x1, two.x1), y1=two.y1)
    return None


def _name(segments: Sequence[Segment]) -> Segment | None:
    """The largest text that has the form of a name; a tie goes to the higher one."""
    likely = [
        item
        for item in segments[:40]
        if _NAME.match(item.traced.text)
        and not _TITLES.match(item.traced.text)
        and not _contactlike(item.traced.text)
        and known(item.traced.text) is None
    ]
    if not likely:
        return None
    # "Jane Developer" is a name when it is plainly the largest; else words for roles are the headline.
    sized = [item.size * (0.8 if role_score(item.traced.text) else 1.0) for item in likely]
    return next(item for item, size in zip(likely, sized, strict=True) if size > 0.97 * max(sized))


def _apart(name: Traced) -> tuple[Traced, Traced | None]:
    """`Jane Doe, Software Engineer` in one line: the name, and what it is followed by where that names a role."""
    before, comma, after = name.text.partition(", ")
    if not comma or role_score(before) or not role_score(after) or len(before.split()) < 2:
        return name, None
    return name.cut(0, len(before)), name.cut(len(before) + len(comma))


def _headline(lines: Sequence[Line], name: Segment | None) -> Traced | None:
    """The line below the name (wrapped lines joined) that is no contact, place or sentence."""
    if name is None:
        return None
    below = [line for line in lines if line.page == name.tokens[0].page and line.y0 > name.middle]
    taken: list[Line] = []
    for line in below[:6]:
        near = [
            item for item in line.segments if item.x0 < name.x1 + 2 * name.size and item.x1 > name.x0 - 6 * name.size
        ]
        if not near:
            continue
        text = near[0].traced.text
        row = Line((near[0],), line.page, line.gap, line.right)
        if taken:
            above = taken[-1]
            close = line.gap is not None and line.gap < 0.6 * near[0].size
            same = abs(near[0].size - above.size) < 0.6 and near[0].bold == above.bold
            if (
                same
                and close
                and not _contactlike(text)
                and not place_score(text)
                and (
                    not fits(above, row)
                    or text[:1].islower()
                    or re.search(r"[,&]$", above.text)
                    or _centred(above, row, name)
                )
            ):
                taken.append(row)
                continue
            break
        if fold(text) == fold(name.traced.text):
            continue
        elsewhere = place_score(text) == 2 or len(line.segments) > 2
        if _contactlike(text) or (elsewhere and role_score(text) == 0):
            continue
        if len(text.split()) > 14 or text.endswith(".") or company_score(text) > role_score(text) + 1:
            break
        if not any(mark.isalpha() for mark in text) or (len(text.split()) == 1 and role_score(text) == 0):
            continue
        taken.append(row)
    whole = join_wrapped([line.traced for line in taken])
    told = len(whole.text.split()) > _LONGEST or (whole.text.endswith(".") and len(whole.text.split()) > 4)
    return whole if whole.text and not told else None


def _centred(above: Line, row: Line, name: Segment) -> bool:
    """Whether two lines and the name share a middle but not a left edge."""
    if above.text.isupper() != row.text.isupper():
        return False
    middles = [(item.x0 + item.x1) / 2 for item in (above, row, name)]
    return max(middles) - min(middles) < 4 and abs(above.x0 - row.x0) > 4


def _summary(lines: Sequence[Line], taken: set[int]) -> Traced | None:
    """A paragraph of the head: two full lines or more, or a long sentence."""
    best: list[Line] = []
    group: list[Line] = []
    for line in lines:
        used = any(id(token) in taken for segment in line.segments for token in segment.tokens)
        prose = len(line.segments) == 1 and not used and not _contactlike(line.text)
        follows = bool(group) and abs(line.x0 - group[-1].x0) < 2 and abs(line.size - group[-1].size) < 1
        group = ([*group, line] if follows else [line]) if prose and (follows or len(line.text.split()) >= 6) else []
        if len(group) > len(best):
            best = group
    whole = join_wrapped([line.traced for line in best])
    return whole if len(whole.text.split()) >= 12 else None


def _location(lines: Sequence[Line], taken: set[int], summary: object) -> Traced | None:
    """The place of the contact line: the part that has the form of one, or an address set over several lines."""
    used = taken | ({id(token) for token in summary.tokens} if isinstance(summary, Traced) else set())
    best: tuple[int, Traced] | None = None
    for line in lines:
        for segment in line.segments:
            if any(id(token) in used for token in segment.tokens):
                continue
            for part in segment.traced.split(r"\s[|•·–—∙]\s|\s?[|•·]\s?"):
                label = _LABEL.match(part.text)
                bare = part.cut(label.end()).strip(":,") if label else part
                icon = re.match(r"^[^\w(+\"']+", bare.text)
                bare = bare.cut(icon.end()) if icon else bare
                if (_contactlike(bare.text) and not label) or EMAIL.search(bare.text) or not bare.text:
                    continue
                score = _address_score(bare.text) + (
                    2 if label and re.match(r"add|adr|loc|ort|dir|ans|sta", label.group(), re.IGNORECASE) else 0
                )
                if score and (best is None or score > best[0]):
                    best = (score, _whole_address(line, lines, bare) if score else bare)
    return best[1] if best else None


def _bare_town(lines: Sequence[Line], taken: set[int]) -> Traced | None:
    """A town alone among contacts: one to three words with capitals and nothing else, flush with a contact.

    Only where a single text has that form.
    """
    segments = [segment for line in lines for segment in line.segments]
    reached = [segment for segment in segments if _contactlike(segment.traced.text)]
    towns = [
        segment.traced
        for segment in segments
        if _TOWN.fullmatch(segment.traced.text)
        and known(segment.traced.text) is None
        and role_score(segment.traced.text) == 0
        and not _LABEL.fullmatch(segment.traced.text)
        and not any(id(token) in taken for token in segment.tokens)
        and any(min(abs(segment.x0 - one.x0), abs(segment.x1 - one.x1)) < _FLUSH for one in reached)
    ]
    return towns[0] if len(towns) == 1 else None


def _address_score(text: str) -> int:
    if len(text) > 90 or role_score(text) > 0 or URL.search(text) or EMAIL.search(text):
        return 0
    street = bool(re.search(r"\d", text)) and text.count(",") >= 1 and bool(re.search(r"\b\d{4,6}\b|^\d+ \w+", text))
    return max(place_score(text) + (1 if place_score(text) else 0), 2 if street else 0)


def _whole_address(line: Line, lines: Sequence[Line], part: Traced) -> Traced:
    """The part, or with its neighbours above and below where an address is wrapped in a narrow column."""
    if len(line.segments) > 1 or part.text != line.text:
        return part
    index = next((i for i, other in enumerate(lines) if other is line), None)
    if index is None:
        return part
    rows = [line]
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(lines) and _goes_with(lines[at], rows[0 if step < 0 else -1], step):
            rows.insert(0, lines[at]) if step < 0 else rows.append(lines[at])
            at += step
    return join([row.traced for row in rows]) if len(rows) > 1 else part


def _goes_with(line: Line, other: Line, step: int) -> bool:
    lower = other if step < 0 else line
    text = line.text
    if len(line.segments) > 1 or _contactlike(text) or abs(line.x0 - other.x0) > 2 or abs(line.size - other.size) > 0.5:
        return False
    if line.page != other.page or lower.gap is None or lower.gap > 0.5 * line.size or len(text) > 45:
        return False
    return bool(re.search(r"\d", text) or place_score(text) or text.endswith(","))
