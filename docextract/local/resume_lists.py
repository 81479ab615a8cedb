"""Sections that are lists: skills, languages, certifications."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from docextract.local.resume_dates import clean, find, is_dates
from docextract.local.resume_entries import entries
from docextract.local.resume_grid import cells, ungrid
from docextract.local.resume_parts import styled
from docextract.local.resume_pieces import URL, fits, margins, stack
from docextract.local.resume_words import company_score
from docextract.local.sections_lines import Line
from docextract.local.sections_trace import Traced, join_wrapped

_LEVEL = re.compile(
    r"^\(?(?:native(?: (?:speaker|or bilingual(?: proficiency)?|language))?|bilingual|fluent|fluency|proficient|"
    r"conversational|(?:upper |lower )?intermediate|basic|beginner|elementary(?: proficiency)?|advanced|expert|master|"
    r"novice|good|excellent|very good|working knowledge|(?:full |limited )?(?:professional )?(?:working )?proficiency|"
    r"mother tongue|muttersprache|flie(?:ß|ss)end|verhandlungssicher|grundkenntnisse|gute kenntnisse|sehr gut|gut|"
    r"anf[äa]nger|langue maternelle|courant|bilingue|avanc[ée]|interm[ée]diaire|d[ée]butant|"
    r"scolaire|notions|nativo|lengua materna|"
    r"fluido|avanzado|intermedio|"
    r"b[áa]sico|[abc][12](?: ?[-/–] ?[abc][12])?|\d{1,3} ?%|\d+/\d+|"
    r"\d+\+? (?:years?|yrs?|jahre|ans|a[ñn]os))(?: (?:proficiency|level|user|knowledge|kenntnisse))?\)?$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:[•●◦▪■□‣∙·○➢➤►▸❖✓*–—-]|\uf0b7)[\t ]*")
_SEPARATED = re.compile(r"[,;|•·\t]")
_CATEGORY = re.compile(r"^([^,:]{2,45}):\s*(?=\S)")
_ITEMS = r"\s*[,;|•·∙●▪/]\s+|\s+[|•·∙●▪]\s*|\t"
# Font sizes of white between two tags, where others are narrower, and in any case; a space is 0.25 to 0.5.
_TONGUES = re.compile(
    r"(?:mother tongue|native language|other language|muttersprache|weitere sprache|langue|autre|langue maternelle"
    r"|autre langue|lingua madre|altra lingua|lengua materna|otra lengua)(?:s|n|\(\w{1,2}\))?"
    r"(?: (?:maternelle|langue)(?:s|\(s\))?)?\s*:\s*(?=\S)",
    re.IGNORECASE,
)
_TAGGED, _SET_APART = 0.48, 0.62
_ISSUED = re.compile(r"^(?:issued|awarded|valid|expires|credential|by|id)\b", re.IGNORECASE)


def skills(lines: Sequence[Line]) -> list[Traced]:
    """The skills of a section: items of lists; the category names and levels around them are left out.

    A name with nothing below or behind it is itself a skill.
    """
    rows = _rows(lines)
    listed = sum(titled for _, titled in rows) < 0.2 * len(rows)
    made: list[Traced] = []
    for index, (row, titled) in enumerate(rows):
        if _LEVEL.match(row.text):
            continue
        category = _CATEGORY.match(row.text)
        if category is not None:
            made.extend(_items(row.cut(category.end())))
            continue
        if titled and index + 1 < len(rows) and _has_items(rows, index):
            continue
        if listed and not _SEPARATED.search(row.text) and _heads_list(rows, index):
            continue
        made.extend(_items(row))
    return _unique(made)


def _heads_list(rows: Sequence[tuple[Traced, bool]], index: int) -> bool:
    """Whether a single name stands above a row of several, a level between them or not: then it is a category."""
    for row, _ in rows[index + 1 :]:
        if not _LEVEL.match(row.text):
            return len(_items(row)) >= 2 and len(rows[index][0].text.split()) <= 4
    return False


def _has_items(rows: Sequence[tuple[Traced, bool]], index: int) -> bool:
    """Whether a titled row is followed by plain ones (levels skipped) before the next title."""
    for row, titled in rows[index + 1 :]:
        if not _LEVEL.match(row.text):
            return not titled
    return False


def _rows(lines: Sequence[Line]) -> list[tuple[Traced, bool]]:
    """Lines as rows, wrapped lists joined; with each whether it is set as a title (bold, larger, out-dented)."""
    beside = _beside_names(lines)
    if beside:
        return [(join_wrapped([_bare(line) for line in group]), False) for group in beside]
    plain = margins(ungrid(stack(lines)))
    if not plain:
        return []
    marked = {_titled(line, plain) for line in plain}
    made: list[tuple[list[Line], bool]] = []
    for line in plain:
        title = _titled(line, plain) if marked == {True, False} else False
        above = made[-1] if made else None
        broken = title and above is not None and above[1] and line.gap is not None and not fits(above[0][-1], line)
        if above is not None and above[1] == title and (broken or _wrapped(above[0][-1], line)):
            above[0].append(line)
        else:
            made.append(([line], title))
    return [(join_wrapped([_bare(line) for line in group]), title) for group, title in made]


def _beside_names(lines: Sequence[Line]) -> list[list[Line]]:
    """Lists in the second column of a table whose first names their kind, wrapped lines together; else []."""
    rows: list[list[Line]] = []
    named = [line for line in lines if len(line.segments) > 1]
    alone = len(named) == 1 and named[0].bold and not named[0].segments[1].bold
    if not (len(named) > 1 or alone) or not all("," in line.segments[1].traced.text for line in named):
        return []
    edge = named[0].segments[1].x0
    for line in lines:
        cells = [segment for segment in line.segments if segment.x0 > edge - 2]
        if len(cells) != 1 or abs(cells[0].x0 - edge) > 2 or len(line.segments) > 2:
            return []
        cell = Line(tuple(cells), line.page, line.gap, line.right)
        if len(line.segments) > 1 or not rows:
            rows.append([cell])
        else:
            rows[-1].append(cell)
    return rows


def _bare(line: Line) -> Traced:
    bullet = _BULLET.match(line.text)
    return line.traced.cut(bullet.end()) if bullet else line.traced


def _titled(line: Line, lines: Sequence[Line]) -> bool:
    """Bold where others are not, or larger than the smallest size that a good share of the lines has."""
    bold = {other.bold for other in lines}
    if len(bold) == 2:
        return line.bold
    sizes = sorted(other.size for other in lines)
    low = sizes[len(sizes) // 4]
    if line.size > low * 1.08:
        return True
    edges = sorted(other.x0 for other in lines if abs(other.size - line.size) < 0.5)
    column = [edge for edge in edges if abs(edge - line.x0) < 3 * line.size]
    return bool(column) and max(column) - line.x0 > 1.2 * line.size and line.x0 - min(column) < 2


def _wrapped(above: Line, line: Line) -> bool:
    if _BULLET.match(line.text) or line.bold != above.bold or abs(line.size - above.size) > 0.6:
        return False
    if re.search(r"(?:[,·|&•]|\b(?:and|und|et|y|of))$", above.text):
        return True
    if _CATEGORY.match(line.text) or "," not in above.text:
        return False
    word = line.first.tokens[0].word
    return above.x1 + 0.25 * above.size + word.x1 - word.x0 > above.right - 1 and "\t" not in above.text


def _items(row: Traced) -> list[Traced]:
    """The items of a row: cut at separators outside brackets."""
    parts: list[Traced] = []
    depth = start = 0
    for found in re.finditer(rf"[(\[]|[)\]]|{_ITEMS}|$", row.text):
        mark = found.group()
        if mark in "([" and mark:
            depth += 1
        elif mark in ")]" and mark:
            depth = max(0, depth - 1)
        elif depth == 0 or not mark:
            parts.append(row.cut(start, found.start()))
            start = found.end()
    if len(parts) == 1 and not _SEPARATED.search(row.text):
        parts = _apart(row)
    made: list[Traced] = []
    for part in parts:
        item = part.strip(",;|•·")
        item = item.cut(0, len(item.text) - 1) if item.text.endswith(".") and len(item.text.split()) > 2 else item
        lead = re.match(r"(?:and|und|et|y) ", item.text)
        item = item.cut(lead.end()) if lead else item
        if item.text and not _LEVEL.match(item.text):
            made.append(item)
    return made


def _apart(row: Traced) -> list[Traced]:
    """The items of a row that are set apart by wider white alone, as tags are."""
    gaps: dict[int, float] = {}
    for at, (before, after) in enumerate(pairwise(row.marks), 1):
        if after is None or before is not None or at < 2 or (last := row.marks[at - 2]) is None:
            continue
        size = after.word.size or (after.word.y1 - after.word.y0)
        if abs(after.word.y0 - last.word.y0) < 0.3 * size:
            gaps[at] = (after.word.x0 - last.word.x1) / size
    least = min(gaps.values(), default=0.0)
    cuts = [at for at, gap in gaps.items() if gap > _SET_APART or (gap > _TAGGED and gap > 1.4 * least)]
    return [row.cut(a, b) for a, b in pairwise([0, *cuts, len(row.text)])]


def _unique(items: Sequence[Traced]) -> list[Traced]:
    kept: dict[str, Traced] = {}
    for item in items:
        kept.setdefault(item.text.casefold(), item)
    return list(kept.values())


def languages(lines: Sequence[Line]) -> list[Traced]:
    """The languages of a section, with their level where it stands on the same line ("German (native)")."""
    made: list[Traced] = []
    plain = ungrid(stack(lines))
    for line in plain:
        for part in _language_items(_bare(line)):
            if _LEVEL.match(part.text) or find(part.text):
                continue
            words = re.findall(r"\w+", part.text.casefold())
            if (made and not part.text[:1].isupper()) or len(words) > 8:
                continue
            if _proficiency(part.text):
                continue
            made.append(part)
    return _unique(made)


def _proficiency(text: str) -> bool:
    """A level in several words, or its wrapped rest."""
    return bool(
        re.match(
            r"^(?:professional|native|full|limited|working|elementary|conversational|proficiency|fluent|basic)\b",
            text,
            re.IGNORECASE,
        )
    )


def _language_items(row: Traced) -> list[Traced]:
    text = row.text
    if ":" in text and text.split(":")[0].casefold() in {"languages", "sprachen", "langues", "idiomas"}:
        row = row.cut(text.index(":") + 1)
    label = _TONGUES.match(row.text)
    items = _items(row.cut(label.end()) if label else row)
    # "English – fluent", "Deutsch: Muttersprache": the name is the language.
    named = [re.match(r"^([^\W\d_]+(?: [^\W\d_]+)?)\s*(?::|\s[–—-]\s)\s*\S", item.text) for item in items]
    return [item.cut(0, found.end(1)) if found else item for item, found in zip(items, named, strict=True)]


def certifications(lines: Sequence[Line]) -> list[Traced]:
    """The names of certificates: the first text of each entry, without issuer and date."""
    made: list[Traced] = []
    for column in cells(lines):
        for entry in entries(column):
            heads = [piece for piece in entry.of("head") if not URL.match(piece.traced.text)]
            told = [*entry.of("prose"), *entry.of("item")]
            listed = told if told and not entry.dated and len(told) >= len(heads) else []
            one = entry.dated or len({piece.lines[0].size for piece in heads}) > 1
            names = [*(heads[:1] if one and not listed else heads), *listed] if heads or listed else []
            if not listed and len(heads) > 1 and all(_dated_name(piece.traced.text) for piece in heads):
                names = heads  # a list of names, each with its year
            elif one and heads and is_dates(heads[0].traced.text):
                names = heads[1:2]
            made.extend(_named(piece.traced) for piece in names if not _ISSUED.match(piece.traced.text))
    return _unique([name for name in made if name.text])


def _dated_name(text: str) -> bool:
    """Whether a date stands behind words."""
    found = find(text)
    return found is not None and found.start > 3 and not is_dates(text)


def _named(name: Traced) -> Traced:
    """Without date, and without the issuer behind a comma, dash, tab or change of weight on the same line."""
    found_dates = find(name.text)
    if found_dates is not None:
        before, after = name.without(found_dates.start, found_dates.end)
        name = clean(before if before.text else after)
    if runs := styled(name):
        name = runs[0].strip(",;|·–—-") if runs[0].tokens[0].word.bold else name
    for found in re.finditer(r"\t|\s[–—|·]\s|,\s", name.text):
        left, right = name.without(found.start(), found.end())
        if found.group() != ", " or company_score(right.text) > 0:
            return left
    return name
