"""Writes docs/reference.md from the code: `python docs/make_reference.py`. A test holds the page against it."""

from __future__ import annotations

import argparse
import dataclasses
import re
from pathlib import Path
from typing import get_args

from docextract import errors
from docextract.cli.arguments import parser
from docextract.cli.completion import commands_of
from docextract.cli.words import actions_of, sub_commands
from docextract.config.job import Job
from docextract.config.load import PREFIX
from docextract.model.profiles import known
from docextract.output import sidecar
from docextract.schema.load import builtin_names, load
from docextract.session import events
from docextract.types import (
    Attempt,
    Conflict,
    DocumentResult,
    Evidence,
    Fault,
    FilePart,
    FirstPass,
    Issue,
    PageEntry,
    SchemaName,
    SourceFile,
    Unit,
    Usage,
)
from docextract.types.plain import DocumentState, Kind, PageState, Status

HERE = Path(__file__).parent
_NOUNS = {
    "pages": PageEntry,
    "evidence": Evidence,
    "conflicts": Conflict,
    "issues": Issue,
    "attempts": Attempt,
    "usage": Usage,
}
_NOUN_WORDS = {
    "source": "the input; `part` with --split, `files` with --group",
    "schema": "which one; `why` it was picked, for `auto`",
    "model": "provider/name, or local",
    "state": "of the document, see below",
    "error": "of a failed document, else null",
    "first_pass": "only with --first-pass: whether the embedded engine's answer was kept",
}
_LAYERS = (
    "Flags beat variables, variables beat the job file (`--job FILE`, TOML or JSON, keys with `_` or `-`). "
    "Repeatable options are lists in a job file and separated by `:` in a variable. A job file may also hold "
    '`inputs` and facts about models, `[models."provider/name"]`.'
)
_EXITS = {
    errors.EXIT_OK: "every document complete",
    errors.EXIT_PARTIAL: "some document partial or failed",
    errors.EXIT_USAGE: "usage or configuration",
    errors.EXIT_ACCOUNT: "account: key, quota, cost ceiling",
    errors.EXIT_OUTPUT: "output: disk full, not writable",
    errors.EXIT_INTERRUPTED: "interrupted",
}


def page() -> str:
    """The whole page."""
    parts = [_head(), _commands(), _environment(), _exits(), _codes(), _events(), _sidecar(), _schemas()]
    return "\n\n".join(parts) + "\n"


def _head() -> str:
    return (
        "# Reference\n\nWritten by `docs/make_reference.py` from the code; a test holds it against the code. "
        "Guides: [guides.md](guides.md)."
    )


def _commands() -> str:
    lines = ["## Commands"]
    job_options = {each.name for each in dataclasses.fields(Job) if each.metadata}
    for name, command in commands_of(parser()):
        if not name or sub_commands(command):
            continue
        rows = []
        for action in actions_of(command):
            if action.dest == "help" or (name == "plan" and action.dest in job_options):
                continue
            rows.append(_row(*_action(action)))
        lines += ["", f"### docextract {name}", "", _help(name), ""]
        if name == "plan":
            lines += ["All options of `run`, and:", ""]
        lines += [_row("word", "means"), "|---|---|", *rows] if rows else ["Takes no options."]
    return "\n".join(lines)


def _help(name: str) -> str:
    """What the command's list of sub-commands says of it."""
    above = parser()
    *before, last = name.split()
    for word in before:
        above = sub_commands(above)[word]
    for action in above._actions:  # noqa: SLF001 - argparse shows its parts nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for choice in action._choices_actions:  # noqa: SLF001 - as above
                if choice.dest == last:
                    return f"{(choice.help or '').capitalize()[:1]}{(choice.help or '')[1:]}."
    raise LookupError(name)


def _action(action: argparse.Action) -> tuple[str, str]:
    value = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or "")
    if not action.option_strings:
        return f"`{value}`", action.help or ""
    flags = ", ".join(action.option_strings) + (f" {value}" if action.nargs != 0 and value else "")
    return f"`{flags}`", (action.help or "") + (" (required)" if action.required else "")


def _environment() -> str:
    rows = [
        _row(f"`{PREFIX}{each.name.upper()}`", f"`{each.name}`", f"`{_plain(each.default)}`")
        for each in dataclasses.fields(Job)
        if each.metadata
    ]
    variables = {variable: profile.provider for profile in known() for variable in profile.key_env}
    keys = [_row(f"`{variable}`", f"{provider}/...") for variable, provider in variables.items()]
    return "\n".join(
        [
            "## Variables and job files",
            "",
            _LAYERS,
            "",
            _row("variable", "key in a job file", "default"),
            "|---|---|---|",
            *rows,
            "",
            _row("key", "for"),
            "|---|---|",
            *keys,
            "",
            "`NO_COLOR` switches colour off; a pipe has none.",
        ]
    )


def _plain(default: object) -> str:
    if isinstance(default, tuple):
        return ", ".join(map(str, default)) or "none"
    return "none" if default is None else "off" if default is False else str(default)


def _exits() -> str:
    rows = [_row(str(code), text) for code, text in _EXITS.items()]
    return "\n".join(["## Exit codes", "", _row("code", "means"), "|---|---|", *rows])


def _codes() -> str:
    rows = [_row(f"`{code}`", hint) for code, hint in errors.CODES.items()]
    told = "In `error.code` of a sidecar, as the reason of a page, and in `run.json`."
    return "\n".join(["## Error codes", "", told, "", _row("code", "what to do"), "|---|---|", *rows])


def _events() -> str:
    """The table in the docstring of session/events.py: a name, then its fields, at four spaces."""
    found = re.findall(r"^    (\w+) {2,}(.+)$", events.__doc__ or "", re.MULTILINE)
    rows = [_row(f"`{name}`", fields) for name, fields in found]
    told = "`--json-events` prints one JSON object a line: `event` and these fields. More in [resume.md](resume.md)."
    return "\n".join(["## Events", "", told, "", _row("event", "fields"), "|---|---|", *rows])


def _sidecar() -> str:
    """The keys are those that `meta` makes of an account with one of everything."""
    words = _NOUN_WORDS | {"version": str(sidecar.VERSION)}
    lines = ["## The sidecar", "", "`NAME.meta.json`, written for failed documents too.", ""]
    lines += [_row("key", "holds", "fields"), "|---|---|---|"]
    for key, value in sidecar.meta(_account()).items():
        inner = value[0] if isinstance(value, list) else value
        told = words[key] if key in words else _first_line(_NOUNS[key].__doc__)
        lines.append(_row(f"`{key}`", told, ", ".join(inner) if isinstance(inner, dict) else ""))
    states = {"document": DocumentState, "page": PageState, "evidence": Status, "kind": Kind}
    lines += ["", _row("of a", "one of"), "|---|---|"]
    lines += [_row(name, ", ".join(f"`{value}`" for value in get_args(kind))) for name, kind in states.items()]
    return "\n".join(lines)


def _account() -> DocumentResult:
    """A failed account of a part of two files: the only kind that has every key."""
    files = tuple(SourceFile(path=Path(name), name=name, kind="pdf", bytes=0) for name in ("a/1.pdf", "a/2.pdf"))
    part = FilePart(first=1, last=1, number=1, of=2, why="")
    return DocumentResult(
        unit=Unit(name="a", sources=files, part=part),
        digest="",
        kind="pdf",
        page_total=1,
        schema=SchemaName(name="", sha256=""),
        model="",
        state="failed",
        error=Fault(code="corrupt", message="", hint=""),
        pages=(PageEntry(page=1, state="failed"),),
        evidence=(Evidence(path="", status="absent", confidence=0.0),),
        conflicts=(Conflict(path="", kept=None, other=()),),
        issues=(Issue(path="", code="", message=""),),
        attempts=(Attempt(window=0, n=0, outcome=""),),
        first_pass=FirstPass(kept=False, why=""),
    )


def _schemas() -> str:
    lines = ["## Built-in schemas", "", _row("name", "for", "outermost fields"), "|---|---|---|"]
    for name in builtin_names():
        for target in load(name):
            schema = target.json_schema
            lines.append(
                _row(f"`{name}`", _first_line(schema.get("description")), ", ".join(schema.get("properties", {})))
            )
    return "\n".join(lines)


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n")[0]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    (HERE / "reference.md").write_text(page(), encoding="utf-8")
