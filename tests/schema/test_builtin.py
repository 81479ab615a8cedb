import re
from collections.abc import Iterator
from typing import Any

import pytest

from docextract.schema.check import check
from docextract.schema.load import builtin_folder, builtin_names, load
from docextract.schema.target import Target

FIELDS = {
    "tables": {"tables": ["title", "pages", "header", "columns", "rows", "notes"]},
    "invoice": {
        "": ["number", "issue_date", "due_date", "seller", "buyer", "currency", "lines", "net_total", "tax_total",
             "grand_total", "amount_due", "iban", "purchase_order"],
        "seller": ["name", "address", "vat_id"],
        "buyer": ["name", "address", "vat_id"],
        "lines": ["description", "quantity", "unit", "unit_price", "net_amount", "tax_rate"],
    },
    "receipt": {
        "": ["company", "address", "date", "time", "currency", "items", "subtotal", "tax", "total", "payment_method"],
        "items": ["description", "quantity", "amount"],
    },
    "resume": {
        "": ["name", "headline", "email", "phone", "location", "urls", "summary", "experience", "education", "skills",
             "languages", "certifications", "projects"],
        "experience": ["company", "position", "location", "start_date", "end_date", "highlights"],
        "education": ["institution", "area", "degree", "start_date", "end_date"],
    },
    "openapi": {
        "": ["title", "version", "description", "servers", "security", "operations", "models"],
        "operations": ["method", "path", "summary", "tags", "parameters", "request_body", "responses", "deprecated"],
        "operations/parameters": ["name", "in", "required", "type", "description"],
        "operations/request_body": ["content_type", "fields", "example"],
        "operations/responses": ["status", "description", "fields", "example"],
    },
}  # fmt: skip
READERS = {"tables": "tables", "invoice": "fields", "receipt": "fields", "resume": "sections", "openapi": "apidocs",
           "bank_statement": "fields", "form": "fields", "contract": "fields", "letter": "fields"}  # fmt: skip


@pytest.fixture(params=builtin_names())
def target(request: pytest.FixtureRequest) -> Target:
    (found,) = load(request.param)
    return found


def opened(schema: dict[str, Any]) -> dict[str, Any]:
    while True:
        if "anyOf" in schema:
            schema = next(branch for branch in schema["anyOf"] if branch.get("type") != "null")
        elif schema.get("type") == "array":
            schema = schema["items"]
        else:
            return schema


def fields(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for name, inner in opened(schema).get("properties", {}).items():
        yield f"{path}/{name}", inner
        yield from fields(inner, f"{path}/{name}")


def test_field_names_are_the_promised_ones(target: Target) -> None:
    for path, names in FIELDS.get(target.name, {}).items():
        node = opened(target.json_schema)
        for step in filter(None, path.split("/")):
            node = opened(node["properties"][step])
        assert list(node["properties"]) == names
    assert target.json_schema.get("x-reader") == READERS.get(target.name)


def test_every_field_is_explained_and_labelled(target: Target) -> None:
    for path, schema in fields(target.json_schema):
        assert schema.get("title"), path
        assert schema.get("description"), path
        # What is judged stands beside no label.
        assert schema.get("x-aliases") or target.name not in FIELDS, path


def test_nothing_is_required_and_the_check_has_nothing_to_say(target: Target) -> None:
    empty = target.validate({})
    assert empty.ok
    assert all(value in (None, []) for value in empty.data.values())
    assert check(target.json_schema) == ()


def test_the_files_are_meant_to_be_copied(target: Target) -> None:
    folder = builtin_folder()
    assert folder is not None
    lines = (folder / f"{target.name}.py").read_text().splitlines()
    imports = {line for line in lines if re.match(r"(from|import) ", line)}
    allowed = r"(from (pydantic|typing|docextract|decimal|datetime) import .+|import datetime as dt)"
    assert all(re.fullmatch(allowed, line) for line in imports)
    assert len(lines) < 300


def test_only_what_is_computed_is_inferred() -> None:
    marked = {
        path
        for name in FIELDS
        for path, schema in fields(load(name)[0].json_schema)
        if schema.get("x-evidence") == "inferred"
    }
    assert {path.rsplit("/", 1)[-1] for path in marked} == {"pages", "columns", "required", "in", "deprecated"}


def test_dates_and_money_have_one_form() -> None:
    (invoice,) = load("invoice")
    done = invoice.validate({"issue_date": "2024-03-05", "grand_total": "119.00", "lines": [{"quantity": 2}]})
    assert done.data["issue_date"] == "2024-03-05"
    assert done.data["grand_total"] == 119.0
    assert isinstance(done.data["lines"][0]["quantity"], int)
    (resume,) = load("resume")
    for good in ("2021", "2021-03", "2021-03-04"):
        assert resume.validate({"experience": [{"start_date": good}]}).ok
    assert not resume.validate({"experience": [{"start_date": "March 2021"}]}).ok


def test_openapi_asks_for_its_artifact() -> None:
    (target,) = load("openapi")
    assert target.json_schema["x-artifacts"] == ["openapi"]
