"""Sections that are only a label beside their content: "Languages: English, German" among the skills."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docextract.local.resume_head import EMAIL, PHONE
from docextract.local.resume_words import is_language
from docextract.local.sections_headings import Section, fold, known
from docextract.local.sections_lines import Line, Segment
from docextract.local.sections_split import Part

_CODED = frozenset(
    ["python", "java", "javascript", "typescript", "kotlin", "swift", "ruby", "rust", "php", "perl", "scala", "sql",
     "matlab", "bash", "html", "css", "haskell", "elixir", "fortran", "cobol", "golang", "dart", "lua", "clojure"]
)  # fmt: skip
_TOLD = 8  # words of a line that is no address any more
_MOVED = frozenset({"languages", "certifications", "skills", "profiles"})


def labelled(parts: Sequence[Part]) -> list[Part]:
    """The parts, with labelled rows of skill and unnamed sections put into parts of their own.

    "Languages" is a section only where human languages follow: "Languages: Python, Rust" stays a skill.
    """
    made: list[Part] = []
    for part in parts:
        if part.section == "summary" and _reaches(part):
            part.section = "contact"  # `About` over an address, a phone and a mail
        if part.section == "languages" and _are_coded(part):
            part.section = "skills"
        if part.section not in {"skills", "other", "unnamed", "certifications"}:
            made.append(part)
            continue
        current = Part(section=part.section, left=part.left, right=part.right)
        made.append(current)
        edge: float | None = None
        for line in part.lines:
            found = _label(line)
            if found is not None and not (found[0] == "skills" and part.section in {"other", "unnamed"}):
                section, rest = found
                current = Part(section=section, left=part.left, right=part.right, lines=[rest])
                edge = rest.x0
                made.append(current)
            elif edge is not None and line.x0 < edge - 0.5 * line.size:
                current, edge = Part(section=part.section, left=part.left, right=part.right, lines=[line]), None
                made.append(current)
            else:
                current.lines.append(line)
    return [part for part in made if part.lines or part.section == "head"]


def _reaches(part: Part) -> bool:
    """Whether a part tells how to reach someone and nothing else."""
    texts = [line.text for line in part.lines]
    long = any(len(text.split()) > _TOLD for text in texts)
    return not long and any(EMAIL.search(text) or PHONE.search(text) for text in texts)


def _are_coded(part: Part) -> bool:
    """Whether a list of languages has none that people speak: Kotlin, Java, SQL."""
    words = [word for line in part.lines for word in re.findall(r"[^\W\d_]{2,}", line.text)]
    return bool(words) and not any(is_language(word) for word in words) and any(fold(w) in _CODED for w in words)


def _label(line: Line) -> tuple[Section, Line] | None:
    """The section a line's label names, and the line without it."""
    first = line.first
    colon = next((at for at, token in enumerate(first.tokens) if token.word.text.endswith(":")), None)
    if colon is not None and colon + 1 < len(first.tokens):
        label = " ".join(token.word.text for token in first.tokens[: colon + 1])
        tokens = first.tokens[colon + 1 :]
        cut = replace(first, tokens=tokens, x0=tokens[0].word.x0)
        rest: tuple[Segment, ...] = (cut, *line.segments[1:])
    elif len(line.segments) > 1:
        label, rest = first.traced.text, line.segments[1:]
    else:
        return None
    section = known(label.rstrip(":"))
    if section is None or section not in _MOVED:
        return None
    if section == "languages" and not is_language(rest[0].traced.text):
        return None
    if section == "skills" and colon is not None and not re.match(r"^skills:?$", label, re.IGNORECASE):
        return None
    return section, replace(line, segments=rest)
