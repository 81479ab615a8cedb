"""The rooms import downwards only (the layers in pyproject.toml), and every room stands in a layer."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path


def test_rooms_import_downwards_only(root: Path, tmp_path: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--cache-dir", tmp_path], cwd=root, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_a_layer(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    assert contract["exhaustive"] is True
    named = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    there = {
        entry.stem
        for entry in (root / "docextract").iterdir()
        if (entry / "__init__.py").exists() or (entry.suffix == ".py" and not entry.stem.startswith("__"))
    }
    # A room may be named before it is built, never built without being named.
    assert there <= named


def test_rooms_export_nothing_themselves(root: Path) -> None:
    # The top has the public names; `types` is no room of verbs: its nouns are named from one place everywhere.
    silent = sorted(set((root / "docextract").rglob("__init__.py")) - {root / "docextract/types/__init__.py"})
    loud = [
        str(file.relative_to(root))
        for file in silent
        if file.parent.name != "docextract" and "import " in file.read_text(encoding="utf-8")
    ]
    assert loud == []
