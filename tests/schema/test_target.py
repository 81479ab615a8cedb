import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, computed_field, field_validator, model_validator

from docextract.errors import SchemaError
from docextract.schema.marks import Aliases, Merge
from docextract.schema.merge import merge
from docextract.schema.target import Target, target_from, target_of
from docextract.types import Evidence, Json


class Colour(StrEnum):
    red = "red"
    blue = "blue"


class Line(BaseModel):
    amount: Decimal | None = None
    count: Annotated[int, Field(ge=0)] | None = None


class Order(BaseModel):
    number: str
    day: Annotated[date | None, Field(alias="orderDay", description="When."), Aliases("Date", "Datum")] = None
    colour: Colour | None = None
    total: Annotated[Decimal | None, Merge.last] = None
    ratio: float | None = None
    lines: list[Line] = []
    risk: Annotated[Literal["low", "high"] | None, Evidence.inferred] = None

    @field_validator("number", mode="before")
    @classmethod
    def without_hash(cls, value: Any) -> Any:
        return value.lstrip("#") if isinstance(value, str) else value

    @model_validator(mode="after")
    def not_both(self) -> "Order":
        if self.number == "0" and self.total:
            raise ValueError("order 0 has no total")
        return self


class Node(BaseModel):
    name: str
    children: list["Node"] = []


@pytest.fixture
def order() -> Target:
    return target_of(Order)


def test_the_schema_is_inlined_in_field_order_with_the_marks(order: Target) -> None:
    properties = order.json_schema["properties"]
    assert list(properties) == ["number", "orderDay", "colour", "total", "ratio", "lines", "risk"]
    assert properties["orderDay"]["x-aliases"] == ["Date", "Datum"]
    assert properties["orderDay"]["description"] == "When."
    assert properties["total"]["x-merge"] == "last"
    assert properties["total"]["anyOf"][0] == {"type": "number"}
    assert properties["risk"]["x-evidence"] == "inferred"
    assert properties["lines"]["items"]["properties"]["count"]["anyOf"][0] == {"minimum": 0, "type": "integer"}
    assert "$ref" not in json.dumps(order.json_schema)
    assert "$defs" not in order.json_schema


def test_recursion_keeps_its_reference() -> None:
    target = target_of(Node)
    assert target.validate({"name": "a", "children": [{"name": "b"}]}).ok
    assert list(target.json_schema["$defs"]) == ["Node"]
    assert "#/$defs/Node" in json.dumps(target.json_schema)


def test_the_digest_does_not_depend_on_key_order() -> None:
    one = target_from({"type": "object", "properties": {"a": {"type": "string"}}}, name="x")
    two = target_from({"properties": {"a": {"type": "string"}}, "type": "object"}, name="x")
    assert one.sha256 == two.sha256
    assert one.sha256 != target_from({"type": "object", "properties": {"b": {"type": "string"}}}, name="x").sha256


def test_valid_data_is_written_one_way(order: Target) -> None:
    done = order.validate(
        {"lines": [{"amount": "3.20", "count": 2}], "orderDay": "2024-01-02", "number": "#7", "colour": "red"}
    )
    assert done.ok
    assert done.instance == Order.model_validate(
        {"number": "7", "orderDay": "2024-01-02", "colour": "red", "lines": done.data["lines"]}
    )
    assert done.data == {
        "number": "7",
        "orderDay": "2024-01-02",
        "colour": "red",
        "total": None,
        "ratio": None,
        "lines": [{"amount": 3.2, "count": 2}],
        "risk": None,
    }
    assert list(done.data) == list(order.json_schema["properties"])


def test_problems_have_pointers_and_the_sound_rest_is_kept(order: Target) -> None:
    done = order.validate(
        {"number": "7", "orderDay": "soon", "lines": [{"amount": "3.20", "count": -1}], "total": "5.0"}
    )
    assert [(problem.path, problem.type) for problem in done.problems] == [
        ("/orderDay", "date_from_datetime_parsing"),
        ("/lines/0/count", "greater_than_equal"),
    ]
    assert done.instance is None
    assert done.data == {"number": "7", "total": 5.0, "lines": [{"amount": 3.2}]}
    assert order.validate(done.data).ok


def test_absent_required_fields_are_a_problem_of_the_whole_only(order: Target) -> None:
    whole = order.validate({"total": 2})
    assert [(problem.path, problem.type) for problem in whole.problems] == [("/number", "missing")]
    part = order.partial({"total": 2})
    assert part.ok
    assert part.data == {"total": 2}
    assert not order.partial({"total": "x"}).ok


def test_a_validator_of_the_user_is_heard(order: Target) -> None:
    done = order.validate({"number": "0", "total": 2})
    assert done.problems[0].path == ""
    assert "order 0 has no total" in done.problems[0].message


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf"])
def test_numbers_without_a_json_word_are_refused(order: Target, value: str) -> None:
    done = order.validate({"number": "1", "ratio": value})
    assert [problem.path for problem in done.problems] == ["/ratio"]
    json.dumps(done.data, allow_nan=False)


@pytest.mark.parametrize("value", [None, [], "text", 3, {"lines": "x"}, {"lines": [3, None]}])
def test_answers_of_the_wrong_shape_are_problems_not_crashes(order: Target, value: Json) -> None:
    assert not order.validate(value).ok
    assert order.partial(value).data is None or isinstance(order.partial(value).data, dict)


PLAIN = {
    "type": "object",
    "required": ["b"],
    "properties": {
        "b": {"type": "string"},
        "a": {"type": ["string", "null"], "format": "date"},
        "rows": {
            "type": "array",
            "items": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}},
        },
    },
}  # fmt: skip


def test_a_plain_json_schema() -> None:
    target = target_from(PLAIN, name="plain")
    done = target.validate({"rows": [{"n": 1}], "a": None, "b": "x", "more": 1})
    assert done.ok
    assert list(done.data) == ["b", "a", "rows", "more"]
    wrong = target.validate({"a": "soon", "rows": [{}, {"n": "x"}]})
    assert {(problem.path, problem.type) for problem in wrong.problems} == {
        ("/b", "required"),
        ("/a", "format"),
        ("/rows/0/n", "required"),
        ("/rows/1/n", "type"),
    }
    assert target.partial({"rows": [{}]}).ok


def test_marks_refuse_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="one or more"):
        Aliases()
    assert repr(Merge.by_key("id")) == "Merge.by_key('id')"
    assert repr(Merge.first) == "Merge.first"


def test_a_model_without_json_schema_is_a_schema_error() -> None:
    class Odd(BaseModel):
        model_config = {"arbitrary_types_allowed": True}
        x: object = None
        f: type(lambda: 0) | None = None  # type: ignore[valid-type]  # a type that pydantic has no schema for

    with pytest.raises(SchemaError, match="Odd has no JSON Schema"):
        target_of(Odd)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["1.5", "x", "2024-01-02", "red"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["number", "orderDay", "total", "lines", "amount", "count", "colour"]), inner)
    ),
    max_leaves=10,
)


@given(JSON)
def test_what_partial_keeps_is_sound(value: Json) -> None:
    target = target_of(Order)
    part = target.partial(value)
    json.dumps(part.data, allow_nan=False)
    if part.ok and isinstance(part.data, dict):
        assert all(problem.type == "missing" for problem in target.validate(part.data).problems)


def test_computed_fields_are_written_and_named_but_not_asked_for() -> None:
    class Sum(BaseModel):
        a: int = 0

        @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated property
        @property
        def twice(self) -> int:
            return 2 * self.a

    target = target_of(Sum)
    assert list(target.json_schema["properties"]) == ["a"]
    assert target.json_schema["x-computed"] == ["twice"]
    assert target.validate({"a": 2}).data == {"a": 2, "twice": 4}
    merged = merge(target.json_schema, [([1], {"a": 2, "twice": 4}), ([2], {"twice": 0})])
    assert merged.value == {"a": 2}
    assert merged.conflicts == ()
