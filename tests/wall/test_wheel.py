"""The wheel is whole: built without network, installed elsewhere, it lists schemas and does the main job."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Runner = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of what is committed for it, so that nothing is left behind in the checkout."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("docextract", "schemas"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, copy)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel"]
    done = subprocess.run(
        [*pip, "--no-index", "--no-build-isolation", "--no-deps", "--wheel-dir", copy / "dist", copy],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (copy / "dist").glob("docextract-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with the wheel's files, which stands before the editable install."""
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_wheel_holds_the_package_and_nothing_else(wheel: Path, root: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"docextract"}
    for schema in (root / "schemas").glob("*.py"):
        assert f"docextract/schemas_builtin/{schema.name}" in names
    parts = (file.relative_to(root) for file in (root / "docextract").rglob("*") if file.is_file())
    kept = {file.as_posix() for file in parts if not any(part.startswith((".", "__pycache__")) for part in file.parts)}
    assert kept - names == set()
    assert "docextract/py.typed" in names


def test_installed_wheel_shows_a_built_in_schema(installed: Path, run_python: Runner, tmp_path: Path) -> None:
    words = ["-m", "docextract", "schema", "show", "resume"]
    done = run_python(words, tmp_path, extra={"PYTHONPATH": str(installed)})
    assert done.returncode == 0, done.stderr
    assert "experience" in json.loads(done.stdout)["properties"]


def test_installed_wheel_does_the_main_job(installed: Path, run_python: Runner, root: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    shutil.copy(root / "examples/inbox/invoice-german.pdf", tmp_path / "inbox")
    where = run_python(
        ["-c", "import docextract; print(docextract.__file__)"], tmp_path, extra={"PYTHONPATH": str(installed)}
    )
    assert where.stdout.startswith(str(installed))
    words = ["run", "inbox", "--schema", "auto", "--model", "local", "--out", "out"]
    done = run_python(["-m", "docextract", *words], tmp_path, extra={"PYTHONPATH": str(installed)})
    assert done.returncode == 0, done.stdout + done.stderr
    data = json.loads((tmp_path / "out/invoice-german.pdf.json").read_text(encoding="utf-8"))
    assert data["number"] == "RE-2024-1093"
