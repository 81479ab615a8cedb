"""Entry of the command line: parse, hand to the command, turn errors into one clear message and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from docextract.cli.arguments import parser
from docextract.errors import DocextractError, OutputError

_COMMANDS = {
    "run": "run",
    "plan": "plan",
    "worker": "worker",
    "eval": "evaluate",
    "collect": "collect",
    "openapi": "openapi",
    "report": "report",
    "review": "review",
    "schema": "schema",
    "models": "models",
    "init": "init",
    "doctor": "doctor",
    "completion": "completion",
}

_COLLECT_AFTER = 5_000
"""Objects made before the collector of cycles looks: with Python's 700 a run and its start spend a twentieth of their
time on it, and what is large (pictures, requests) hangs on no cycle."""

_WELCOME = """\
docextract: documents in, validated JSON or YAML out, with an account of every page and every value.

  docextract run FOLDER --model local --out out   extract; no key, no network
  docextract init                                 write a job file by answering three questions
  docextract plan FOLDER --schema invoice         what a run would do and cost; no call is made
  docextract review out                           look at what was found, and correct it
  docextract doctor                               what is installed, which keys are set

docextract --help lists all commands, docextract COMMAND --help the options of one.\
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Imports only the command that was asked for."""
    _print_anything()
    gc.set_threshold(_COLLECT_AFTER)
    top = parser()
    values = vars(top.parse_args(arguments))
    name = values.pop("command")
    if name is None:
        print(_WELCOME)
        return 0
    try:
        command: Callable[[dict[str, Any]], int] = import_module(f"docextract.cli.{_COMMANDS[name]}").command
        return command(values)
    except DocextractError as error:
        print(f"docextract: {error}\n  {error.hint}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read standard output is gone; leave without a traceback from the final flush.
        sys.stderr.close()
        return OutputError.exit_code
    except KeyboardInterrupt:
        print("docextract: interrupted", file=sys.stderr)
        return 130


def _print_anything() -> None:
    """Names of every script on terminals of every encoding: what it lacks is shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
