"""What the README says is so: its commands are the promised ones and its Python runs.

The first command is run, word for word as it stands there, by tests/examples/test_first_run.py.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Runner = Callable[..., CompletedProcess[str]]

FIRST = (
    'pip install -e ".[local]" && docextract run examples/inbox --schema auto --model local --out out'  # the main job
)
TESTS = 'pip install -e ".[local,dev]" && pytest'


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_two_commands_are_the_promised_ones(readme: str) -> None:
    assert blocks(readme, "sh") == [f"{FIRST}\n", f"{TESTS}\n"]


def test_fits_on_a_screen_and_a_half(readme: str) -> None:
    assert len(readme.splitlines()) <= 100


def test_python_runs(readme: str, run_python: Runner, root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "examples/inbox", tmp_path / "examples/inbox")
    (block,) = blocks(readme, "python")
    done = run_python(["-W", "error", "-c", block], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "complete" in done.stdout
    assert "HF-2024-0187" in done.stdout


def test_json_is_a_sidecar_cut_short(readme: str) -> None:
    (block,) = blocks(readme, "json")
    shown = json.loads(block)
    assert set(shown) <= {"version", "source", "schema", "model", "state", "error", "pages", "evidence", "issues"}
    for item in shown["evidence"]:
        assert set(item) <= {"path", "page", "box", "boxes", "span", "quote", "status", "confidence"}


def test_links_lead_somewhere(readme: str, root: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", readme)
    assert targets
    assert [target for target in targets if not (root / target).exists()] == []


def test_built_in_schemas_are_all_named(readme: str, root: Path) -> None:
    for file in (root / "schemas").glob("*.py"):
        assert f"`{file.stem}`" in readme


def test_ci_runs_the_readmes_test_command(root: Path) -> None:
    script = (root / ".ci/run").read_text(encoding="utf-8")
    assert re.search(r'pip" install .*-e "\.\[[a-z,]*local[a-z,]*dev', script)
    assert re.search(r"^pytest\b", script, re.MULTILINE)
