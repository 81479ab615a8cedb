"""`docextract completion bash|zsh|fish`: a script made from the parser, so that it knows every command and option."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from docextract.cli.words import actions_of, options_of, sub_commands

Command = tuple[str, argparse.ArgumentParser]
"""The words of a command (`schema show`, or nothing for the top) and its parser."""

_BASH = """\
# docextract: completion for bash. Put into ~/.bashrc:  eval "$(docextract completion bash)"
_docextract() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" before="" place="" word words="" files=""
  [ "$COMP_CWORD" -gt 0 ] && before="${{COMP_WORDS[COMP_CWORD-1]}}"
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "${{place:+$place }}$word" in
      {places}) place="${{place:+$place }}$word" ;;
    esac
  done
  case "$place $before" in
{values}
  esac
  if [ -z "$words" ]; then
    case "$place" in
{words}
    esac
    case "$current" in
      -*) ;;
      *) [ -n "$files" ] && mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    esac
  fi
  mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o filenames -F _docextract docextract
"""

_ZSH = """\
#compdef docextract
# docextract: completion for zsh. Put into ~/.zshrc, after compinit:  eval "$(docextract completion zsh)"
_docextract() {{
  local place="" word files=""
  local -a found
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "${{place:+$place }}$word" in
      {places}) place="${{place:+$place }}$word" ;;
    esac
  done
  case "$place ${{words[CURRENT-1]}}" in
{values}
  esac
  if (( $#found )); then
    compadd -a found
    return
  fi
  case "$place" in
{words}
  esac
  compadd -a found
  [[ -n $files && $PREFIX != -* ]] && _files
}}
compdef _docextract docextract
"""


def command(values: dict[str, Any]) -> int:
    """Print the script."""
    from docextract.cli.arguments import parser

    print({"bash": bash, "zsh": zsh, "fish": fish}[values["shell"]](parser()), end="")
    return 0


def commands_of(parser: argparse.ArgumentParser, name: str = "") -> Iterator[Command]:
    """The parser and all commands below it."""
    yield name, parser
    for word, below in sub_commands(parser).items():
        yield from commands_of(below, f"{name} {word}".strip())


def bash(parser: argparse.ArgumentParser) -> str:
    """For bash 4 and later."""
    return _filled(_BASH, parser, 'words="{}"')


def zsh(parser: argparse.ArgumentParser) -> str:
    """For zsh 5, with compinit loaded."""
    return _filled(_ZSH, parser, "found=({})")


def _filled(script: str, parser: argparse.ArgumentParser, listed: str) -> str:
    """A script with a case for each option that has values, and for each command; `listed` says how words are given."""
    values = [f'    "{place} {flag}") {listed.format(" ".join(known))} ;;' for place, flag, known in _values(parser)]
    words = [
        f'      "{name}") {listed.format(" ".join(_offered(each)))}{_files(each)} ;;'
        for name, each in commands_of(parser)
    ]
    return script.format(places=_places(parser), values="\n".join(values), words="\n".join(words))


def fish(parser: argparse.ArgumentParser) -> str:
    """For fish 3."""
    lines = [
        "# docextract: completion for fish. Put into a file:",
        "#   docextract completion fish > ~/.config/fish/completions/docextract.fish",
    ]
    for name, each in commands_of(parser):
        place = "".join(f"; and __fish_seen_subcommand_from {word}" for word in name.split())
        below = sub_commands(each)
        if below:
            none = f"not __fish_seen_subcommand_from {' '.join(below)}{place}"
            lines += [f"complete -c docextract -n {_q(none)} -f -a {word}{_told(below[word])}" for word in below]
        where = _q(place.removeprefix("; and ")) if place else _q("__fish_use_subcommand")
        lines += [_fish_option(where, action) for action in actions_of(each) if action.option_strings or action.choices]
    return "\n".join(lines) + "\n"


def _fish_option(where: str, action: argparse.Action) -> str:
    line = f"complete -c docextract -n {where}"
    for flag in action.option_strings:
        line += f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}"
    known = _known(action)
    if known:
        # A value of an option is one of these or, for own schemas, a file; an argument is one of these.
        line += (
            " -r" if not action.choices else " -x" if action.option_strings else " -f"
        ) + f" -a {_q(' '.join(known))}"
    elif action.option_strings and action.nargs != 0:
        line += " -r"
    return line + (f" -d {_q(action.help)}" if action.help else "")


def _known(action: argparse.Action) -> list[str]:
    """The values that are known of an option or argument; for --schema the built-in names."""
    from docextract.schema.builtin import builtin_names

    if action.choices:
        return [str(word) for word in action.choices]
    return ["auto", *builtin_names()] if "--schema" in action.option_strings else []


def _told(parser: argparse.ArgumentParser) -> str:
    return f" -d {_q(parser.description)}" if parser.description else ""


def _q(text: str) -> str:
    r"""A word of fish: in single quotes only \ and ' are special."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _places(parser: argparse.ArgumentParser) -> str:
    return " | ".join(f'"{name}"' for name, _ in commands_of(parser) if name)


def _offered(parser: argparse.ArgumentParser) -> list[str]:
    """The words that may come next in a command: those below it, the values of an argument, options."""
    words = [str(word) for action in actions_of(parser) if not action.option_strings for word in action.choices or ()]
    return [*sub_commands(parser), *words, *options_of(parser)]


def _files(parser: argparse.ArgumentParser) -> str:
    """What has files offered too: a command that takes words of its own."""
    free = any(not action.option_strings and not action.choices for action in actions_of(parser))
    return " files=1" if free else ""


def _values(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, list[str]]]:
    """(command, flag, values) of every option whose values are known."""
    for name, each in commands_of(parser):
        for action in actions_of(each):
            known = _known(action)
            for flag in action.option_strings if known else ():
                yield name, flag, known
