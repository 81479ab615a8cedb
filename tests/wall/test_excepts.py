"""Bare and broad excepts stand only at the named boundaries, and each of them says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

MARK = re.compile(r"#.*\b(?:boundary:|BLE001)[ -]+\S")
BROAD = {"Exception", "BaseException"}

BOUNDARIES = {
    "docextract/api.py": "what a thread raises is raised again on the caller's",
    "docextract/journal/thread.py": "what the writing thread meets belongs to whoever waits for the work",
    "docextract/pages/": "a child process turns whatever a document provokes into a reply",
    "docextract/remote/": "each library behind fsspec has errors of its own",
    "docextract/read/": "the reader's part of a child process",
    "docextract/schema/": "a user's own schema file may raise anything",
    "docextract/run/worker.py": "one document's surprise must not end the run",
    "docextract/model/": "a plugin's client may raise anything",
    "docextract/cli/": "the top of a command",
}
"""Where a broad except may stand at all; in these too only with a line that says why."""


def broad_excepts(source: str) -> Iterator[tuple[int, bool]]:
    """(line, says why) of every except that catches everything and does not raise it again."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {each.id if isinstance(each, ast.Name) else None if each else "Exception" for each in caught}
        if not names & BROAD:
            continue
        last = node.body[-1]
        if isinstance(last, ast.Raise) and last.exc is None:
            continue  # cleans up and passes on what it caught
        near = lines[max(0, node.lineno - 2) : node.body[0].lineno]
        yield node.lineno, any(MARK.search(line) for line in near)


def test_broad_excepts_stand_at_named_boundaries(root: Path) -> None:
    faults = []
    for folder in ("docextract", "schemas", "examples"):
        for file in sorted((root / folder).rglob("*.py")):
            name = file.relative_to(root).as_posix()
            for line, explained in broad_excepts(file.read_text(encoding="utf-8")):
                if not explained:
                    faults.append(f"{name}:{line} has no reason beside it")
                if not name.startswith(tuple(BOUNDARIES)):
                    faults.append(f"{name}:{line} is no named boundary")
    assert faults == []


def test_what_is_looked_for_is_seen() -> None:
    plain = "try:\n    f()\nexcept Exception:\n    pass\n"
    told = "try:\n    f()\nexcept Exception:  # noqa: BLE001 - boundary: a plugin\n    pass\n"
    above = "try:\n    f()\n# boundary: a plugin\nexcept (ValueError, BaseException):\n    pass\n"
    bare = "try:\n    f()\nexcept:\n    pass\n"
    fine = "try:\n    f()\nexcept ValueError:\n    pass\ntry:\n    f()\nexcept Exception:\n    g()\n    raise\n"
    assert list(broad_excepts(plain)) == [(3, False)]
    assert list(broad_excepts(told)) == [(3, True)]
    assert list(broad_excepts(above)) == [(4, True)]
    assert list(broad_excepts(bare)) == [(3, False)]
    assert list(broad_excepts(fine)) == []
