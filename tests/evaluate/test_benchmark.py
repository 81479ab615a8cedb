"""The quality benchmark says why it measures nothing where its documents are absent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_absent_documents_are_no_failure(root: Path, tmp_path: Path) -> None:
    to = tmp_path / "quality.md"
    done = subprocess.run(
        [sys.executable, root / "benchmarks" / "quality.py", "--scratch", tmp_path / "scratch", "--to", to],
        env={**os.environ, "DOCEXTRACT_CORPORA": str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("skipped: there are no documents in ")
    assert not to.exists()


def test_parts_measured_again_leave_the_other_rows(root: Path) -> None:
    script = """
from docextract.evaluate.score import Figure
from quality import with_rows
from quality_row import Row
before = '''# Title

made with

| part | figure | value | 95 % interval | n | pages | CPU s a page | goal |
| --- | --- | --- | --- | --- | --- | --- | --- |
| ocr | recall | 0.900 | 0.8 to 0.9 | 5 | 5 | - | - |
| ocr | measured no more | 0.900 | 0.8 to 0.9 | 5 | 5 | - | - |
| words | recall | 0.950 | 0.8 to 0.9 | 5 | 5 | - | - |

## Below

| ocr | other | 1 |
'''
def row(what, value):
    return Row(part="ocr", what=what, figure=Figure(value=value, interval=None, n=6), pages=6)
print(with_rows(before, [row("recall", 0.5), row("precision", 0.25)], ["ocr"]))
"""
    environment = {**os.environ, "PYTHONPATH": str(root / "benchmarks")}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    assert lines[:3] == ["# Title", "", "made with"]
    assert lines[3].startswith("Measured again: ocr (at commit ")
    assert lines[7:10] == [
        "| ocr | recall | 0.500 | - | 6 | 6 | - | - |",
        "| words | recall | 0.950 | 0.8 to 0.9 | 5 | 5 | - | - |",
        "| ocr | precision | 0.250 | - | 6 | 6 | - | - |",
    ]
    assert lines[-3] == "| ocr | other | 1 |", "another section's table was changed"
