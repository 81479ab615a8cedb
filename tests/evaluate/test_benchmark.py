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
