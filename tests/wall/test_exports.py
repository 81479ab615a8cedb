"""What `from docextract import ...` offers is exactly this, and every name is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import docextract
from docextract import types

PUBLIC = [
    "Aliases",
    "Audit",
    "DocextractError",
    "Evidence",
    "Extraction",
    "Job",
    "Merge",
    "aextract",
    "extract",
    "extract_folder",
]


def test_public_names_are_sorted_and_exactly_these() -> None:
    assert docextract.__all__ == PUBLIC
    assert sorted(docextract.__all__) == docextract.__all__


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_is_there_and_says_what_it_is(name: str) -> None:
    assert (getattr(docextract, name).__doc__ or "").strip()
    assert name in dir(docextract)


def test_type_checkers_see_the_same_names(root: Path) -> None:
    tree = ast.parse((root / "docextract/__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {name.name for node in guarded.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert seen == set(PUBLIC)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = docextract.no_such_name


def test_every_noun_is_found_where_it_is_said_to_be(root: Path) -> None:
    tree = ast.parse((root / "docextract/types/__init__.py").read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {name.name for node in guarded.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert seen == set(types.__all__)
    assert all(getattr(types, name) is not None for name in types.__all__)
    with pytest.raises(AttributeError, match="no_such_noun"):
        _ = types.no_such_noun


def test_version_is_a_release_number() -> None:
    assert all(part.isdigit() for part in docextract.__version__.split("."))
