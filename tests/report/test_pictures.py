"""The pictures of the documentation can be taken again: the report and the review of examples/inbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from PIL import Image

SIZES = {
    "report.png": (1280, 860),
    "document.png": (1280, 860),
    "review.png": (1280, 860),
    "review-narrow.png": (390, 844),
}


@pytest.mark.timeout(600)
def test_the_pictures_are_taken_and_small(
    root: Path,
    run_python: Callable[..., CompletedProcess[str]],
    tmp_path: Path,
    need_tool: Callable[[str], str],
    need_module: Callable[[str], None],
) -> None:
    need_module("playwright")
    need_tool("chromium")
    taken = tmp_path / "pictures"
    taken.mkdir()
    done = run_python([str(root / "docs/pictures/take.py"), str(taken)], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for name, size in SIZES.items():
        for file in (taken / name, root / "docs/pictures" / name):
            assert file.stat().st_size < 150_000
            with Image.open(file) as image:
                assert image.size == size
                assert len(image.convert("RGB").getcolors(1 << 20) or ()) > 16  # something was drawn
