"""`docextract init [FILE]`: a job file from three answers, given as flags or asked for. Nothing is overwritten."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docextract.cli.final import printable
from docextract.errors import ConfigError, DocextractError, OutputError

_LATER = """
# More options: every one of `docextract run --help`, for instance
# format = "yaml"
# max_cost = 5.0         # USD: no call is made that could pass it
# workers = 2
# strict = true          # unresolved issues make a document partial
"""


def command(values: dict[str, Any]) -> int:
    """Ask what the flags left open, write the file, say what to type next."""
    file = Path(values["file"])
    if file.exists():
        raise _there_already(file)
    if file.suffix not in {".toml", ".json"}:
        raise ConfigError(f"{file}: a job file ends with .toml or .json", hint="docextract init job.toml")
    answers = {
        "inputs": _answer("Where are the documents (a folder, file, glob or URL)?", _folder(), values["input"], _input),
        "schema": _answer(
            "What is wanted of them (auto, a built-in name, my.py, my.json)?", "auto", values["schema"], _schema
        ),
        "model": _answer("Which model (local needs no key)?", _model_here(), values["model"], _model),
    }
    answers["out"] = values["out"]
    _write(file, job_text(answers) if file.suffix == ".toml" else json.dumps(answers, indent=2) + "\n")
    shown = printable(_quoted(file))
    print(f"wrote {printable(str(file))}. Next:")
    print(f"  docextract plan --job {shown}   what it will do and cost; no call is made")
    print(f"  docextract run --job {shown}")
    return 0


def job_text(answers: Mapping[str, str]) -> str:
    """The job file as TOML. Raises ConfigError where an answer cannot be written as UTF-8."""
    comments = {
        "inputs": "files, folders, globs or URLs; paths are taken from where docextract is started",
        "schema": "`docextract schema list` names the built-in ones",
        "model": "`docextract models` lists the known ones; keys come from the environment, never from here",
        "out": "the folder to write to",
    }
    lines = ["# A job of docextract: docextract run --job THIS-FILE. Flags and DOCEXTRACT_* variables beat it.", ""]
    for key, comment in comments.items():
        written = _toml(answers[key])
        lines += [f"# {comment}", f"{key} = [{written}]" if key in {"inputs", "schema"} else f"{key} = {written}", ""]
    return "\n".join(lines) + _LATER


def _toml(text: str) -> str:
    """A basic string: JSON's escapes are TOML's too, but DEL must be escaped, and surrogates cannot be."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ConfigError(f"{text!r} is no UTF-8, so no job file can hold it", hint="pass it as a flag") from error
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _answer(question: str, default: str, given: str | None, check: Callable[[str], None]) -> str:
    """What the flag gave, else what is typed; asked again until it can be used. Raises ConfigError when input ends."""
    if given is not None:
        check(given)
        return given
    while True:
        try:
            answer = input(f"{question} [{printable(default)}] ").strip() or default
        except EOFError:
            print()
            raise ConfigError(
                "the questions were not answered", hint="docextract init --input FOLDER --schema auto --model local"
            ) from None
        try:
            check(answer)
        except DocextractError as error:
            print(f"  {printable(str(error))}\n  {printable(error.hint)}")
        else:
            return answer


def _input(text: str) -> None:
    if "://" not in text and not Path(text).exists() and not glob.glob(text, recursive=True):  # noqa: PTH207 - as typed
        raise ConfigError(f"{text}: no such file or folder", hint="check the path; it is taken from this folder")


def _schema(text: str) -> None:
    from docextract.schema.load import load

    load(text, base=Path.cwd())


def _model(text: str) -> None:
    from docextract.model.profiles import resolve

    if text != "local":
        resolve(text)


def _folder() -> str:
    return next((name for name in ("inbox", "documents", "input") if Path(name).is_dir()), ".")


def _model_here() -> str:
    return "zai/glm-5v-turbo" if os.environ.get("ZAI_API_KEY") else "local"


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise _there_already(file) from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}", hint="pass another FILE") from error


def _there_already(file: Path) -> ConfigError:
    return ConfigError(
        f"{file} is there already and is not overwritten",
        hint=f"run it with `docextract run --job {_quoted(file)}`, or pass another name: docextract init other.toml",
    )


def _quoted(file: Path) -> str:
    import shlex

    return shlex.quote(str(file))
