from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from docextract.pages.scratch import PREFIX, make_scratch, remove_scratch


def test_folders_of_dead_pools_are_removed_and_those_of_living_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living, lock = make_scratch()
    dead, young, foreign = tmp_path / f"{PREFIX}dead", tmp_path / f"{PREFIX}young", tmp_path / "other"
    for folder in (dead, young, foreign):
        folder.mkdir()
        (folder / "lock").touch()
        (folder / "page.pdf").touch()
    for folder in (living, dead, foreign):
        os.utime(folder, (0, 0))
    another, other_lock = make_scratch()
    assert sorted(tmp_path.iterdir()) == sorted([living, young, foreign, another])
    for folder, held in ((living, lock), (another, other_lock)):
        remove_scratch(folder, held)
    assert sorted(tmp_path.iterdir()) == sorted([young, foreign])
