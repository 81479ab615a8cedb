"""Values as JSON and YAML text that read back equal.

Key order is that of the value, which is the schema's. YAML is made so that every reader, of YAML
1.1 and 1.2, finds a string where there is one: whatever could be a number, a date or a truth value
to any of them is quoted.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import yaml
from pydantic_core import PydanticSerializationError, to_json

from docextract.types import Json

# Plain where no YAML reader could take it for anything but text; letters first, no colon, no hash.
_PLAIN = re.compile(r"[^\W\d_][\w ,.()/&+;-]*(?<![ ,.;])\Z")
_WORDS = re.compile(r"(?:y|n|yes|no|on|off|true|false|null|nan|inf|none)\Z", re.IGNORECASE)
# A block shows its lines as they are; what it cannot hold exactly is double quoted instead.
_BLOCK_SAFE = re.compile(r"[^\s\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


_AT_ONCE = 4096
"""Numbers, texts and signs of a JSON text that are put into one piece."""


class _JsonEncoder(json.JSONEncoder):
    """Numbers exactly, whatever their type."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal):
            return _number(o)
        return super().default(o)


def _number(value: Decimal) -> int | float:
    if not value.is_finite():
        raise ValueError(f"{value} has no JSON number")
    whole = value == value.to_integral_value() and "." not in format(value, "f")
    return int(value) if whole else float(value)


def dump_json(value: Json) -> bytes:
    """UTF-8, indent 2, a final newline; keys in their order. A lone surrogate is written as its escape.

    Raises ValueError for NaN and Infinity, which JSON has no word for.
    """
    return b"".join(json_pieces(value))


def json_pieces(value: Json) -> Iterator[bytes]:
    """The same bytes, one after the other."""
    encoder = _JsonEncoder(ensure_ascii=False, indent=2, allow_nan=False)
    words = chain(encoder.iterencode(value), ("\n",))
    while some := list(islice(words, _AT_ONCE)):
        yield "".join(some).encode("utf-8", "backslashreplace")


def dump_facts(value: Json) -> bytes:
    """What `dump_json` writes, some ten times faster, for a value that holds no Decimal (it would become text)."""
    try:
        data = to_json(value, indent=2)
    except PydanticSerializationError:  # a lone surrogate
        return dump_json(value)
    # NaN and Infinity pass unrefused, as words that are rare enough to look twice.
    return dump_json(value) if b"NaN" in data or b"Infinity" in data else data + b"\n"


class _Dumper(yaml.SafeDumper):
    """Safe YAML without anchors, strings quoted whenever a reader could mistake them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Equal lists are written out: an anchor would be a puzzle to a person and to some readers."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's
        """Indent lists under their key, as people write them."""
        return super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if _PLAIN.match(text) and not _WORDS.match(text):
        style = None
    elif "\n" in text and _fits_block(text):
        style = "|"
    else:
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _fits_block(text: str) -> bool:
    lines = text.split("\n")
    return (
        all(line == line.rstrip() for line in lines)
        and bool(lines[0])
        and not lines[0][0].isspace()
        and not any(character not in "\n \t" and not _BLOCK_SAFE.match(character) for character in text)
        and "\t" not in text
    )


def _represent_float(dumper: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number that an output may hold")
    return dumper.represent_float(number)


def _represent_decimal(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    plain = _number(number)
    return dumper.represent_int(plain) if isinstance(plain, int) else dumper.represent_float(plain)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(float, _represent_float)
_Dumper.add_representer(Decimal, _represent_decimal)


def dump_yaml(value: Json) -> bytes:
    """UTF-8 YAML that `yaml.safe_load` reads back equal; keys in their order."""
    text = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=False, indent=2
    )
    return text.encode("utf-8", "backslashreplace")
