"""Plain text and Markdown as blocks."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from docextract.pages.blocks import Block, Cell, cell_of, table_block, text_block
from docextract.pages.decode import decode, read_bytes

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(.*)$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_PIPE = re.compile(r"(?<!\\)\|")
_TICK = {"[ ]": "☐", "[x]": "☒", "[X]": "☒"}

_INLINE = (
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\(\s*<?([^)\s>]+)>?(?:\s+[\"'][^)]*)?\)"), r"\1 (\2)"),
    (re.compile(r"\[([^\]]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"<((?:https?|ftp|mailto):[^>\s]+)>"), r"\1"),
    (re.compile(r"<br\s*/?>", re.IGNORECASE), "\n"),
    (re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>"), ""),
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"(\*\*\*|___)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])(.+?)(?<=[^\s_])_(?![\w_])"), r"\1"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~"), r"\1"),
)
LONGEST_INLINE = 10_000
"""Characters of a paragraph whose marks are taken away. The patterns look ahead, so their time grows by the square;
longer ones (a page of print has 3,000) stand as they are."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(`+)(.+?)\1")


def read_text(path: str | Path) -> list[Block]:
    """Lines as they stand, columns kept: paragraphs are parted by empty lines."""
    lines = decode(read_bytes(path)).expandtabs(8).split("\n")
    blocks: list[Block] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            run.append(line.rstrip())
            continue
        block = text_block("code", "\n".join(run)) if run else None
        blocks += [{**block, "kind": "paragraph", "fixed": True}] if block is not None else []
        run = []
    return blocks


def read_markdown(path: str | Path) -> list[Block]:
    """Headings, lists, pipe tables, fenced code and paragraphs (CommonMark's common part, GitHub's tables)."""
    return _Markdown(decode(read_bytes(path)).expandtabs(4).split("\n")).blocks()


class _Markdown:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.found: list[Block] = []
        self.run: list[str] = []
        self.kind, self.level = "paragraph", 0

    def blocks(self) -> list[Block]:
        """All blocks."""
        self._skip_front_matter()
        while self.at < len(self.lines):
            self._line(re.sub(r"^ {0,3}(?:> ?)+", "", self.lines[self.at]))
        self._flush()
        return self.found

    def _skip_front_matter(self) -> None:
        """Front matter is content too (a résumé's data may stand there): kept as code."""
        if self.lines[0].strip() != "---":
            return
        for end in range(1, min(len(self.lines), 400)):
            if self.lines[end].strip() in {"---", "..."}:
                self._add(text_block("code", "\n".join(self.lines[1:end])))
                self.at = end + 1
                return

    def _line(self, line: str) -> None:
        self.at += 1
        heading, fence, item = _HEADING.match(line), _FENCE.match(line), _ITEM.match(line)
        if not line.strip():
            self._flush()
        elif heading:
            self._flush()
            self._add(text_block("heading", inline(heading[2] or ""), len(heading[1])))
        elif fence:
            self._flush()
            self._fenced(fence[1])
        elif self.run and self.kind == "paragraph" and _UNDERLINE.match(line):
            self.kind, self.level = "heading", 1 if line.strip()[0] == "=" else 2
            self._flush()
        elif _RULE.match(line):
            self._flush()
        elif "|" in line and self.at < len(self.lines) and self._is_table(line):
            self._flush()
            self._table(line)
        elif item:
            self._flush()
            marker = "•" if item[2] in "-*+" else item[2]
            text = item[3]
            if text[:3] in _TICK:
                text = f"{_TICK[text[:3]]}{text[3:]}"
            self.kind, self.level = "list", len(item[1]) // 2
            self.run = [f"{marker} {text}"]
        elif not self.run and line.startswith("    "):
            self._indented(line)
        else:
            self.run.append(line.strip() + ("\n" if line.endswith(("  ", "\\")) else ""))

    def _flush(self) -> None:
        if self.run:
            text = "".join(part if part.endswith("\n") else f"{part} " for part in self.run)
            self._add(text_block(self.kind, inline(text.replace("\\\n", "\n")), self.level))
        self.run, self.kind, self.level = [], "paragraph", 0

    def _add(self, block: Block | None) -> None:
        if block is not None:
            self.found.append(block)

    def _fenced(self, fence: str) -> None:
        inside = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                break
            inside.append(line)
        self._add(text_block("code", "\n".join(inside)))

    def _indented(self, line: str) -> None:
        inside = [line[4:]]
        while self.at < len(self.lines) and (self.lines[self.at].startswith("    ") or not self.lines[self.at].strip()):
            inside.append(self.lines[self.at][4:])
            self.at += 1
        self._add(text_block("code", "\n".join(inside).rstrip()))

    def _is_table(self, line: str) -> bool:
        below = re.sub(r"^ {0,3}(?:> ?)+", "", self.lines[self.at])
        return bool(_DELIMITER.match(below)) and ("|" in below or len(_split(line)) == 1)

    def _table(self, line: str) -> None:
        head = _split(line)
        rows: list[list[Cell]] = [[cell_of(inline(text), header=True) for text in head]]
        self.at += 1
        while self.at < len(self.lines):
            row = re.sub(r"^ {0,3}(?:> ?)+", "", self.lines[self.at])
            if not row.strip() or "|" not in row:
                break
            cells = (_split(row) + [""] * len(head))[: len(head)]
            rows.append([cell_of(inline(text)) for text in cells])
            self.at += 1
        self._add(table_block(rows))


def _split(line: str) -> list[str]:
    trimmed = line.strip()
    trimmed = trimmed.removeprefix("|")
    if trimmed.endswith("|") and not trimmed.endswith("\\|"):
        trimmed = trimmed[:-1]
    return [part.strip().replace("\\|", "|") for part in _PIPE.split(trimmed)]


def inline(text: str) -> str:
    """A line of Markdown as it is read: emphasis, code marks and links resolved, addresses of links in brackets."""
    if len(text) > LONGEST_INLINE:
        return text
    pieces: list[str] = []
    end = 0
    for match in _CODE.finditer(text):
        pieces += [_plain(text[end : match.start()]), match[2].strip()]
        end = match.end()
    return "".join([*pieces, _plain(text[end:])])


def _plain(text: str) -> str:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\ue000{len(kept) - 1}\ue001"

    text = _ESCAPE.sub(keep, text)
    for pattern, put in _INLINE:
        text = pattern.sub(put, text)
    text = re.sub(r"(\S+) \((?:mailto:)?\1\)", r"\1", text)  # a link whose text is its address
    return re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match[1])], unescape(text))
