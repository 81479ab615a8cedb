"""What a new user gets wrong, and what is said: the fault by name, what to type next, the promised exit code."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from docextract.cli import colour
from docextract.cli.main import main
from docextract.testing.endpoint import FakeEndpoint

FILES = {
    "broken.py": "from pydantic import BaseModel\nclass A(BaseModel:\n    x: int\n",
    "two.py": "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\nclass B(BaseModel):\n    y: int\n",
    "none.py": "x = 1\n",
    "raises.py": "x = 1 / 0\n",
    "cut.json": '{"type": "object", ',
    "corrupt.toml": "schema = [\n",
    "unknown.toml": 'shema = "invoice"\n',
    "typed.toml": 'retries = "many"\n',
    "low.toml": "retries = -1\n",
    "bill.txt": "Invoice 7\n",
}

WRONG = {
    "runn bill.txt": (2, ["no command 'runn'", "did you mean run?"]),
    "nonsense": (2, ["no command 'nonsense'", "docextract --help"]),
    "run": (2, ["no INPUT", "docextract run FOLDER"]),
    "run bill.txt --shema invoice": (2, ["no option --shema", "did you mean --schema?"]),
    "run bill.txt --qui": (2, ["no option --qui", "did you mean --quiet?"]),
    "run --schema invoice bill.txt --quiet more.txt": (2, ["'more.txt'", "before the options"]),
    "run bill.txt --format xml": (2, ["--format", "'xml'", "json, yaml"]),
    "run bill.txt --schema invoce": (2, ["'invoce'", "did you mean --schema invoice?"]),
    "run bill.txt --schema broken.py": (2, ["broken.py, line 2", "mend the line"]),
    "run bill.txt --schema two.py": (2, ["2 models to choose from: A, B", "--schema two.py:A"]),
    "run bill.txt --schema two.py:C": (2, ["no pydantic model 'C'", "--schema two.py:A"]),
    "run bill.txt --schema none.py": (2, ["no pydantic model", "pydantic.BaseModel"]),
    "run bill.txt --schema raises.py": (2, ["raises.py, line 1", "ZeroDivisionError"]),
    "run bill.txt --schema cut.json": (2, ["cut.json is not JSON", "mend the file"]),
    "run bill.txt --schema nowhere.py": (2, ["no file nowhere.py", "docextract schema list"]),
    "run --job corrupt.toml": (2, ["corrupt.toml cannot be read", "docextract init"]),
    "run --job nowhere.toml": (2, ["nowhere.toml does not exist", "docextract init"]),
    "run --job .": (2, ["job file . cannot be read: Is a directory"]),
    "run --job unknown.toml": (2, ["unknown keys: shema", "did you mean schema?"]),
    "run --job typed.toml": (2, ["retries in typed.toml", "'many'"]),
    "run --job low.toml": (2, ["retries in low.toml", "at least 0"]),
    "run bill.txt --retries many": (2, ["--retries", "'many'"]),
    "run bill.txt --pages 5-2": (2, ["--pages '5-2'", "1-3,7"]),
    "run bill.txt --model zai/glm-5v-turbo": (2, ["ZAI_API_KEY is not set", "export ZAI_API_KEY"]),
    "run bill.txt --model nobody/x": (2, ["no such provider", "PROVIDER/NAME"]),
    "run bill.txt --limit tall=1": (2, ["no limit 'tall'", "file_bytes"]),
    "run bill.txt --model local --schema invoice --context nowhere": (2, ["nowhere cannot be read: No such file"]),
    "run bill.txt --model local --schema invoice --out bill.txt": (4, ["bill.txt cannot be written", "another --out"]),
    "run bill.txt --model local --schema invoice --password-file nowhere": (2, ["nowhere cannot be read"]),
    "run bill.txt --model local --schema invoice --examples nowhere --out deep/er": (2, ["no .json files"]),
    "run bill.txt --model local --ocr glm-ocr": (2, ["ZAI_API_KEY is not set"]),
    "run bill.txt --model local --fallback zai/glm-5v-turbo": (2, ["ZAI_API_KEY is not set"]),
    "worker --journal nowhere.db --schema invoice --out out": (2, ["no journal nowhere.db", "--journal of a run"]),
    "worker --journal sqlite:///a/nowhere.db --schema invoice --out out": (2, ["no journal a/nowhere.db"]),
    "plan nowhere --model local": (2, ["nowhere: no such file or folder", "check the path"]),
    "schema": (2, ["list|show|check", "docextract schema --help"]),
    "schema show nothing": (2, ["'nothing'", "docextract schema list"]),
    "collect nowhere --to a.csv": (2, ["no folder nowhere", "--out folder of a run"]),
    "collect . --to a.csv": (2, ["holds no outputs", "--out folder of a run"]),
    "collect . --to a.doc": (2, ["a.doc", ".csv"]),
    "eval nowhere . --schema invoice": (2, ["no folder nowhere", "docextract eval OUT GOLD"]),
    "report nowhere": (2, ["no folder nowhere", "--out folder of a run"]),
    "report .": (2, ["holds no run", "--out folder of a run"]),
    "review nowhere": (2, ["no folder nowhere", "--out folder of a run"]),
    "openapi diff one.yaml two.yaml": (2, ["cannot read one.yaml"]),
    "completion tcsh": (2, ["'tcsh'", "bash, zsh, fish"]),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("ZAI_API_KEY", "DOCEXTRACT_RETRIES"):
        monkeypatch.delenv(name, raising=False)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def code_of(words: list[str]) -> int:
    """Parsing leaves by SystemExit, commands return."""
    try:
        return main(words)
    except SystemExit as left:
        return int(left.code or 0)


@pytest.mark.parametrize("line", WRONG)
def test_it_is_said_what_is_wrong_and_what_to_type(line: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = WRONG[line]
    before = sorted(folder.rglob("*"))
    assert code_of(line.split()) == code
    said = capsys.readouterr().err
    assert [words for words in told if words not in said] == [], said
    assert said.startswith("docextract: ")
    assert len(said.splitlines()) == 2, "the fault, and what to do"
    assert sorted(folder.rglob("*")) == before, "nothing ran, and nothing is left behind"


def test_a_variable_is_named_as_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCEXTRACT_RETRIES", "many")
    assert main(["run", "bill.txt"]) == 2
    assert "DOCEXTRACT_RETRIES" in capsys.readouterr().err


def test_no_words_say_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr().out
    for command in ("run FOLDER --model local", "init", "plan", "review", "doctor", "--help"):
        assert f"docextract {command}" in said
    assert max(map(len, said.splitlines())) <= 100


def test_an_empty_folder_is_no_riddle(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    assert main(["run", "empty", "--model", "local", "--schema", "invoice"]) == 0
    assert "nothing was found" in capsys.readouterr().out


def test_quiet_is_quiet_and_still_says_what_stopped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "nowhere", "--model", "local", "--schema", "invoice", "--quiet"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "nowhere: no such file or folder" in said.err


def test_a_mistyped_input_leaves_what_an_earlier_run_wrote(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "notes").mkdir()
    (folder / "notes/a.txt").write_text("Invoice 1")
    assert main(["run", "notes", "--model", "local", "--schema", "invoice", "--out", "kept", "--quiet"]) in {0, 1}
    before = (folder / "kept/run.json").read_bytes()
    assert main(["run", "ntoes", "--model", "local", "--schema", "invoice", "--out", "kept", "--quiet"]) == 2
    assert (folder / "kept/run.json").read_bytes() == before
    assert main(["run", "ntoes", "--model", "local", "--schema", "invoice", "--out", "fresh", "--quiet"]) == 2
    assert not (folder / "fresh").exists()
    assert "ntoes: no such file or folder" in capsys.readouterr().err


def test_output_of_an_old_locale_shows_every_name(
    folder: Path, run_python: Callable[..., CompletedProcess[str]]
) -> None:
    done = run_python(["-m", "docextract", "schema", "list"], folder, extra={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert "r\\xe9sum\\xe9" in done.stdout


class TestDoctor:
    def found(self, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, dict[str, object]]:
        main(["doctor", "--json", *words])
        return {each["name"]: each for each in json.loads(capsys.readouterr().out)}

    def test_what_is_missing_has_the_command_that_mends_it(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PATH", str(folder))
        found = self.found(capsys)
        assert found["soffice"] | {"detail": ""} == {
            "name": "soffice",
            "ok": False,
            "detail": "",
            "mend": "apt-get install libreoffice",
            "group": "tools",
        }
        assert all(each["mend"] for each in found.values() if not each["ok"])

    def test_a_key_is_set_or_not_and_never_shown(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("ZAI_API_KEY", raising=False)
        assert self.found(capsys)["ZAI_API_KEY"]["ok"] is False
        monkeypatch.setenv("ZAI_API_KEY", "secret-of-mine")
        found = self.found(capsys)
        assert found["ZAI_API_KEY"]["ok"] is True
        assert "secret-of-mine" not in str(found)

    def test_an_endpoint_takes_the_key_or_refuses_it_or_is_not_there(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with FakeEndpoint("zai") as endpoint:
            words = ["doctor", "--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url]
            monkeypatch.setenv("ZAI_API_KEY", endpoint.key)
            assert main(words) == 0
            monkeypatch.setenv("ZAI_API_KEY", "another-key-of-mine")
            capsys.readouterr()
            assert main(words) == 1
            said = capsys.readouterr().out
            assert "401" in said
            assert "another-key-of-mine" not in said
        assert main(words) == 1
        said = capsys.readouterr().out
        assert "does not answer" in said
        assert "start the server, or check --base-url" in said

    def test_colour_is_for_terminals(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")
        assert colour.coloured("ok", "green") == "ok"
        monkeypatch.setattr("sys.stdout", Terminal())
        assert colour.coloured("ok", "green") == "\033[32mok\033[0m"
        monkeypatch.setenv("NO_COLOR", "1")
        assert colour.coloured("ok", "green") == "ok"
        monkeypatch.delenv("NO_COLOR")
        monkeypatch.setenv("TERM", "dumb")
        assert colour.coloured("ok", "green") == "ok"
