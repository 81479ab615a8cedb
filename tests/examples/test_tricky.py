"""Files that cannot be used end with a named cause and what to do; the good ones between them are extracted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import CODES

TRICKY: dict[str, str | None] = json.loads(
    (Path(__file__).parents[2] / "examples/expected.json").read_text(encoding="utf-8")
)["tricky"]


def test_exits_1_without_a_traceback(tricky_run: Any) -> None:
    assert tricky_run.done.returncode == 1, tricky_run.done.stdout + tricky_run.done.stderr
    assert "Traceback" not in tricky_run.done.stdout + tricky_run.done.stderr


def test_counts_add_up_to_the_inputs(tricky_run: Any) -> None:
    documents = tricky_run.run()["documents"]
    failed = sum(code is not None for code in TRICKY.values())
    assert documents == {"complete": len(TRICKY) - failed, "partial": 0, "failed": failed, "pending": 0}


@pytest.mark.parametrize("name", sorted(TRICKY))
def test_each_file_ends_as_it_must(tricky_run: Any, name: str) -> None:
    meta, code = tricky_run.meta(name), TRICKY[name]
    if code is None:
        assert (meta["state"], meta["error"]) == ("complete", None)
        assert tricky_run.data(name)["iban"]
        return
    assert (meta["state"], meta["error"]["code"]) == ("failed", code)
    assert meta["error"]["message"]
    assert meta["error"]["hint"]
    assert not (tricky_run.out / f"{name}.json").exists()


@pytest.mark.parametrize("name", sorted(name for name, code in TRICKY.items() if code))
def test_each_cause_is_shown_with_what_to_do(tricky_run: Any, name: str) -> None:
    code = TRICKY[name]
    assert code is not None
    shown = tricky_run.done.stdout + tricky_run.done.stderr
    assert name in shown
    assert code in shown
    assert CODES[code] in shown or tricky_run.meta(name)["error"]["hint"] in shown


def test_the_locked_file_opens_with_its_password(examples: Path, run_python: Any, tmp_path: Path) -> None:
    (tmp_path / "passwords").write_text("wrong\nopen sesame\n", encoding="utf-8")
    words = ["run", str(examples / "tricky/locked.pdf"), "--schema", "invoice", "--model", "local"]
    done = run_python(["-m", "docextract", *words, "--password-file", "passwords", "--out", "out"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((tmp_path / "out/locked.pdf.json").read_text(encoding="utf-8"))["number"] == "L-1"
