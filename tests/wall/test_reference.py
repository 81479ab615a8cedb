"""docs/reference.md is what the code says today, and the guides lead where they say."""

from __future__ import annotations

import dataclasses
import re
import runpy
import shlex
from pathlib import Path
from typing import Any

import pytest

from docextract import errors
from docextract.cli.arguments import parser
from docextract.config.job import Job

PAGES = ("guides.md", "reference.md")


@pytest.fixture(scope="module")
def script(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "docs/make_reference.py"))


def test_it_is_up_to_date(script: dict[str, Any], root: Path) -> None:
    written = (root / "docs/reference.md").read_text(encoding="utf-8")
    assert written == script["page"](), "run `python docs/make_reference.py`"


def test_it_leaves_nothing_out(script: dict[str, Any]) -> None:
    page = script["page"]()
    flags = ["--" + each.name.replace("_", "-") for each in dataclasses.fields(Job) if each.metadata]
    assert [flag for flag in flags if not re.search(rf"{flag}[ `]", page)] == []
    assert [code for code in errors.CODES if f"| `{code}` |" not in page] == []
    exits = {getattr(errors, name) for name in dir(errors) if name.startswith("EXIT_")}
    assert exits == set(script["_EXITS"])
    events = page.partition("## Events")[2].partition("## The sidecar")[0]
    assert len(re.findall(r"^\| `\w+` \|", events, re.MULTILINE)) >= 11


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str, root: Path) -> None:
    text = (root / "docs" / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)\)", text)
    assert targets
    assert [target for target in targets if not (root / "docs" / target).exists()] == []


def test_commands_of_the_guides_are_understood(root: Path) -> None:
    text = (root / "docs/guides.md").read_text(encoding="utf-8")
    lines = [shlex.split(line, comments=True) for line in text.splitlines() if line.startswith("docextract ")]
    assert len(lines) > 12
    for words in lines:
        parser().parse_args(words[1 : words.index(">") if ">" in words else None])
