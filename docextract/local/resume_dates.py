"""Dates and date ranges as resumes print them, in four languages, made ISO 8601 as far as they are known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from docextract.local.sections_trace import Traced

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "jan january januar janner janv janvier ene enero januari gennaio janeiro",
        "feb february februar fev fevr fevrier febrero februari febbraio fevereiro",
        "mar march marz mrz maer maerz mars marzo maart mrt marco",
        "apr april avr avril abr abril aprile",
        "may mai mayo mei maggio maio",
        "jun june juni juin junio giugno giu junho",
        "jul july juli juil juillet julio luglio lug julho",
        "aug august aout aou ago agosto augustus",
        "sep sept september septembre septiembre set setiembre settembre setembro",
        "oct october okt oktober octobre octubre ottobre ott outubro",
        "nov november novembre noviembre novembro",
        "dec december dez dezember decembre dic diciembre dicembre dezembro",
    ),
    start=1,
):
    _MONTHS.update(dict.fromkeys(_names.split(), _number))
_SEASONS = "spring|summer|fall|autumn|winter|sommer|herbst|fruhjahr|wintersemester|sommersemester|ws|ss"

_MONTH = r"(?P<m{0}>@)\.?,?\s+(?:(?P<dm{0}>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?:de\s+)?(?P<y{0}>(?:19|20)\d\d)"
_DAY_FIRST = r"(?P<dd{0}>\d{{1,2}})\.?\s+(?:de\s+)?(?P<dm2{0}>@)\.?,?\s+(?:de\s+)?(?P<dy{0}>(?:19|20)\d\d)"
_ISO = r"(?P<iy{0}>(?:19|20)\d\d)[-/.](?P<im{0}>0[1-9]|1[0-2])(?:[-/.](?P<id{0}>[0-3]\d))?"
_DOTTED = r"(?P<ed{0}>[0-3]?\d)[./](?P<em{0}>[01]?\d)[./](?P<ey{0}>(?:19|20)\d\d)"
_MONTH_YEAR = r"(?P<nm{0}>0?[1-9]|1[0-2])\s?[./-]\s?(?P<ny{0}>(?:19|20)\d\d)"
_SHORT = r"(?P<sm{0}>@)\.?\s?['’](?P<sy{0}>\d\d)"
_YEAR = r"(?P<yy{0}>(?:19|20)\d\d)"
_NOW = (
    r"(?P<now>p ?resent|current(?:ly)?|now|today|ongoing|to date|heute|aktuell|jetzt|derzeit|laufend|"
    r"aujourd['’]hui|pr[ée]sent|actuel(?:lement)?|en cours|actualidad|actual(?:mente)?|presente|hoy|heden|nu|oggi|"
    r"in corso|atual(?:mente)?|o momento)"
)


def _date(tag: str) -> str:
    forms = (_ISO, _DOTTED, _DAY_FIRST, _MONTH, _SHORT, _MONTH_YEAR, _YEAR)
    season = rf"(?:(?:{_SEASONS})\s+)?"
    return "(?:" + season + "(?:" + "|".join(form.format(tag).replace("@", rf"\b{_NAMED}") for form in forms) + "))"


_DASH = r"\s*(?:[-\u2010-\u2015\u2212]|t ?o|until|till|through|bis|à|au|al|hasta|a|tot|t/m|~)+\s*"
# Only months: "Statistics 2014" and "Marketing, 2018" are none, and must not swallow the year.
_NAMED = (
    "(?:"
    + "|".join(
        sorted(
            (*_MONTHS, "jänner", "mär", "märz", "aoû", "févr", "fév", "février", "août", "déc", "décembre", "março"),
            key=len,
        )[::-1]
    )
    + r")(?![^\W\d_])"
)
_BARE_MONTH = rf"(?P<bm>\b{_NAMED})\.?"
_FROM = r"(?:(?:from|since|seit|depuis|desde|von|de|du|ab|sinds|van|dal|da)\s+)?"
_RANGE = re.compile(
    rf"(?<![\w./])(?P<pre>{_FROM}){_date('a')}"
    rf"(?:{_DASH}(?:{_date('b')}|{_NOW})(?![\w/])|(?P<open>\s*[-\u2013\u2014]\s*$))",
    re.IGNORECASE,
)
_SAME_YEAR = re.compile(rf"(?<![\w./]){_BARE_MONTH}{_DASH}{_date('b')}(?![\w/])", re.IGNORECASE)
_SINGLE = re.compile(rf"(?<![\w./$€£#+]){_FROM}{_date('a')}(?![\w%/]|[.,]\d)", re.IGNORECASE)
_SINCE = re.compile(r"^(?:since|seit|depuis|desde|ab|sinds|dal)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A range or single date found at [start, end) of a text. ISO strings of year, year-month or full date.

    `begin` is None where only an end is printed; `current` says the range goes on (present, heute).
    """

    start: int
    end: int
    begin: str | None
    finish: str | None
    is_range: bool
    current: bool = False


def _month(name: str) -> int | None:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return _MONTHS.get("".join(mark for mark in plain if mark.isalpha()))


def _iso(found: re.Match[str], tag: str) -> str | None:
    group = found.groupdict()
    if year := group.get(f"iy{tag}"):
        return "-".join(part for part in (year, group[f"im{tag}"], group[f"id{tag}"]) if part)
    if year := group.get(f"ey{tag}"):
        month, day = int(group[f"em{tag}"]), int(group[f"ed{tag}"])
        if month > 12 >= day:
            month, day = day, month
        return f"{year}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None
    for names, days, years in (("m", "dm", "y"), ("dm2", "dd", "dy"), ("sm", "", "sy")):
        if year := group.get(f"{years}{tag}"):
            number = _month(group[f"{names}{tag}"])
            if number is None:
                return year if years != "sy" and group[f"{names}{tag}"].casefold() in _SEASONS.split("|") else None
            day_text = group.get(f"{days}{tag}") if days else None
            whole = year if len(year) == 4 else ("20" if int(year) < 60 else "19") + year
            return f"{whole}-{number:02d}" + (f"-{int(day_text):02d}" if day_text else "")
    if year := group.get(f"ny{tag}"):
        return f"{year}-{int(group[f'nm{tag}']):02d}"
    return group.get(f"yy{tag}")


def find(text: str) -> Dates | None:
    """The first date range in a text, else its last single date, else None."""
    for found in _RANGE.finditer(text):
        begin, finish = _iso(found, "a"), _iso(found, "b")
        current = bool(found["now"] or found["open"])
        if begin and (finish or current):
            return Dates(
                start=found.start(), end=found.end(), begin=begin, finish=finish, is_range=True, current=current
            )
    for found in _SAME_YEAR.finditer(text):
        finish, number = _iso(found, "b"), _month(found["bm"])
        if finish and number:
            begin = f"{finish[:4]}-{number:02d}"
            return Dates(start=found.start(), end=found.end(), begin=begin, finish=finish, is_range=True)
    if stacked := re.fullmatch(r"\s*((?:19|20)\d\d)\t((?:19|20)\d\d)\s*", text):
        # A narrow column prints the two years of a range one below the other.
        return Dates(start=0, end=len(text), begin=stacked[1], finish=stacked[2], is_range=True)
    single = None
    for found in _SINGLE.finditer(text):
        value = _iso(found, "a")
        year_only = found["yya"] is not None
        if value and not (year_only and re.search(r"[\w]\s*$", text[: found.start()]) and text[found.end() :].strip()):
            since = bool(_SINCE.match(found.group()))
            single = Dates(
                start=found.start(), end=found.end(), is_range=since, current=since,
                begin=value if since else None, finish=None if since else value,
            )  # fmt: skip
    return single


def is_dates(text: str) -> bool:
    """Whether a text is dates and nothing else (but brackets, a duration, "issued on")."""
    found = find(text)
    if found is None:
        return False
    rest = text[: found.start] + text[found.end :]
    rest = re.sub(
        r"\b(?:\d+\s*(?:years?|yrs?|months?|mos?|jahre?|monate?|ans?|mois|a[ñn]os?|mes(?:es)?)\b,?\s*)+", "", rest
    )
    return len(re.sub(r"[\W_]+", "", rest)) == 0


def clean(traced: Traced) -> Traced:
    """A text without the brackets and dashes that stood around a date cut out of it."""
    return traced.strip("()[]|,;:·•–—-")
