"""What people said of values: kept at once, never overwritten unseen, taken back whole; and gold that `eval` reads."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.cli.evaluate import command as evaluate
from docextract.errors import ConfigError
from docextract.report.gold import ConflictError, Edit, Reviews
from docextract.report.pointer import MISSING, at, put
from docextract.report.typed import typed
from tests.report.conftest import INVOICE

SCHEMA: dict[str, Any] = {
    "type": "object",
    "$defs": {"Line": {"type": "object", "properties": {"amount": {"anyOf": [{"type": "number"}, {"type": "null"}]}}}},
    "properties": {
        "number": {"type": ["string", "null"]},
        "paid": {"type": "boolean"},
        "count": {"type": "integer"},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}},
        "kind": {"enum": ["a", "b"]},
    },
}
DATA: dict[str, Any] = {
    "number": "A-1",
    "paid": True,
    "count": 3,
    "lines": [{"amount": 1.5}, {"amount": None}],
    "kind": "a",
}


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.fixture
def reviews(tmp_path: Path) -> Reviews:
    return Reviews(tmp_path / "gold", write)


def say(reviews: Reviews, path: str, op: str = "set", base: int | None = None, **more: Any) -> str | None:
    version = reviews.review("a/b.pdf")["version"] if base is None else base
    _, warning = reviews.edit("a/b.pdf", DATA, SCHEMA, Edit(path=path, op=op, base=version, **more))
    return warning


def gold(reviews: Reviews) -> Any:
    file = reviews.folder / "a/b.pdf.json"
    return json.loads(file.read_bytes()) if file.exists() else None


def test_the_gold_is_the_data_with_what_was_said(reviews: Reviews) -> None:
    say(reviews, "/lines/1/amount", text="2.25")
    say(reviews, "/number", "missing")
    say(reviews, "/paid", "accept")
    assert gold(reviews) == {**DATA, "number": None, "lines": [{"amount": 1.5}, {"amount": 2.25}]}
    assert DATA["number"] == "A-1"
    assert [*reviews.all()] == ["a/b.pdf"]


def test_what_was_accepted_stays_gold_when_a_later_run_says_something_else(reviews: Reviews) -> None:
    say(reviews, "/number", "accept")
    changed = {**DATA, "number": "Z-9", "count": 4}
    reviews.edit("a/b.pdf", changed, SCHEMA, Edit(path="/paid", op="accept", base=1))
    assert (gold(reviews)["number"], gold(reviews)["count"]) == ("A-1", 4)


def test_taking_everything_back_leaves_no_gold_but_the_record_of_it(reviews: Reviews) -> None:
    say(reviews, "/number", text="B-2", who="Ada\x1b[31m")
    say(reviews, "/number", "clear")
    assert gold(reviews) is None
    record = json.loads((reviews.folder / ".review/a/b.pdf.json").read_bytes())
    assert [(each["op"], each["at"], each["who"]) for each in record["log"]] == [
        ("set", 1, "Ada[31m"),
        ("clear", 2, ""),
    ]
    assert all(each["when"].endswith("+00:00") for each in record["log"])


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("/number", "/number", True),
        ("/number", "/count", False),
        ("/lines", "/lines/0/amount", True),
        ("/lines/0/amount", "/lines", True),
        ("/lines/0/amount", "/lines/1/amount", False),
        ("", "/number", False),
    ],
)
def test_a_field_that_changed_meanwhile_is_never_overwritten(
    reviews: Reviews, first: str, second: str, clash: bool
) -> None:
    say(reviews, first, "accept")
    if not clash:
        say(reviews, second, "accept", base=0)
        return
    with pytest.raises(ConflictError) as refused:
        say(reviews, second, "missing", base=0)
    assert refused.value.review["version"] == 1
    say(reviews, second, "missing", base=1)


def test_what_was_taken_back_in_another_tab_is_a_change_too(reviews: Reviews) -> None:
    say(reviews, "/number", text="B-2")
    say(reviews, "/number", "clear")
    with pytest.raises(ConflictError):
        say(reviews, "/number", text="C-3", base=1)


def test_a_whole_list_takes_the_place_of_what_was_said_inside_it(reviews: Reviews) -> None:
    say(reviews, "/lines/0/amount", text="9")
    say(reviews, "/lines", value=[{"amount": 7}], is_value=True)
    assert gold(reviews)["lines"] == [{"amount": 7}]
    assert [*reviews.review("a/b.pdf")["fields"]] == ["/lines"]


def test_what_does_not_fit_the_schema_is_saved_and_told(reviews: Reviews) -> None:
    warning = say(reviews, "/lines", value=[{"amount": "x"}], is_value=True)
    assert warning is not None
    assert "does not fit" in warning
    assert gold(reviews)["lines"] == [{"amount": "x"}]


@pytest.mark.parametrize("box", [{"page": 0, "box": [0, 0, 1, 1]}, {"page": 1, "box": [0, 0, 1, 2]}, {"page": 1}])
def test_a_box_must_be_on_a_page(reviews: Reviews, box: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        say(reviews, "/number", "accept", box=box)
    assert gold(reviews) is None


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("/number", " 007 ", "007"),
        ("/count", "4", 4),
        ("/lines/1/amount", "1506.00", 1506.0),
        ("/lines/1/amount", "-.5", -0.5),
        ("/paid", "no", False),
        ("/kind", "b", "b"),
        ("/unknown", "12", "12"),
    ],
)
def test_what_is_typed_becomes_what_the_field_wants(path: str, text: str, value: Any) -> None:
    got = typed(text, SCHEMA, path, at(DATA, path) if path != "/unknown" else None)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("path", "text"), [("/count", "four"), ("/lines/0/amount", "1.506,00"), ("/paid", "perhaps"), ("/number", " ")]
)
def test_what_cannot_be_read_is_refused_with_what_to_type(path: str, text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        typed(text, SCHEMA, path, at(DATA, path))
    assert refused.value.hint


names = st.text(alphabet="ab/~0 1", max_size=4)
values = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


def places(value: Any, path: str = "") -> list[str]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path] if path else []
    for key, each in inner:
        found += places(each, f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return found


@given(values)
def test_what_is_put_somewhere_stands_there_and_nothing_else_moves(value: Any) -> None:
    for path in places(value):
        changed = put(copy.deepcopy(value), path, "new")
        assert at(changed, path) == "new"
        assert put(changed, path, at(value, path)) == value
    assert at(value, "/no such/place") is MISSING
    assert put(copy.deepcopy(value), "/no such/place", "new") == value


def test_the_corrected_field_comes_back_as_gold_and_changes_eval(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads((out / f"{INVOICE}.json").read_text(encoding="utf-8"))
    reviews = Reviews(out / "gold", write)

    def score() -> dict[str, Any]:
        asked = {"out": str(out), "gold": str(out / "gold"), "schema": ["invoice"], "json": True, "calibrate": True}
        assert evaluate(asked) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    reviews.edit(INVOICE, data, {}, Edit(path="/number", op="accept", base=0))
    before = score()
    reviews.edit(INVOICE, data, {}, Edit(path="/number", op="set", base=1, text="X-1"))
    after = score()
    assert before["figures"]["field_f1"]["value"] == 1.0
    assert after["figures"]["field_f1"]["value"] < 1.0
    assert before["calibration"]["n"] == after["calibration"]["n"]
    assert before["calibration"]["brier"] < after["calibration"]["brier"]
    assert not [name for name in after.get("without_gold", []) if name.startswith("gold/")]
