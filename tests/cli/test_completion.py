"""The completion scripts, asked as the shells themselves ask them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from docextract.cli.arguments import parser
from docextract.cli.completion import bash, commands_of, fish, zsh
from docextract.cli.words import options_of

ASK_BASH = 'source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _docextract; printf "%s\\n" "${COMPREPLY[@]}"'
# compadd and _files are what a completion gives its words to: here they print them.
ASK_ZSH = """
compdef() { : }
compadd() { print -l -- ${(M)found:#$PREFIX*} }
_files() { print -l -- $PREFIX*(N) }
source ./script
words=("$@"); CURRENT=$#; PREFIX=${@[-1]}; _docextract
"""

CASES = [
    (["ru"], {"run"}, {"review"}),
    (["run", "--fo"], {"--format"}, {"--group"}),
    (["run", "--format", ""], {"json", "yaml"}, {"bill.pdf", "--format"}),
    (["run", "bi"], {"bill.pdf"}, {"bank_statement"}),
    (["run", "bill.pdf", "--schema", "in"], {"invoice"}, {"--only"}),
    (["schema", ""], {"list", "show", "check"}, {"bill.pdf", "run"}),
    (["completion", ""], {"bash", "zsh", "fish"}, {"bill.pdf", "run"}),
    (["openapi", "d"], {"diff"}, {"doctor"}),
]


def asked(command: list[str], cwd: Path) -> set[str]:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    return {line.split("\t")[0] for line in done.stdout.splitlines()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bill.pdf").touch()
    return tmp_path


def test_bash_completes(folder: Path, need_tool: Callable[[str], str]) -> None:
    (folder / "script").write_text(bash(parser()), encoding="utf-8")
    for words, there, not_there in CASES:
        found = asked([need_tool("bash"), "-c", ASK_BASH, "bash", "docextract", *words], folder)
        assert there <= found, words
        assert not found & not_there, words


def test_zsh_completes(folder: Path, need_tool: Callable[[str], str]) -> None:
    (folder / "script").write_text(zsh(parser()), encoding="utf-8")
    for words, there, not_there in CASES:
        found = asked([need_tool("zsh"), "-f", "-c", ASK_ZSH, "zsh", "docextract", *words], folder)
        assert there <= found, words
        assert not found & not_there, words


def test_fish_completes(folder: Path, need_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(folder))
    (folder / "script").write_text(fish(parser()), encoding="utf-8")
    for words, there, not_there in CASES:
        line = f"source ./script; complete -C '{' '.join(['docextract', *words])}'"
        found = asked([need_tool("fish"), "--no-config", "-c", line], folder)
        assert there <= found, words
        assert not found & not_there, words


@pytest.mark.parametrize("script", [bash, zsh])
def test_every_option_of_every_command_is_offered(script: Callable[..., str]) -> None:
    lines = script(parser()).splitlines()
    for name, command in commands_of(parser()):
        (line,) = [each for each in lines if each.strip().startswith(f'"{name}")') and "--help" in each]
        assert [flag for flag in options_of(command) if flag not in line] == []
