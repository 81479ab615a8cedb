import json
from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from docextract.output.json_yaml import dump_json, dump_yaml
from docextract.types import Json

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_NUMBERS = "no NO yes on Off y N null ~ 1e3 1E-3 0x1F 0o17 017 1_000 12:30:45 2020-01-01 2020-01-01T00:00:00Z"
_SIGNS = """.inf -.INF .nan +1 - # @x `x %TAG &a *a !x | > {a} [a] --- ... << = ? a: 1. 1,5 true None ' " it's 😀"""
TREACHEROUS = st.sampled_from(
    [
        *_NUMBERS.split(),
        *_SIGNS.split(),
        "", " ", "- a", "a: b", "a #b", "? a", "a\\nb", "a\nb", "a\n\nb\n", "\na", " a\nb", "a \nb", "a\tb\nc",
        "a\r\nb", "\x85", "a\x85b\nc", "a\u2028b", "\ufeffx", "\x00", "\x1b[31m", "\u202eabc", "a\n😀", "--- a\nb",
        "\u00a0", "a\n  b\nc",
    ]
)  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT | TREACHEROUS
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | TREACHEROUS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
@example({"a": "no", "b": ["1e3", "2020-01-01", "0x1F", "1_000", "12:30:45"], "no": {"1": 1}})
@example({"text": "first\nsecond\n", "more": "first\n\n\n"})
def test_both_forms_read_back_equal(value: Json) -> None:
    assert json.loads(dump_json(value)) == value
    assert yaml.safe_load(dump_yaml(value)) == value


@given(VALUES)
def test_json_is_what_the_standard_library_writes(value: Json) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    assert dump_json(value) == (text + "\n").encode("utf-8", "backslashreplace")


@given(TREACHEROUS)
def test_treacherous_text_is_never_plain(text: str) -> None:
    shown = dump_yaml([text]).decode()
    assert yaml.safe_load(shown) == [text]
    assert shown.startswith(('- "', "- |", "- 'a"))


def test_multi_line_text_is_shown_as_lines() -> None:
    assert dump_yaml({"a": "one\ntwo"}).decode() == "a: |-\n  one\n  two\n"


def test_key_order_is_kept_and_equal_lists_are_written_out() -> None:
    row = ["x"]
    value = {"b": row, "a": row}
    assert list(json.loads(dump_json(value))) == ["b", "a"]
    assert dump_yaml(value).decode() == "b:\n  - x\na:\n  - x\n"


def test_decimals_are_printed_exactly() -> None:
    value = {"amount": Decimal("9.10"), "count": Decimal(3), "small": Decimal("0.000001")}
    assert dump_json(value) == b'{\n  "amount": 9.1,\n  "count": 3,\n  "small": 1e-06\n}\n'
    assert yaml.safe_load(dump_yaml(value)) == {"amount": 9.1, "count": 3, "small": 1e-06}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_what_has_no_word_in_json_is_refused(number: float | Decimal) -> None:
    with pytest.raises(ValueError, match=r"(?i)nan|inf|JSON"):
        dump_json([number])
    with pytest.raises(ValueError, match=r"(?i)nan|inf|number"):
        dump_yaml([number])


def test_json_is_utf8_with_lone_surrogates_escaped() -> None:
    data = dump_json({"name": "Grüße \udcff"})
    assert "Grüße" in data.decode("utf-8")
    assert json.loads(data) == {"name": "Grüße \udcff"}
    assert data.endswith(b"\n")
