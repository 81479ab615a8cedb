"""The guide's own schema works as it is written there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from reportlab.pdfgen.canvas import Canvas

from docextract.schema.load import builtin_names

LINES = ["ACME", "Invoice no.: B-12", "Due date: 2024-05-02", "Description   Amount", "Total: 12.50"]


@pytest.fixture
def guide(root: Path) -> str:
    return (root / "docs/schemas.md").read_text(encoding="utf-8")


def test_the_schema_of_the_guide_loads_and_extracts(
    guide: str, tmp_path: Path, run_python: Callable[..., CompletedProcess[str]]
) -> None:
    (code,) = re.findall(r"^```python\n(# bill\.py\n.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    (tmp_path / "bill.py").write_text(code, encoding="utf-8")
    (tmp_path / "bills").mkdir()
    canvas = Canvas(str(tmp_path / "bills" / "a.pdf"))
    for row, text in enumerate(LINES):
        canvas.drawString(60, 780 - 24 * row, text)
    canvas.save()
    for command in re.findall(r"^(docextract (?:schema check|run bills|collect out) .*)$", guide, re.MULTILINE)[:3]:
        done = run_python(["-m", *command.split()], tmp_path)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert "B-12" in (tmp_path / "bills.csv").read_text()


def test_every_built_in_schema_is_named(guide: str) -> None:
    assert set(builtin_names()) <= set(re.findall(r"`(\w+)`", guide))
