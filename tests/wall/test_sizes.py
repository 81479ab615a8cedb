"""Files, functions and signatures stay small enough to be read in one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

FILE_LINES, FUNCTION_LINES, PARAMETERS = 400, 60, 7

EXCEPTIONS: dict[str, str] = {}
"""`path` or `path::function` to the reason why it may be larger. A reason that is no longer needed fails too."""


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the signature to the end, the docstring not counted: contracts may be long."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    spec = node.args
    named = [each.arg for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    return len([name for name in named if name not in {"self", "cls"}])


def too_large(name: str, source: str) -> Iterator[tuple[str, str]]:
    """(`path` or `path::function`, what is too large) for one file."""
    lines = source.count("\n")
    if lines > FILE_LINES:
        yield name, f"{lines} lines in the file"
    for node in functions(ast.parse(source)):
        if length(node) > FUNCTION_LINES:
            yield f"{name}::{node.name}", f"{length(node)} lines"
        if parameters(node) > PARAMETERS:
            yield f"{name}::{node.name}", f"{parameters(node)} parameters"


def test_everything_is_small(root: Path) -> None:
    found = {
        where: what
        for folder in ("docextract", "schemas", "examples", "tests", "benchmarks")
        for file in sorted((root / folder).rglob("*.py"))
        for where, what in too_large(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
    }
    assert {where: what for where, what in found.items() if where not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) <= set(found), "an exception that is no longer needed"


def test_what_is_too_large_is_seen() -> None:
    body = "\n".join("    x = 1" for _ in range(61))
    source = f"def f(a, b, c, d, e, f, g, h):\n{body}\n" + "\n" * 400
    assert [what for _, what in too_large("m.py", source)] == ["462 lines in the file", "62 lines", "8 parameters"]
    assert list(too_large("m.py", f"def f(self, a):\n    '''{'x' + chr(10) * 80}'''\n    return a\n")) == []
