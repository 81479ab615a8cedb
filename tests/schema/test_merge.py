from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.schema.merge import Merged, merge, within
from docextract.types import Conflict, Json

ROW = {"type": "object", "properties": {"id": {"type": "string"}, "n": {"type": "number"}}}


def schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def test_rows_are_appended_in_page_order_and_equal_rows_stay() -> None:
    same = {"id": "a", "n": 1}
    merged = merge(schema(rows={"type": "array", "items": ROW}), [([1, 2], {"rows": [same]}), ([3], {"rows": [same]})])
    assert merged.value == {"rows": [same, same]}
    assert merged.conflicts == ()
    assert origins(merged)["/rows/0/n"] == (1, 2)
    assert origins(merged)["/rows/1/n"] == (3,)
    assert landed(merged, 1, {"rows": [same]}) == {"/rows/0/id": "/rows/1/id", "/rows/0/n": "/rows/1/n"}


def test_scalars_take_the_first_value_and_keep_the_others() -> None:
    records = [([1], {"a": None, "b": "Acme  Ltd"}), ([2], {"a": 5, "b": "ACME Ltd"}), ([3], {"a": 6})]
    merged = merge(schema(a={"type": "integer"}, b={"type": "string"}), records)
    assert merged.value == {"a": 5, "b": "Acme  Ltd"}
    assert merged.conflicts == (Conflict(path="/a", kept=5, other=({"value": 6, "page": 3},)),)
    assert merged.origin == {"/a": (2,), "/b": (1,)}


def test_nested_objects_are_merged_field_by_field() -> None:
    nested = {"anyOf": [schema(name={"type": "string"}, city={"type": "string"}), {"type": "null"}]}
    merged = merge(
        schema(seller=nested), [([1], {"seller": {"name": "A", "city": None}}), ([2], {"seller": {"city": "X"}})]
    )
    assert merged.value == {"seller": {"name": "A", "city": "X"}}


@pytest.mark.parametrize(
    ("rule", "values", "merged", "conflicts"),
    [
        ("first", [1, 2], 1, 0),
        ("last", [1, 2, None], 2, 0),
        ("unique", [1, 1.0], 1, 0),
        ("unique", [1, 2], 1, 1),
        ("sum", [1.1, None, 2.2], 3.3, 0),
        ("sum", [1, 2], 3, 0),
        ("longest", ["ab", "abc", "a"], "abc", 0),
        ("append", [[1], [1]], [1, 1], 0),
        ("union", [[1, 2], [2, 3]], [1, 2, 3], 0),
        ("last", [[1], [2]], [2], 0),
    ],
)
def test_the_rules_of_the_schema(rule: str, values: list[Json], merged: Json, conflicts: int) -> None:
    records = [([page], {"a": value}) for page, value in enumerate(values, 1)]
    done = merge(schema(a={"x-merge": rule}), records)
    assert done.value == {"a": merged}
    assert len(done.conflicts) == conflicts


def test_items_with_the_same_key_are_one() -> None:
    rows = {"type": "array", "items": ROW, "x-merge": {"by_key": "id"}}
    records = [
        ([1], {"rows": [{"id": "a", "n": None}, {"id": None, "n": 9}]}),
        ([2], {"rows": [{"id": "A", "n": 2}, {"id": None, "n": 9}]}),
    ]
    merged = merge(schema(rows=rows), records)
    assert merged.value == {"rows": [{"id": "a", "n": 2}, {"id": None, "n": 9}, {"id": None, "n": 9}]}
    assert merged.moved[1]["/rows/0/n"] == "/rows/0/n"


def test_no_records_and_empty_records() -> None:
    assert merge(schema(), []).value == {}
    assert merge(schema(), [([1], None), ([2], {})]).value == {}


def pointers(value: Json, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {found for key, inner in value.items() for found in pointers(inner, f"{path}/{key}")}
    if isinstance(value, list):
        return {found for index, inner in enumerate(value) for found in pointers(inner, f"{path}/{index}")}
    return set() if value is None else {path}


def origins(merged: Merged) -> dict[str, tuple[int, ...]]:
    """The pages of every leaf of the merged value."""
    told = {path: within(merged.origin, path) for path in pointers(merged.value)}
    return {path: found[0] for path, found in told.items() if found is not None}


def landed(merged: Merged, record: int, value: Json) -> dict[str, str]:
    """Where the leaves of a record went."""
    told = {path: within(merged.moved[record], path) for path in pointers(value)}
    return {path: "".join(found) for path, found in told.items() if found is not None}


def at(value: Json, path: str) -> Json:
    for step in path.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


LEAF = st.none() | st.integers(0, 3) | st.sampled_from(["x", "y"])
RECORD = st.fixed_dictionaries(
    {},
    optional={
        "a": LEAF,
        "rows": st.lists(
            st.fixed_dictionaries({}, optional={"id": st.sampled_from(["p", "q"]), "n": LEAF}), max_size=3
        ),
        "more": st.dictionaries(st.sampled_from(["k", "l"]), LEAF),
    },
)


@given(st.lists(RECORD, max_size=4))
def test_every_leaf_has_an_origin_and_no_row_is_lost(records: list[dict[str, Any]]) -> None:
    merged = merge(
        schema(a={}, rows={"type": "array", "items": ROW}), [([n], record) for n, record in enumerate(records, 1)]
    )
    assert set(origins(merged)) == pointers(merged.value)
    assert sum(len(record.get("rows", [])) for record in records) == len(merged.value.get("rows") or [])
    went = [landed(merged, index, record) for index, record in enumerate(records)]
    assert sorted(path for moved in went for path in moved.values()) == sorted(origins(merged))
    for number, (record, moved) in enumerate(zip(records, went, strict=True), 1):
        for path, new in moved.items():
            assert at(record, path) == at(merged.value, new)
            assert origins(merged)[new] == (number,)


def test_a_list_of_many_rows_is_not_taken_apart() -> None:
    """Rows that nothing is to be done with are those of the records themselves, and told of row by row."""
    records = [([page], {"rows": [{"id": f"{page}", "n": n, "none": None} for n in range(50)]}) for page in range(1, 5)]
    merged = merge(schema(rows={"type": "array", "items": ROW}), records)
    assert [id(row) for row in merged.value["rows"]] == [id(row) for _, record in records for row in record["rows"]]
    assert len(merged.origin) == 200
    assert sum(map(len, merged.moved)) == 200
    assert within(merged.origin, "/rows/199/n") == ((4,), "/n")
