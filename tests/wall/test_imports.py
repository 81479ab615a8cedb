"""Starting is quick because nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

HEAVY = {
    "PIL",
    "anyio",
    "cv2",
    "docx",
    "httpx",
    "jsonschema",
    "lxml",
    "numpy",
    "onnxruntime",
    "openapi_spec_validator",
    "pdf2image",
    "pydantic",
    "pypdf",
    "pypdfium2",
    "msoffcrypto",
    "rapidfuzz",
    "rapidocr",
    "rich",
    "yaml",
}

PROBE = """
import atexit, json, sys
atexit.register(lambda: print("MODULES", json.dumps(sorted(sys.modules))))
sys.argv = ["docextract", *sys.argv[1:]]
"""

CALL = PROBE + "from docextract.__main__ import main\nsys.exit(main())\n"


def modules(done: CompletedProcess[str]) -> set[str]:
    line = next(line for line in done.stdout.splitlines() if line.startswith("MODULES"))
    return set(json.loads(line.removeprefix("MODULES")))


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"], ["schema", "--help"]])
def test_asking_for_help_imports_nothing_heavy(
    words: list[str], run_python: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    done = run_python(["-c", CALL, *words], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "docextract" in done.stdout
    assert modules(done) & HEAVY == set()
    assert {name for name in modules(done) if name.startswith("docextract.types.")} == {"docextract.types.plain"}


def test_importing_the_package_imports_next_to_nothing(
    run_python: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    done = run_python(["-c", PROBE + "import docextract"], tmp_path)
    assert done.returncode == 0, done.stderr
    found = modules(done)
    assert found & HEAVY == set()
    assert len([name for name in found if name.split(".")[0] == "docextract"]) < 25
    assert "asyncio" not in found


def test_the_probe_sees_what_is_imported(run_python: Callable[..., CompletedProcess[str]], tmp_path: Path) -> None:
    done = run_python(["-c", PROBE + "import pydantic"], tmp_path)
    assert "pydantic" in modules(done)
