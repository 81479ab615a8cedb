from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from docextract import Aliases, Audit
from docextract.schema.audits import RULES
from docextract.schema.check import check
from docextract.schema.part import part
from docextract.schema.target import target_of
from docextract.schema.wire import translate


class Sheet(BaseModel):
    a: Annotated[Decimal | None, Audit.sum_of("b", "c", tolerance=0.5), Aliases("A"), Audit.not_after("/d")] = None
    b: Annotated[list[int], Audit.free_rows] = []


def test_marks_show_in_the_json_schema_in_order() -> None:
    fields = target_of(Sheet).json_schema["properties"]
    assert fields["a"]["x-audits"] == [
        {"rule": "sum", "of": ["b", "c"], "tolerance": 0.5},
        {"rule": "not_after", "to": ["/d"]},
    ]
    assert fields["a"]["x-aliases"] == ["A"]
    assert fields["b"]["x-audits"] == [{"rule": "free_rows"}]


def test_every_mark_says_a_known_rule() -> None:
    marks = [
        Audit.sum_of("a"),
        Audit.adds_up("a", "b"),
        Audit.product_of("a", "b"),
        Audit.equals("a"),
        Audit.not_before("a"),
        Audit.not_after("a"),
        Audit.check_digits("gtin"),
        Audit.one_of(Audit.equals("a"), Audit.equals("b")),
        Audit.free_rows,
    ]
    assert {mark.entry["rule"] for mark in marks} == set(RULES)


@pytest.mark.parametrize("make", [Audit.sum_of, lambda: Audit.equals("/"), Audit.one_of, lambda: Audit.adds_up("a")])
def test_an_audit_without_paths_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match="audit"):
        make()


def test_unknown_check_digits_are_refused() -> None:
    with pytest.raises(ValueError, match="iban"):
        Audit.check_digits("ean")  # type: ignore[arg-type]  # refused at run time too


def test_audits_are_not_sent_to_endpoints() -> None:
    wire = translate(target_of(Sheet).json_schema, "none")
    assert "x-audits" not in str(wire.schema)


NESTED: dict[str, Any] = {
    "type": "object",
    "title": "T",
    "required": ["rows", "total"],
    "properties": {
        "rows": {"type": "array", "items": {"type": "object", "properties": {"a": {}, "b": {}}}},
        "total": {"type": "number"},
        "seller": {"anyOf": [{"type": "object", "properties": {"name": {}, "id": {}}}, {"type": "null"}]},
    },
}


def test_a_part_of_a_schema_keeps_lists_whole_and_nothing_else() -> None:
    cut = part(NESTED, ["/rows/3/a", "/seller/name", "/nothing"])
    assert cut["properties"]["rows"] == NESTED["properties"]["rows"]
    assert cut["properties"]["seller"]["anyOf"][0]["properties"] == {"name": {}}
    assert set(cut["properties"]) == {"rows", "seller"}
    assert cut["required"] == ["rows"]
    assert cut["title"] == "T"


@pytest.mark.parametrize("entry", [{"rule": "adds"}, "sum", {"rule": "check_digits", "kind": "ean"}])
def test_an_audit_that_says_nothing_known_is_a_finding(entry: Any) -> None:
    field = {"type": "number", "description": "n", "x-audits": [entry]}
    found = check({"type": "object", "properties": {"n": field}})
    assert [each.code for each in found if each.level == "error"] == ["unknown_audit"]
