"""No file imports itself by way of others, not even inside a function: what flows, flows one way."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path


def imported(name: str, source: str, modules: set[str]) -> set[str]:
    """The modules out of `modules` that one of them imports anywhere in its text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{each.name}" for each in node.names}
            found |= inner & modules or {node.module}
    return (found & modules) - {name}


def graph(root: Path) -> dict[str, set[str]]:
    files = {
        ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
        for file in (root / "docextract").rglob("*.py")
    }
    return {name: imported(name, file.read_text(encoding="utf-8"), set(files)) for name, file in files.items()}


def cycle(edges: Mapping[str, set[str]]) -> list[str]:
    """One way round, or nothing."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def test_no_file_imports_itself_by_way_of_others(root: Path) -> None:
    edges = graph(root)
    assert len(edges) > 200
    assert cycle(edges) == []


def test_a_way_round_is_seen() -> None:
    modules = {"m.a", "m.b", "m.c"}
    late = "def f():\n    from m.c import g\n"
    sources = {"m.a": "from m import b\nimport os\n", "m.b": late, "m.c": "from m.a import h\n"}
    edges = {name: imported(name, source, modules) for name, source in sources.items()}
    assert edges == {"m.a": {"m.b"}, "m.b": {"m.c"}, "m.c": {"m.a"}}
    assert set(cycle(edges)) == modules
    assert cycle(edges | {"m.c": set()}) == []
