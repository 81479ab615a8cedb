"""What docs/endpoints.md shows is so."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from docextract.cli.arguments import parser
from docextract.model.profiles import resolve


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs/endpoints.md").read_text(encoding="utf-8")


def test_its_python_runs(page: str, run_python: Callable[..., CompletedProcess[str]], tmp_path: Path) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    done = run_python(["-W", "error", "-c", block], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "complete after" in done.stdout


def test_its_commands_are_understood_and_its_models_are_known(page: str) -> None:
    lines = [line.partition("&& ")[2] or line for line in page.splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line.startswith("docextract ")]
    assert len(commands) > 8
    for words in commands:
        values = vars(parser().parse_args(words[1:]))
        if values.get("model"):
            assert resolve(values["model"], base_url=values.get("base_url")).base_url
