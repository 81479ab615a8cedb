"""Text that remembers which words of which page each of its characters came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docextract.types import Word


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A word and the 1-based page it stands on. Compared by identity: equal words are different places."""

    word: Word
    page: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A string and, for each character, the token it was read from (None for joints and blanks).

    Slices, strips and splits keep the trace, so a field cut out of a line by a pattern knows its box.
    """

    text: str
    marks: tuple[Token | None, ...]

    def cut(self, start: int, end: int | None = None) -> Traced:
        """The characters [start, end) without the white space around them."""
        end = len(self.text) if end is None else end
        part = self.text[start:end]
        left = start + len(part) - len(part.lstrip())
        right = max(left, end - (len(part) - len(part.rstrip())))
        return Traced(self.text[left:right], self.marks[left:right])

    def strip(self, characters: str) -> Traced:
        """Without these characters, and white space, at both ends."""
        both = characters + " \t\n"
        start = len(self.text) - len(self.text.lstrip(both))
        return self.cut(start, max(start, len(self.text.rstrip(both))))

    def without(self, start: int, end: int) -> tuple[Traced, Traced]:
        """What stands before and after [start, end)."""
        return self.cut(0, start), self.cut(end)

    def split(self, pattern: str) -> tuple[Traced, ...]:
        """The non-empty parts between the matches of a pattern."""
        parts: list[Traced] = []
        at = 0
        for match in re.finditer(pattern, self.text):
            parts.append(self.cut(at, match.start()))
            at = match.end()
        parts.append(self.cut(at))
        return tuple(part for part in parts if part.text)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words it was read from, in order, each once."""
        return tuple(dict.fromkeys(mark for mark in self.marks if mark is not None))


def headline_size(text: Traced) -> Traced:
    """Without the words at both ends that are set much smaller than the largest: badges and version tags."""
    tokens = text.tokens
    if not tokens:
        return text
    # The largest at either end counts: a badge stands before or after, never around.
    size = max(tokens[0].word.size, tokens[-1].word.size)
    large = {id(token) for token in tokens if token.word.size >= 0.75 * size}
    marks = [at for at, mark in enumerate(text.marks) if mark is not None and id(mark) in large]
    if tokens[0].word.size >= 0.75 * size:
        # What follows the first small word is the badge's neighbour, not the headline's.
        small = next((at for at, mark in enumerate(text.marks) if mark is not None and id(mark) not in large), None)
        marks = [at for at in marks if small is None or at < small]
    return text.cut(marks[0], marks[-1] + 1) if marks else text


def trace(tokens: Sequence[Token], joints: Sequence[str] | None = None) -> Traced:
    """Words in order as one text; `joints[i]` stands between word i and i + 1 (a space where not given)."""
    text: list[str] = []
    marks: list[Token | None] = []
    for index, token in enumerate(tokens):
        if index:
            joint = joints[index - 1] if joints is not None else " "
            text.append(joint)
            marks.extend([None] * len(joint))
        text.append(token.word.text)
        marks.extend([token] * len(token.word.text))
    return Traced("".join(text), tuple(marks))


def join(parts: Iterable[Traced], joint: str = " ") -> Traced:
    """Several texts as one, with a joint between them."""
    text = ""
    marks: tuple[Token | None, ...] = ()
    for part in parts:
        if not part.text:
            continue
        if text:
            text, marks = text + joint, marks + (None,) * len(joint)
        text, marks = text + part.text, marks + part.marks
    return Traced(text, marks)


_ENDINGS = re.compile(
    r"^(?:[a-z]?(?:sion|tion|ment|ing|ling|ning|ting|ring|der|ter|er|ity|ness|able|ible|ance|ence|ture|ship|ism|ist|ic|"
    r"al|ise|ize|ate|ive|ous|our|or|ary|ory|ant|ent|ung|keit|heit|schaft|tät)(?:s|d|ed|es|en|ly|al|ally)?|"
    r"eling|elling|ly|ally|sis|cy|cies|gy|phy|ics|ful|less|ized|ised|ities|lich|isch|lichen|ischen|gen|ten|den|ren|"
    r"ción|ciones|miento|mente|dad|mentos|ado|ada|ados|adas|ment|ments|tion|tions|rithms|ware|nology|nologies)\b"
)


def join_wrapped(parts: Sequence[Traced]) -> Traced:
    """The lines of one wrapped paragraph as one text.

    A soft hyphen at a line's end is dropped. A plain one is dropped where what follows is only the end
    of a word (`submis-` `sions`), and kept in compounds that were broken after it (`cross-` `team`).
    """
    whole = Traced("", ())
    for part in parts:
        if not part.text:
            continue
        soft = re.search(r"\w[\u00ad\u2010]$", whole.text) and part.text[:1].islower()
        plain = re.search(r"[^\W\d_]{2}-$", whole.text) and _ENDINGS.match(part.text)
        if soft or plain:
            whole = Traced(whole.text[:-1] + part.text, whole.marks[:-1] + part.marks)
        elif re.search(r"\w-$", whole.text) and part.text[:1].isalnum():
            whole = Traced(whole.text + part.text, whole.marks + part.marks)
        else:
            whole = join((whole, part))
    return whole
