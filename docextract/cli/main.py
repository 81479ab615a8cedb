"""Entry of the command line: parse, hand to the command, turn errors into one clear message and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
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
    "doctor": "doctor",
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code. Imports only the command that was asked for."""
    top = parser()
    values = vars(top.parse_args(arguments))
    name = values.pop("command")
    if name is None:
        top.print_help()
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
