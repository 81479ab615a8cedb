from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docextract.check.examine import examine
from docextract.check.rows import _longest_rise

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "total": {"type": "number"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "n": {"type": "integer"}, "amount": {"type": "number"}},
            },
        },
    },
}
ROWS: list[dict[str, Any]] = [
    {"name": "Steel pipe", "n": 12, "amount": 104.5},
    {"name": "Oak board", "n": 3, "amount": 88.25},
    {"name": "Lamp oil", "n": 40, "amount": 17.9},
    {"name": "Wool yarn", "n": 7, "amount": 63.4},
    {"name": "Tin box", "n": 25, "amount": 31.15},
]


def lines(rows: list[dict[str, Any]]) -> list[list[tuple[float, str]]]:
    return [[(20.0, r["name"]), (200.0, str(r["n"])), (300.0, f"{r['amount']:.2f}")] for r in rows]


def page(make_page: Any, rows: list[dict[str, Any]] = ROWS, **more: Any) -> Any:
    head = [[(20.0, "Article"), (200.0, "Pieces"), (300.0, "Amount")]]
    return make_page("Stock list", *head, *lines(rows), [(20.0, "Total"), (300.0, "305.20")], **more)


def troubles(rows: list[dict[str, Any]], *pages: Any) -> list[tuple[str, str, int]]:
    found = examine({"total": 305.2, "rows": rows}, SCHEMA, pages)
    return [(each.code, each.path, each.count) for each in found.rows]


def test_all_rows_in_order_are_fine(make_page: Any) -> None:
    assert troubles(ROWS, page(make_page)) == []


def test_a_row_left_out_is_counted(make_page: Any) -> None:
    for missing in range(len(ROWS)):
        rest = ROWS[:missing] + ROWS[missing + 1 :]
        assert troubles(rest, page(make_page)) == [("rows_missing", "/rows", 1)]


def test_a_page_left_out_is_counted(make_page: Any) -> None:
    second = [{**row, "name": row["name"] + " B", "amount": row["amount"] + 1000} for row in ROWS]
    pages = (page(make_page), page(make_page, second, number=2))
    assert troubles(ROWS, *pages) == [("rows_missing", "/rows", 5)]
    assert troubles(ROWS + second, *pages) == []


def test_the_message_names_the_line(make_page: Any) -> None:
    [issue] = examine({"rows": ROWS[:2] + ROWS[3:]}, SCHEMA, [page(make_page)]).issues
    assert issue.page == 1
    assert "has 5 rows, the answer 4" in issue.message
    assert "Lamp oil 40 17.90" in issue.message


def test_two_rows_exchanged(make_page: Any) -> None:
    swapped = [ROWS[0], ROWS[2], ROWS[1], *ROWS[3:]]
    [(code, path, _)] = troubles(swapped, page(make_page))
    assert code == "rows_out_of_order"
    assert path in ("/rows/1", "/rows/2")


def test_a_row_listed_twice_that_the_page_says_once(make_page: Any) -> None:
    assert troubles([*ROWS, ROWS[1]], page(make_page)) == [("rows_repeated", "/rows/5", 1)]


def test_equal_rows_that_the_page_says_twice_are_two_rows(make_page: Any) -> None:
    twice = [*ROWS[:3], ROWS[1], *ROWS[3:]]
    assert troubles(twice, page(make_page, twice)) == []
    both = (page(make_page), page(make_page, number=2))
    assert troubles(ROWS + ROWS, *both) == []


def test_an_invented_row(make_page: Any) -> None:
    rows = [*ROWS[:2], {"name": "Marble statue", "n": 77, "amount": 9341.86}, *ROWS[2:]]
    assert troubles(rows, page(make_page)) == [("rows_extra", "/rows/2", 1)]


def test_rows_of_two_columns_of_a_page_are_in_order(make_page: Any) -> None:
    left, right = ROWS[:2], ROWS[2:4]
    across = [
        [(20.0, a["name"]), (100.0, f"{a['amount']:.2f}"), (320.0, b["name"]), (420.0, f"{b['amount']:.2f}")]
        for a, b in zip(left, right, strict=True)
    ]
    rows = [{"name": row["name"], "amount": row["amount"]} for row in left + right]
    assert troubles(rows, make_page(*across)) == []


def test_a_list_that_is_no_table_is_left_alone(make_page: Any) -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {"rows": dict(SCHEMA["properties"]["rows"])}}
    schema["properties"]["rows"]["x-audits"] = [{"rule": "free_rows"}]
    assert examine({"rows": ROWS[::-1]}, schema, [page(make_page)]).rows == ()


def test_cells_of_a_grid_are_rows_too(make_page: Any) -> None:
    grid = {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}
    schema = {"type": "object", "properties": {"cells": grid}}
    cells = [[row["name"], str(row["n"]), f"{row['amount']:.2f}"] for row in ROWS]
    assert examine({"cells": cells}, schema, [page(make_page)]).rows == ()
    [trouble] = examine({"cells": cells[:1] + cells[2:]}, schema, [page(make_page)]).rows
    assert (trouble.code, trouble.path) == ("rows_missing", "/cells")


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 1), st.integers(0, 6)), max_size=12))
def test_the_rows_kept_in_order_are_as_many_as_can_be(values: list[tuple[int, int, int]]) -> None:
    kept = [values[index] for index in _longest_rise(values)]
    assert kept == sorted(kept)
    most = [1] * len(values)
    for index, value in enumerate(values):
        most[index] = 1 + max((most[at] for at in range(index) if values[at] <= value), default=0)
    assert len(kept) == max(most, default=0)
