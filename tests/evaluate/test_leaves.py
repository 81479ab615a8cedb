"""Answers against gold, leaf by leaf, with the figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from docextract.evaluate.counts import Counts
from docextract.evaluate.leaves import compare
from docextract.evaluate.normal import equal, sort_of
from docextract.evaluate.score import count
from docextract.schema.load import load

INVOICE = load("invoice")[0].json_schema
RESUME = load("resume")[0].json_schema
TABLES = load("tables")[0].json_schema


def verdicts(wanted: Any, got: Any, schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.field, each.path, each.verdict) for each in compare(wanted, got, schema)]


@pytest.mark.parametrize(
    ("wanted", "got", "sort"),
    [
        ("Müller  GmbH", "MÜLLER GMBH", "text"),
        ("ﬁne – print", "fine - print", "text"),
        ("2024-03-09", "9 March 2024", "date"),
        (12.5, 12.50, "number"),
        ("1,234.50", 1234.5, "number"),
        (0.0, -0.0, "number"),
        (None, "", "text"),
        (True, True, "boolean"),
    ],
)
def test_the_same_value(wanted: Any, got: Any, sort: Any) -> None:
    assert equal(wanted, got, sort)


@pytest.mark.parametrize(
    ("wanted", "got", "sort"),
    [
        ("Müller GmbH", "Müller", "text"),
        ("2024-03-09", "2024-09-03", "date"),
        (12.5, 12.51, "number"),
        (0.1 + 0.2, 0.3, "number"),  # exact decimals: nothing is rounded
        (1, True, None),
        (0, None, "number"),
        ("12.50", "12.5", "text"),  # text is text
    ],
)
def test_another_value(wanted: Any, got: Any, sort: Any) -> None:
    assert not equal(wanted, got, sort)


def test_the_schema_says_what_a_leaf_is() -> None:
    fields = INVOICE["properties"]
    assert [sort_of(fields[name]) for name in ("number", "issue_date", "grand_total", "lines")] == [
        "text", "date", "number", None,
    ]  # fmt: skip


def test_every_verdict_and_the_counts() -> None:
    wanted = {"number": "A-1", "issue_date": "2024-03-09", "currency": "EUR", "net_total": 100, "seller": {"name": "X"}}
    got = {"number": "a-1", "issue_date": "2024-03-08", "currency": None, "tax_total": 19.0, "seller": {"name": "X "}}
    found = list(compare(wanted, got, INVOICE))
    assert [(each.field, each.verdict) for each in found] == [
        ("number", "right"), ("issue_date", "wrong"), ("currency", "missing"), ("net_total", "missing"),
        ("seller.name", "right"), ("tax_total", "extra"),
    ]  # fmt: skip
    counts = count(found)
    assert counts == Counts(right=2, wanted=5, got=4)
    assert (counts.precision, counts.recall, counts.f1) == (2 / 4, 2 / 5, 4 / 9)


def test_no_output_misses_everything() -> None:
    wanted = {"number": "A-1", "lines": [{"quantity": 1}, {"quantity": 2}]}
    assert count(compare(wanted, None, INVOICE)) == Counts(right=0, wanted=3, got=0)


def test_nothing_wanted_and_nothing_given_is_no_leaf() -> None:
    assert list(compare({"number": None, "lines": []}, {"iban": "", "lines": []}, INVOICE)) == []
    assert Counts().f1 is None


def test_a_line_that_was_left_out_does_not_spoil_the_others() -> None:
    line = [{"description": name, "quantity": n, "net_amount": amount} for name, n, amount in
            (("Nails", 2, 4.0), ("Glue", 1, 7.5), ("Tape", 2, 9.0))]  # fmt: skip
    wanted, got = {"lines": line}, {"lines": [line[1], line[2]]}
    assert verdicts(wanted, got, INVOICE)[:3] == [
        ("lines[].description", "/lines/0/description", "missing"),
        ("lines[].quantity", "/lines/0/quantity", "missing"),
        ("lines[].net_amount", "/lines/0/net_amount", "missing"),
    ]
    assert count(compare(wanted, got, INVOICE)) == Counts(right=6, wanted=9, got=6)


def test_lines_are_paired_so_that_most_leaves_agree() -> None:
    # In order, "b 1 5" would meet "a 2 5" and "a 2 5" meet "b 2 6": one leaf of six right instead of five.
    wanted = {"lines": [{"description": "b", "quantity": 1, "net_amount": 5},
                        {"description": "a", "quantity": 2, "net_amount": 5}]}  # fmt: skip
    got = {"lines": [{"description": "a", "quantity": 2, "net_amount": 5},
                     {"description": "b", "quantity": 2, "net_amount": 5}]}  # fmt: skip
    wrong = [each for each in compare(wanted, got, INVOICE) if each.verdict != "right"]
    assert [(each.path, each.wanted, each.got) for each in wrong] == [("/lines/1/quantity", 1, 2)]


def test_two_equal_lines_are_two() -> None:
    line = {"description": "Nails", "quantity": 2}
    assert count(compare({"lines": [line, line]}, {"lines": [line]}, INVOICE)) == Counts(right=2, wanted=4, got=2)


@pytest.mark.parametrize(
    ("wanted", "got", "counts"),
    [
        ({"lines": []}, {"lines": [{"description": "a", "quantity": 1}]}, (0, 0, 2)),
        ({"lines": [{"description": "a", "quantity": 1}]}, {"lines": []}, (0, 2, 0)),
        ({"lines": None}, {"lines": []}, (0, 0, 0)),
        ({"lines": [{"quantity": None}]}, {"lines": [{}]}, (0, 0, 0)),
        ({"number": None}, {"number": "A"}, (0, 0, 1)),
        ({"seller": None}, {"seller": {"name": None}}, (0, 0, 0)),
        ({"seller": {"name": "X"}}, {"seller": None}, (0, 1, 0)),
        (
            {"lines": [{"description": "a", "quantity": 1}]},
            {"lines": [{"description": "a", "quantity": 1}] * 2},
            (2, 2, 4),
        ),
        ({"lines": [{"quantity": 1}, {"quantity": 1}]}, {"lines": [{"quantity": 1}, {"quantity": 2}]}, (1, 2, 2)),
    ],
)
def test_nothing_and_twice_by_hand(wanted: Any, got: Any, counts: tuple[int, int, int]) -> None:
    right, asked, given = counts
    assert count(compare(wanted, got, INVOICE)) == Counts(right=right, wanted=asked, got=given)


@pytest.mark.parametrize(
    ("wanted", "got", "counts"),
    [
        (["Go", "Go"], ["Go"], (1, 2, 1)),
        (["Go"], ["Go", "go"], (1, 1, 2)),
        (["Go", None], ["Go", ""], (1, 1, 1)),
        ([], [], (0, 0, 0)),
    ],
)
def test_words_that_stand_twice_count_twice(wanted: Any, got: Any, counts: tuple[int, int, int]) -> None:
    right, asked, given = counts
    assert count(compare({"skills": wanted}, {"skills": got}, RESUME)) == Counts(right=right, wanted=asked, got=given)


def test_words_of_a_list_are_a_bag() -> None:
    found = verdicts({"skills": ["SQL", "Go", "Rust"]}, {"skills": ["rust", "sql", "Perl"]}, RESUME)
    assert found == [
        ("skills[]", "/skills/1", "right"), ("skills[]", "/skills/2", "wrong"), ("skills[]", "/skills/0", "right"),
    ]  # fmt: skip


def test_items_with_lists_of_their_own() -> None:
    jobs = [{"company": "One", "highlights": ["a", "b"]}, {"company": "Two", "highlights": ["c"]}]
    assert count(compare({"experience": jobs}, {"experience": jobs[::-1]}, RESUME)) == Counts(right=5, wanted=5, got=5)


def test_rows_of_a_table_keep_their_order() -> None:
    rows = [["a", "1"], ["b", "2"], ["c", "3"]]
    wanted = {"tables": [{"rows": rows}]}
    dropped = count(compare(wanted, {"tables": [{"rows": [rows[0], rows[2]]}]}, TABLES))
    assert dropped == Counts(right=4, wanted=6, got=4)
    swapped = count(compare(wanted, {"tables": [{"rows": [rows[1], rows[0], rows[2]]}]}, TABLES))
    # Two of three rows stand in order; the third is missed in one place and made up in another.
    assert swapped == Counts(right=4, wanted=6, got=6)


def test_another_shape_is_wrong_and_no_crash() -> None:
    assert count(compare({"seller": {"name": "X"}}, {"seller": "X"}, INVOICE)) == Counts(right=0, wanted=1, got=1)
    assert count(compare({"lines": [{"quantity": 1}]}, {"lines": 1}, INVOICE)) == Counts(right=0, wanted=1, got=1)
    assert count(compare({"number": "7"}, {"number": ["7"]}, INVOICE)) == Counts(right=0, wanted=1, got=1)


def test_a_schema_that_refers_to_itself() -> None:
    node: dict[str, Any] = {
        "type": "object",
        "properties": {"day": {"type": "string", "format": "date"}, "next": {"$ref": "#/$defs/node"}},
    }
    schema = {"$defs": {"node": node}, **node}
    found = verdicts({"next": {"next": {"day": "2024-03-09"}}}, {"next": {"next": {"day": "9.3.2024"}}}, schema)
    assert found == [("next.next.day", "/next/next/day", "right")]


def test_a_key_with_a_slash_is_escaped_in_its_pointer() -> None:
    assert verdicts({"a/b~c": 1}, {"a/b~c": 1}, {}) == [("a/b~c", "/a~1b~0c", "right")]


def test_many_items_stay_quick() -> None:
    left = {"lines": [{"description": f"item {n}", "quantity": n} for n in range(600)]}
    right = {"lines": [{"description": f"item {n}", "quantity": n + (n % 100 == 7)} for n in range(600)]}
    assert count(compare(left, right, INVOICE)) == Counts(right=1194, wanted=1200, got=1200)
