"""A parser whose errors are two short lines: what is wrong, and what was probably meant."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from docextract.errors import EXIT_USAGE

_CHOICE = re.compile(r"argument (?P<name>\S+): invalid choice: (?P<got>'.*?'|\".*?\") \(choose from (?P<known>.*)\)")
_UNKNOWN = re.compile(r"unrecognized arguments: (?P<first>\S+)")


class WordParser(argparse.ArgumentParser):
    """An ArgumentParser without abbreviated options: what works today means the same when there are more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})
        self._tried: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it; remembers the words, to say which command an unknown option was for."""
        self._tried = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and what to type, and leave with 2."""
        told, hint = self._told(message)
        self.exit(EXIT_USAGE, f"docextract: {told}\n  {hint}\n")

    def _told(self, message: str) -> tuple[str, str]:
        if match := _CHOICE.match(message):
            return self._wrong_choice(match)
        if match := _UNKNOWN.match(message):
            command = command_of(self, self._tried)
            help_hint = f"run `{command.prog} --help`"
            if not match["first"].startswith("-"):
                # argparse takes words that name inputs in one place only.
                return (
                    f"{command.prog} cannot place {match['first']!r}",
                    f"put all files and folders before the options, or {help_hint}",
                )
            told = f"{command.prog} has no option {match['first']}"
            return told, closest(match["first"], options_of(command), help_hint)
        return message, f"run `{self.prog} --help`"

    def _wrong_choice(self, match: re.Match[str]) -> tuple[str, str]:
        got, known = match["got"][1:-1], re.findall(r"[\w.-]+", match["known"])
        if match["name"] == "COMMAND":
            return f"there is no command {got!r}", closest(got, known, "run `docextract --help`")
        return f"{match['name']}: no such choice {got!r}", f"one of {', '.join(known)}"


def closest(word: str, known: Sequence[str], otherwise: str) -> str:
    """A hint that names what was probably meant, or `otherwise`."""
    near = get_close_matches(word.partition("=")[0], known, n=1)
    return f"did you mean {near[0]}?" if near else otherwise


def sub_commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands below a parser, by name, in their order."""
    for action in parser._actions:  # noqa: SLF001 - argparse shows its parts nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            return dict(action.choices)
    return {}


def actions_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Arguments and options of a parser in their order, without the commands below it."""
    for action in parser._actions:  # noqa: SLF001 - argparse shows its parts nowhere else
        if not isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            yield action


def options_of(parser: argparse.ArgumentParser) -> list[str]:
    """Every flag of a parser, long ones and short ones."""
    return [flag for action in actions_of(parser) for flag in action.option_strings]


def command_of(parser: argparse.ArgumentParser, words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser that these words end up in."""
    for word in words:
        below = sub_commands(parser)
        if not below:
            break
        parser = below.get(word, parser)
    return parser
