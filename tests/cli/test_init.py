"""`docextract init`: three answers become a job file that `run` reads; nothing is overwritten."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.cli.init import job_text
from docextract.cli.main import main
from docextract.config.load import checked, from_file
from docextract.errors import ConfigError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZAI_API_KEY", raising=False)
    (tmp_path / "papers").mkdir()
    return tmp_path


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_three_answers_make_a_job(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "papers", "invoice", "openai/gpt-5-mini")
    assert main(["init"]) == 0
    job = checked(from_file(folder / "job.toml"))
    assert (job.inputs, job.schema, job.model, job.out) == (("papers",), ("invoice",), "openai/gpt-5-mini", "out")


def test_empty_answers_take_what_is_offered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "inbox").mkdir()
    answers(monkeypatch, "", "", "")
    assert main(["init"]) == 0
    assert from_file(folder / "job.toml") == {"inputs": ["inbox"], "schema": ["auto"], "model": "local", "out": "out"}


def test_flags_ask_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answers(monkeypatch)
    flags = ["--input", "papers", "--schema", "receipt", "--model", "local", "-o", "done"]
    assert main(["init", "own name.toml", *flags]) == 0
    assert from_file(folder / "own name.toml")["out"] == "done"
    assert "docextract run --job 'own name.toml'" in capsys.readouterr().out


def test_a_wrong_answer_is_asked_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, "paper", "papers", "invoce", "invoice", "gpt", "local")
    assert main(["init"]) == 0
    told = capsys.readouterr().out
    assert "paper: no such file or folder" in told
    assert "did you mean --schema invoice?" in told
    assert "--model gpt: no such provider" in told
    assert from_file(folder / "job.toml")["schema"] == ["invoice"]


@pytest.mark.parametrize("name", ["job.toml", "job.json"])
def test_nothing_is_overwritten(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / name).write_text("mine", encoding="utf-8")
    assert main(["init", name, "--input", "papers", "--schema", "auto", "--model", "local"]) == 2
    assert (folder / name).read_text(encoding="utf-8") == "mine"
    assert f"docextract run --job {name}" in capsys.readouterr().err


def test_json_is_read_too(folder: Path) -> None:
    assert main(["init", "job.json", "--input", "papers", "--schema", "auto", "--model", "local"]) == 0
    assert checked(from_file(folder / "job.json")).inputs == ("papers",)


def test_without_answers_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(monkeypatch, "papers")
    assert main(["init"]) == 2
    assert not (folder / "job.toml").exists()
    assert "docextract init --input" in capsys.readouterr().err


def test_wrong_flags_and_places(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rest = ["--schema", "auto", "--model", "local"]
    assert main(["init", "--input", "nowhere", *rest]) == 2
    assert main(["init", "job.yaml", "--input", "papers", *rest]) == 2
    assert main(["init", "no/such/job.toml", "--input", "papers", *rest]) == 4
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "no/such/job.toml cannot be written: No such file or directory" in told


@given(st.text(min_size=1))
def test_any_text_comes_back_from_the_file_as_it_was(text: str) -> None:
    import tomllib

    values = {"inputs": text, "schema": text, "model": text, "out": text}
    if any("\ud800" <= character <= "\udfff" for character in text):
        with pytest.raises(ConfigError):
            job_text(values)
    else:
        assert tomllib.loads(job_text(values)) == {"inputs": [text], "schema": [text], "model": text, "out": text}
