import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.check.parse import parse
from docextract.errors import ReplyError
from docextract.types import Json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
    max_leaves=10,
)
ANSWER = {"total": 9.5, "note": "a } and a ``` in it", "rows": [[1, "x"]]}
TEXT = json.dumps(ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff  {TEXT}\n",
        f"```json\n{TEXT}\n```",
        f"```\n{TEXT}```",
        f"Here is the result [1]:\n\n{TEXT}\n\nI hope {{this}} helps.",
        f"Sure.\n```json\n{TEXT}\n```\nDone.",
        f'<think>maybe {{"total": 1}}</think>{TEXT}',
        f'half a thought {{"total": 2}}</think>\n{TEXT}',
        f"<|begin_of_box|>{TEXT}<|end_of_box|>",
        json.dumps({"type": "object", "properties": ANSWER}),
        json.dumps({"properties": ANSWER, "required": ["total"]}),
    ],
)
def test_what_models_put_around_their_answer_is_taken_off(text: str) -> None:
    assert parse(text) == ANSWER


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "reply_empty"),
        (" \n\t", "reply_empty"),
        ("<think>hm</think>", "reply_empty"),
        ("I cannot read this page.", "reply_not_json"),
        ('{"a": 1, "a": 2}', "reply_not_json"),
        ('{"a": NaN}', "reply_not_json"),
        ('{"a": -Infinity}', "reply_not_json"),
        ('{"a": 1e999}', "reply_not_json"),
        ('{"a": ' + "9" * 2000 + "}", "reply_not_json"),
        ("[" * 200 + "]" * 200, "reply_not_json"),
        ('{"a":' * 100_000, "reply_not_json"),
        ('{"a": [1, 2', "reply_truncated"),
        ('{"a": "unfinished', "reply_truncated"),
        ('```json\n{"a": 1,', "reply_truncated"),
        ("{'a': 1}", "reply_not_json"),
        ('{"a": 1} {"a": 2}', "reply_not_json"),
        ('{"type": "object", "properties": {"a": {"type": "string", "title": "A"}}}', "reply_not_json"),
    ],
)
def test_what_is_not_one_whole_json_value_is_refused(text: str, code: str) -> None:
    with pytest.raises(ReplyError) as caught:
        parse(text)
    assert caught.value.code == code


def test_a_schema_may_have_a_field_called_properties() -> None:
    value = {"properties": {"a": 1}, "size": 2}
    assert parse(json.dumps(value)) == value


@given(VALUES)
def test_plain_json_comes_back_as_it_is(value: Json) -> None:
    if isinstance(value, dict) and "properties" in value:
        return
    assert parse(json.dumps(value)) == value


@given(st.text(max_size=60) | st.text(alphabet='{}[]",:a1 \\`\n', max_size=60))
def test_nothing_but_a_value_or_a_reply_error(text: str) -> None:
    try:
        value = parse(text)
    except ReplyError as error:
        code = error.code
    else:
        code = "" if json.dumps(value, allow_nan=False) else "lost"
    assert code in {"", "reply_empty", "reply_not_json", "reply_truncated"}
