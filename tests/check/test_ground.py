import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.check.ground import ground
from docextract.types import Evidence, Json, Word, Words

PageMaker = Callable[..., Words]


def field(**schema: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": schema}}


def one(value: Json, page: Words, **schema: Any) -> Evidence:
    (evidence,) = ground({"x": value}, field(**(schema or {"type": "string"})), [page])
    return evidence


@pytest.mark.parametrize(
    ("value", "schema", "printed", "status"),
    [
        ("Acme Tools GmbH", {}, "Seller Acme Tools GmbH Berlin", "verbatim"),
        ("Acme Tools GmbH", {}, "ACME TOOLS GMBH", "normalised"),
        ("Größe fünf", {}, "Grosse funf", "normalised"),
        ("office flow", {}, "o\ufb03ce \ufb02ow", "normalised"),
        ("2024-03-05", {"type": "string", "format": "date"}, "Date 5 March 2024", "normalised"),
        ("2024-03-05", {"type": "string", "format": "date"}, "Datum 05.03.2024", "normalised"),
        ("2024-05-03", {"type": "string", "format": "date"}, "Date 05/03/2024", "normalised"),
        ("2024-03-05", {"type": "string", "format": "date"}, "on 2024-03-05", "verbatim"),
        ("2024-03", {}, "03/2024", "normalised"),
        ("2024", {}, "March 2024", "verbatim"),
        ("MYR", {}, "Description Amount(RM)", "normalised"),
        ("EUR", {}, "Betrag (\u20ac) 12,00", "normalised"),
        ("17:04", {}, "at 5:04 PM", "normalised"),
        (1234.5, {"type": "number"}, "Total 1.234,50 EUR", "normalised"),
        (1234.5, {"type": "number"}, "Total 1,234.50", "normalised"),
        (1234.5, {"type": "number"}, "Total 1234.50", "verbatim"),
        (-12.5, {"type": "number"}, "(12.50)", "normalised"),
        (0.19, {"type": "number"}, "VAT 19 %", "normalised"),
        (12.0, {"type": "number"}, "RM12.00", "normalised"),
        ("DE89370400440532013000", {}, "IBAN DE89 3704 0044 0532 0130 00", "normalised"),
        ("+49 30 901820", {}, "Tel +49 (0)30 / 901820", "normalised"),
        ("https://www.example.org/", {}, "see example.org", "normalised"),
        ("EUR", {}, "total 12.00€", "normalised"),
        ("(a)", {}, "(a)", "unchecked"),
    ],
)
def test_the_same_said_otherwise_is_found(
    make_page: PageMaker, value: Json, schema: dict[str, Any], printed: str, status: str
) -> None:
    found = one(value, make_page("something before", printed, "and after"), **schema)
    assert found.status == status
    assert (found.box is not None) == (status != "unchecked")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("INV-2024-0017", "Invoice INV-2024-0018"),
        (1234.5, "Total 1,284.50"),
        ("2024-03-05", "Date 06.03.2024"),
        ("12 Station Road, Leeds", "12 Station Street Leeds"),
        ("12 Station Road, Leeds", "17 Station Road, Leeds"),
        ("Acme Tools Holding Ltd", "Acme Tools Maiding Ltd"),
    ],
)
def test_near_but_different_is_contradicted_with_its_place(make_page: PageMaker, value: Json, printed: str) -> None:
    found = one(value, make_page("first", printed), type="number" if isinstance(value, float) else "string")
    assert found.status == "contradicted"
    assert found.box is not None
    assert found.confidence < 0.3


@pytest.mark.parametrize("value", ["Nordwind Handel AG", 98765.43, "1999-12-31", "XK-77-1234"])
def test_what_is_nowhere_is_absent(make_page: PageMaker, value: Json) -> None:
    found = one(value, make_page("Acme Tools GmbH", "Total 12.00"), type=["number", "string"])
    assert (found.status, found.box, found.quote) == ("absent", None, None)


def test_a_misread_letter_in_a_name_is_approximate(make_page: PageMaker) -> None:
    found = one("Brighton Hardware Supplies Limited", make_page("Brighton Hardvare Supplies Limited"))
    assert found.status == "approximate"
    assert found.quote == "Brighton Hardvare Supplies Limited"
    assert 0.7 < found.confidence < 0.95


def test_numbers_in_text_are_never_taken_nearly(make_page: PageMaker) -> None:
    page = make_page("Station Road 124, 81100 Johor Bahru")
    assert one("Station Road 12, 81100 Johor Bahru", page).status == "contradicted"
    assert one("1.5 mm cable", make_page("15 mm cable")).status != "verbatim"


def test_two_cells_are_not_one_number(make_page: PageMaker) -> None:
    assert one(15, make_page([(20, "1"), (80, "5")]), type="integer").status == "absent"
    assert one("15", make_page([(20, "1"), (80, "5")])).status == "absent"


def test_rows_are_told_apart_by_their_neighbours(make_page: PageMaker) -> None:
    page = make_page(
        [(20, "Bolt"), (200, "2"), (300, "5.00"), (400, "10.00")],
        [(20, "Nut"), (200, "5"), (300, "2.00"), (400, "10.00")],
        [(20, "Bolt"), (200, "2"), (300, "5.00"), (400, "10.00")],
        [(300, "Total"), (400, "30.00")],
    )
    schema = {
        "type": "object",
        "properties": {
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "n": {"type": "number"}, "p": {"type": "number"}},
                },
            }
        },
    }
    lines = [
        {"name": "Bolt", "n": 2, "p": 10.0},
        {"name": "Nut", "n": 5, "p": 10.0},
        {"name": "Bolt", "n": 2, "p": 10.0},
    ]
    found = ground({"lines": lines}, schema, [page])
    tops = [round(item.box[1] * 800) for item in found if item.box]
    assert tops == [20, 20, 20, 32, 32, 32, 44, 44, 44]
    assert [round(item.box[0] * 600) for item in found if item.box] == [20, 200, 400] * 3


def test_a_row_of_small_numbers_is_told_by_all_of_them(make_page: PageMaker) -> None:
    columns = (20, 100, 200, 300)
    rows = [[1, 2, 3, 4], [5, 6, 7, 8], [1, 2, 3, 4]]
    page = make_page(*[[(x, str(n)) for x, n in zip(columns, row, strict=True)] for row in rows])
    cells = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}
    found = ground({"x": rows}, field(**cells), [page])
    assert [round(item.box[1] * 800) if item.box else None for item in found] == [20] * 4 + [32] * 4 + [44] * 4


def test_computed_fields_are_inferred(make_page: PageMaker) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "x-computed": ["b"]}
    found = ground({"a": "Acme Tools", "b": "Acme Tools"}, schema, [make_page("Acme Tools")])
    assert [item.status for item in found] == ["verbatim", "inferred"]


def test_lone_small_values_are_unchecked_unless_labelled(make_page: PageMaker) -> None:
    page = make_page("Pages 3 of 7", "Nights 3")
    assert one(3, page, type="integer").status == "unchecked"
    assert one(3, page, type="integer", title="Nights").status == "verbatim"
    assert one(4, page, type="integer").status == "absent"


def test_labels_decide_between_equal_values(make_page: PageMaker) -> None:
    page = make_page([(20, "Net"), (300, "50.00")], [(20, "Total due"), (300, "50.00")])
    found = one(50.0, page, **{"type": "number", "x-aliases": ["Total due"]})
    assert found.box is not None
    assert round(found.box[1] * 800) == 32


def test_several_lines_give_a_box_each(make_page: PageMaker) -> None:
    page = make_page(
        [(20, "Acme Tools"), (300, "Beta Ltd")],
        [(20, "12 Long Road"), (300, "9 Short Way")],
        [(20, "Leeds"), (300, "York")],
    )
    found = one("12 Long Road, Leeds", page)
    assert found.status == "normalised"
    assert [
        tuple(round(side * size) for side, size in zip(box, (600, 800) * 2, strict=True)) for box in found.boxes
    ] == [
        (20, 32, 78, 42),
        (20, 44, 45, 54),
    ]
    assert found.box == (found.boxes[0][0], found.boxes[0][1], found.boxes[0][2], found.boxes[1][3])


def test_a_word_broken_at_a_line_end_is_joined(make_page: PageMaker) -> None:
    assert one("long description", make_page("a long descrip-", "tion of it")).status == "normalised"


def test_part_of_a_word_gets_part_of_its_box(make_page: PageMaker) -> None:
    found = one("12.00", make_page("Total:12.00"))
    assert found.quote == "12.00"
    assert found.box is not None
    assert round(found.box[0] * 600) == 20 + 6 * 5


def test_what_the_schema_calls_inferred_is_not_looked_for(make_page: PageMaker) -> None:
    page = make_page("high risk")
    found = one("high", page, **{"type": "string", "x-evidence": "inferred"})
    assert (found.status, found.box) == ("inferred", None)
    assert one(True, page, type="boolean").status == "unchecked"


def test_hidden_words_are_no_evidence(make_page: PageMaker) -> None:
    hidden = (Word("Nordwind", 20, 50, 60, 60), Word("Handel", 64, 50, 90, 60))
    assert one("Nordwind Handel", make_page("Acme", hidden=hidden)).status == "absent"


def test_a_page_without_words_leaves_values_unchecked(make_page: PageMaker) -> None:
    empty = Words(page=2, width=600, height=800, words=(), source="none")
    schema = field(type="string")
    assert ground({"x": "Acme Tools"}, schema, [make_page("Beta"), empty])[0].status == "unchecked"
    (found,) = ground({"x": "Acme Tools"}, schema, [make_page("Beta"), empty], pages={"/x": 1})
    assert (found.status, found.page) == ("absent", 1)


def test_only_the_page_that_a_value_came_from_counts(make_page: PageMaker) -> None:
    pages = [make_page("Acme Tools", number=1), make_page("Acme Tools", number=2), make_page("Beta", number=3)]
    schema = field(type="string")
    assert ground({"x": "Acme Tools"}, schema, pages, pages={"/x": 2})[0].page == 2
    assert ground({"x": "Acme Tools"}, schema, pages, pages={"/x": 3})[0].status == "absent"


def test_an_engines_place_is_checked_before_it_counts(make_page: PageMaker) -> None:
    page = make_page([(20, "3"), (300, "3")], "Acme")

    def hint(*box: float) -> Evidence:
        place = (box[0] / 600, box[1] / 800, box[2] / 600, box[3] / 800)
        return Evidence(path="/x", page=1, box=place, boxes=(place,), status="verbatim", confidence=1.0)

    schema = field(type="integer")
    (found,) = ground({"x": 3}, schema, [page], [hint(299, 19, 306, 31)])
    assert found.box is not None
    assert round(found.box[0] * 600) == 300
    (wrong,) = ground({"x": 3}, schema, [page], [hint(19, 31, 60, 43)])
    assert wrong.status == "unchecked"


def test_kinds_without_layout_get_spans() -> None:
    text = "Acme Tools GmbH\nTotal 12.00"
    words = [
        Word(part, 0, 12.0 * line, 5, 10 + 12.0 * line, span=(start, start + len(part)))
        for line, row in enumerate(text.split("\n"))
        for part in row.split()
        for start in [text.index(part)]
    ]
    spread = tuple(Word(w.text, i * 60.0, w.y0, i * 60 + 50.0, w.y1, span=w.span) for i, w in enumerate(words))
    page = Words(page=1, width=1, height=1, words=spread, source="flow", text=text)
    found = one("Acme Tools GmbH", page)
    assert (found.status, found.box, found.boxes, found.span, found.page) == ("verbatim", None, (), (0, 15), 1)


LEAF = (
    st.none()
    | st.booleans()
    | st.integers(-999, 999)
    | st.sampled_from(["", " ", "Acme Tools", "12.00", "2024-01-02", "a/b~c", "."])
)
VALUE = st.dictionaries(
    st.sampled_from(["a", "b/c", "d~e", "lines"]),
    st.recursive(
        LEAF,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def pointers(value: Json, path: str = "") -> list[str]:
    if isinstance(value, dict):
        steps = [(key.replace("~", "~0").replace("/", "~1"), inner) for key, inner in value.items()]
    elif isinstance(value, list):
        steps = [(str(index), inner) for index, inner in enumerate(value)]
    else:
        return [] if value is None else [path]
    return [found for step, inner in steps for found in pointers(inner, f"{path}/{step}")]


@given(VALUE)
def test_every_leaf_stands_exactly_once_and_inside_its_page(value: Json) -> None:
    rows = ["Acme Tools 12.00", "2024-01-02 7 -3"]
    words = [
        Word(part, 20.0 + 300 * column, 780.0 + 15 * row, 120.0 + 300 * column, 795.0 + 15 * row)
        for row, text in enumerate(rows)
        for column, part in enumerate(text.split())
    ]
    page = Words(page=1, width=600, height=800, words=tuple(words), source="text")
    found = ground(value, {}, [page])
    assert [item.path for item in found] == pointers(value)
    for item in found:
        assert 0 <= item.confidence <= 1
        located = item.status in ("verbatim", "normalised", "approximate")
        assert not located or item.box is not None
        for box in item.boxes:
            assert 0 <= box[0] <= box[2] <= 1
            assert 0 <= box[1] <= box[3] <= 1


@given(st.integers(10_000, 99_999_999), st.integers(0, 9), st.data())
def test_one_changed_digit_is_never_located(cents: int, digit: int, data: st.DataObject) -> None:
    printed = f"{cents // 100}.{cents % 100:02d}"
    places = [match.start() for match in re.finditer(r"\d", printed) if printed[match.start()] != str(digit)]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    wrong = printed[:at] + str(digit) + printed[at + 1 :]
    page = Words(page=1, width=600, height=800, words=(Word(printed, 20, 20, 90, 30),), source="text")
    assert one(float(printed), page, type="number").status == "verbatim"
    assert one(float(wrong), page, type="number").status in ("contradicted", "absent")
    assert one(f"No. {wrong}", page).status in ("contradicted", "absent")


def test_the_end_of_a_longer_word_is_another_word(make_page: Any) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    [item] = ground({"name": "Lieferant GmbH"}, schema, [make_page("Hauptlieferant GmbH, Bahnhofstr. 4")])
    assert item.status == "contradicted"
    [item] = ground({"name": "Hauptlieferant GmbH"}, schema, [make_page("Hauptlieferant GmbH, Bahnhofstr. 4")])
    assert item.status in ("verbatim", "normalised")
