"""The command line's words: sub-commands, and the options of `run` and `plan` read off the fields of `Job`."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any, get_args, get_origin, get_type_hints

from docextract.cli.words import WordParser
from docextract.config.job import Job
from docextract.version import __version__

_TITLES = {
    "what": "what is wanted",
    "output": "where it goes",
    "pages": "pages",
    "model": "asking a model",
    "limits": "limits",
    "scale": "scale",
    "run": "this run",
}


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = WordParser(
        prog="docextract",
        description="Documents in, validated JSON or YAML out, with an account of every page and every value.",
        epilog="First run: docextract run FOLDER --schema auto --model local --out out",
    )
    top.add_argument("--version", action="version", version=f"docextract {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _job_command(commands, "run", "extract every document into the output folder")
    plan = _job_command(commands, "plan", "say what a run would do and cost; makes no call")
    plan.add_argument("--json", action="store_true", help="print JSON")
    _eval_command(commands)
    _collect_command(commands)
    _openapi_command(commands)
    _looking_commands(commands)
    worker = commands.add_parser(
        "worker", help="one more worker for a run, on any machine", argument_default=argparse.SUPPRESS
    )
    worker.add_argument("--journal", required=True, metavar="URL", help="the run's journal")
    worker.add_argument("--schema", required=True, action="append", metavar="VALUE", help="the run's schema")
    worker.add_argument("--out", "-o", required=True, metavar="DIR", help="the run's output folder")
    worker.add_argument("--run", metavar="NAME", help="the run to join (default: the one at work)")
    worker.add_argument("--parent", type=int, metavar="PID", help="drain when this process dies")
    worker.add_argument("--json-events", action="store_true", help="one JSON object a line on standard output")
    worker.add_argument("--quiet", action="store_true", help="print errors only")
    schema = commands.add_parser("schema", help="list, show or check schemas")
    verbs = schema.add_subparsers(dest="verb", metavar="list|show|check", required=True)
    verbs.add_parser("list", help="the built-in schemas")
    show = verbs.add_parser("show", help="print the JSON Schema")
    show.add_argument("name", metavar="NAME", help="built-in name, file.py:Model, module:Model or schema.json")
    check = verbs.add_parser("check", help="say what will not work well")
    check.add_argument("name", metavar="FILE", help="file.py[:Model], module:Model, schema.json or a built-in name")
    models = commands.add_parser("models", help="known models: limits, prices, JSON modes, date of the facts")
    models.add_argument("--json", action="store_true", help="print JSON")
    _init_command(commands)
    doctor = commands.add_parser("doctor", help="what is installed, which keys are set")
    doctor.add_argument("--model", metavar="MODEL", help="also ask this model's endpoint whether it answers")
    doctor.add_argument("--base-url", metavar="URL", help="what stands before /chat/completions")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    completion = commands.add_parser("completion", help="print a script that completes commands and options")
    completion.add_argument("shell", choices=["bash", "zsh", "fish"], help="the shell to complete in")
    return top


def _init_command(commands: Any) -> None:
    init = commands.add_parser("init", help="write a job file by answering three questions, or by flags")
    init.add_argument("file", metavar="FILE", nargs="?", default="job.toml", help="default: job.toml; or FILE.json")
    init.add_argument("--input", metavar="INPUT", help="where the documents are")
    init.add_argument("--schema", metavar="VALUE", help="what is wanted of them, as for run")
    init.add_argument("--model", metavar="MODEL", help="provider/name, or local")
    init.add_argument("--out", "-o", metavar="DIR", default="out", help="folder to write to (default: out)")


def _eval_command(commands: Any) -> None:
    command = commands.add_parser("eval", help="score outputs against gold files")
    command.add_argument("out", metavar="OUT", help="output folder of a run")
    command.add_argument("gold", metavar="GOLD", help="folder of gold files, each called as its output (b.pdf.json)")
    command.add_argument(
        "--schema",
        metavar="VALUE",
        action="append",
        required=True,
        help="repeatable: as for run; auto goes by the gold",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--calibrate", action="store_true", help="how often leaves of a confidence are right")


def _collect_command(commands: Any) -> None:
    command = commands.add_parser("collect", help="one table of all outputs: CSV, XLSX, Parquet or JSON lines")
    command.add_argument("out", metavar="OUT", help="output folder of a run")
    command.add_argument("--to", metavar="FILE", required=True, help="FILE.csv, .xlsx, .parquet or .jsonl")
    command.add_argument(
        "--sort", metavar="FIELD", help="a column: numbers from the highest, text from A; FIELD:asc or FIELD:desc"
    )
    command.add_argument("--flatten", action="store_true", help="JSON lines as flat as the other forms always are")


def _looking_commands(commands: Any) -> None:
    report = commands.add_parser("report", help="(re)write OUT/report.html: the run, every page, every value")
    report.add_argument("out", metavar="OUT", help="output folder of a run")
    review = commands.add_parser("review", help="look, accept and correct in a browser; corrections become gold files")
    review.add_argument("out", metavar="OUT", help="output folder of a run")
    review.add_argument("--port", type=int, metavar="N", default=0, help="port on 127.0.0.1 (default: a free one)")
    review.add_argument("--gold", metavar="DIR", help="where corrections go (default: OUT/gold)")


def _openapi_command(commands: Any) -> None:
    command = commands.add_parser("openapi", help="compare OpenAPI documents")
    verbs = command.add_subparsers(dest="verb", metavar="diff", required=True)
    diff = verbs.add_parser("diff", help="what was added, removed, changed")
    diff.add_argument("old", metavar="OLD", help="an OpenAPI document, YAML or JSON")
    diff.add_argument("new", metavar="NEW", help="the one to compare it with")
    diff.add_argument("--json", action="store_true", help="print JSON")


def _job_command(commands: Any, name: str, help_text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_text, argument_default=argparse.SUPPRESS)
    command.add_argument("inputs", metavar="INPUT", nargs="*", help="files, folders or globs")
    command.add_argument("--job", metavar="FILE", help="options from a TOML file; flags beat it")
    hints = get_type_hints(Job)
    groups = {key: command.add_argument_group(title) for key, title in _TITLES.items()}
    for each in dataclasses.fields(Job):
        if each.metadata:
            _add(groups[each.metadata["group"]], each, hints[each.name])
    return command


def _add(group: Any, each: dataclasses.Field[Any], hint: Any) -> None:
    flags = [*([each.metadata["short"]] if each.metadata["short"] else []), "--" + each.name.replace("_", "-")]
    shown = each.metadata["help"]
    if hint is bool:
        group.add_argument(*flags, action="store_true", dest=each.name, help=shown)
        return
    choices = _choices(hint)
    words: dict[str, Any] = {"dest": each.name, "help": _with_default(shown, each.default)}
    if choices:
        words["choices"] = choices
    else:
        words["metavar"] = _metavar(each.name, hint)
    if get_origin(hint) is tuple:
        words["action"] = "append"
    group.add_argument(*flags, **words)


def _choices(hint: Any) -> list[str]:
    values = [value for inner in (hint, *get_args(hint)) for value in get_args(inner) if isinstance(value, str)]
    return values if get_origin(hint) is not tuple else []


def _metavar(name: str, hint: Any) -> str:
    kinds = {int: "N", float: "X"}
    for inner in (hint, *get_args(hint)):
        if inner in kinds:
            return {"max_cost": "USD", "max_outage": "SECONDS"}.get(name, kinds[inner])
    return {
        "model": "MODEL",
        "fallback": "MODEL",
        "base_url": "URL",
        "journal": "URL",
        "out": "DIR",
        "limit": "NAME=VALUE",
    }.get(name, "VALUE")


def _with_default(shown: str, default: Any) -> str:
    if default is None or "default" in shown:
        return shown
    first = default[0] if isinstance(default, tuple) and default else default
    return f"{shown} (default: {first})" if first != () else shown
