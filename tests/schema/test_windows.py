"""Windows that share pages, and tables that the windows of a model cut in two."""

from typing import Any

import pytest

from docextract.schema.load import load
from docextract.schema.merge import merge

ROW = {"type": "object", "properties": {"id": {"type": "string"}, "n": {"type": "number"}}}
SCHEMA = {"type": "object", "properties": {"rows": {"type": "array", "items": ROW}}}
TABLES = load("tables", base=None)[0].json_schema


def rows(*ids: str) -> dict[str, Any]:
    return {"rows": [{"id": each, "n": 1} for each in ids]}


def places(*stands: tuple[int, float] | None) -> dict[str, tuple[int, float, float]]:
    """Places of the rows' ids by page and line."""
    return {f"/rows/{i}/id": (at[0], at[1], at[1] + 0.02) for i, at in enumerate(stands) if at is not None}


def test_rows_of_a_shared_page_are_kept_once_by_their_place() -> None:
    first = places((1, 0.1), (2, 0.1), (2, 0.2))
    second = places((2, 0.1), (2, 0.2), (2, 0.3), (3, 0.1))
    merged = merge(SCHEMA, [([1, 2], rows("a", "b", "b")), ([2, 3], rows("b", "b", "c", "b"))], [first, second])
    assert [row["id"] for row in merged.value["rows"]] == ["a", "b", "b", "c", "b"]
    assert merged.moved[1]["/rows/2/id"] == "/rows/3/id"


def test_a_shared_row_that_both_read_differently_is_one_row() -> None:
    merged = merge(
        SCHEMA,
        [([1, 2], rows("a", "b")), ([2, 3], rows("8", "c"))],
        [places((1, 0.1), (2, 0.1)), places((2, 0.101), (3, 0.1))],
    )
    assert [row["id"] for row in merged.value["rows"]] == ["a", "b", "c"]


def test_a_row_without_a_place_goes_with_the_rows_around_it() -> None:
    first = places((1, 0.1), (2, 0.1), None, (2, 0.3))
    second = places((2, 0.1), None, (2, 0.3), None, (3, 0.1))
    merged = merge(
        SCHEMA, [([1, 2], rows("a", "b", "x", "c")), ([2, 3], rows("b", "x", "c", "y", "d"))], [first, second]
    )
    assert [row["id"] for row in merged.value["rows"]] == ["a", "b", "x", "c", "y", "d"]


def test_windows_that_share_no_page_lose_no_row() -> None:
    same = places((1, 0.1))
    merged = merge(SCHEMA, [([1], rows("a")), ([2], rows("a"))], [same, same])
    assert [row["id"] for row in merged.value["rows"]] == ["a", "a"]


def table(pages: list[int], body: list[list[str | None]], **more: Any) -> dict[str, Any]:
    head: dict[str, Any] = {
        "title": None,
        "header": [["Station", "Level"]],
        "columns": ["Station", "Level"],
        "notes": [],
    }
    return head | {"pages": pages, "rows": body} | more


def merged_tables(*windows: tuple[list[int], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return list(merge(TABLES, [(pages, {"tables": found}) for pages, found in windows]).value["tables"])


def test_a_table_over_three_pages_is_one_with_all_rows_once() -> None:
    [found] = merged_tables(
        ([1], [table([1], [["Aldern", "1.2"], ["Upper bridge near", "n/a"]], title="Levels")]),
        ([2], [table([2], [[None, "since March"], ["Birk", "2.0"]], header=[["station", "LEVEL"]])]),
        (
            [3],
            [table([3], [["Station", "Level"], ["Birk", "2.0"]], header=[], title="Levels (continued)", notes=["x"])],
        ),
    )
    assert found["rows"] == [
        ["Aldern", "1.2"],
        ["Upper bridge near", "n/a since March"],
        ["Birk", "2.0"],
        ["Birk", "2.0"],
    ]
    assert found["pages"] == [1, 2, 3]
    assert (found["title"], found["notes"], found["header"]) == ("Levels", ["x"], [["Station", "Level"]])


def test_the_parts_of_one_window_are_joined_too() -> None:
    parts = [table([1], [["a", "1"]]), table([2], [["b", "2"]])]
    assert len(merged_tables(([1, 2], parts))) == 1


@pytest.mark.parametrize(
    "other",
    [
        table([3], [["b", "2"]]),
        table([2], [["b", "2"]], header=[["Name", "Price"]]),
        table([2], [["b", "2"]], title="Prices"),
        table([2], [["b", "2", "3"]], header=[]),
        table([1], [["b", "2"]]),
    ],
    ids=["a page between", "another header", "a title of its own", "wider", "on the same page"],
)
def test_what_is_another_table_stays_one(other: dict[str, Any]) -> None:
    assert len(merged_tables(([1], [table([1], [["a", "1"]], title="Levels")]), ([2, 3], [other]))) == 2


@pytest.mark.parametrize(
    ("upper", "lower"),
    [(["a", "5.0"], [None, "more"]), (["a", "ends."], [None, "more"]), (["a", "goes on"], [None, "17.5"])],
)
def test_a_row_that_is_whole_is_not_mended(upper: list[str | None], lower: list[str | None]) -> None:
    [found] = merged_tables(([1], [table([1], [upper])]), ([2], [table([2], [lower])]))
    assert found["rows"] == [upper, lower]


def test_values_that_windows_agree_on_are_told() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    merged = merge(schema, [([1], {"a": "x", "b": "y"}), ([2], {"a": "X", "b": "z"})])
    assert merged.agreed == {"/a"}
    assert merged.sources == (((1, "/b"),),)


class Counted(dict[str, tuple[int, float, float]]):
    """Places that count how often one is looked for."""

    looked = 0

    def __contains__(self, path: object) -> bool:
        Counted.looked += 1
        return super().__contains__(path)


def test_a_window_is_held_against_those_that_it_shares_pages_with_and_no_others() -> None:
    windows, own = 40, ("a", "b", "c")
    stands = [Counted(places((n, 0.5), (n + 1, 0.1), (n + 1, 0.5))) for n in range(1, windows + 1)]
    records = [([n, n + 1], rows(*own)) for n in range(1, windows + 1)]
    Counted.looked = 0
    merged = merge(SCHEMA, records, stands)
    leaves = windows * 2 * len(own)
    assert Counted.looked <= 2 * leaves
    assert len(merged.value["rows"]) == 3 + 2 * (windows - 1)
