from collections.abc import Mapping
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from docextract.artifacts.openapi import assemble
from docextract.artifacts.registry import artifacts


def operation(document: Mapping[str, Any], path: str, method: str) -> dict[str, Any]:
    found = document["paths"][path][method]
    assert isinstance(found, dict)
    return found


PETS: dict[str, Any] = {
    "title": "Pets",
    "version": "1.2",
    "servers": ["https://api.example.org/v1", "see above"],
    "security": [
        {"name": "key", "type": "apiKey", "in": "header", "parameter": "X-Key"},
        {"name": "o", "type": "magic"},
    ],
    "operations": [
        {
            "method": "GET",
            "path": "/pets/{petId}",
            "summary": "One pet",
            "tags": ["pets"],
            "parameters": [{"name": "verbose", "in": "query", "type": "boolean", "required": True}],
            "responses": [
                {
                    "status": "200",
                    "description": "ok",
                    "fields": [{"name": "id", "type": "integer (int64)", "required": True}],
                },
                {"status": "whenever"},
            ],
        },
        {"method": "POST", "path": "/pets/:id", "parameters": [{"name": "id", "in": "path", "type": "int"}]},
        {"method": "GET", "path": "/pets/{petId}", "responses": [{"status": "404", "description": "none"}]},
        {"method": "GET", "path": "/cut/sho..."},
        {
            "method": "PUT",
            "path": "/pets",
            "request_body": {
                "content_type": "application/json",
                "fields": [
                    {"name": "owner.name", "type": "string"},
                    {"name": "tags[].label", "type": "string"},
                    {"name": "pet", "type": "Pet"},
                    {"name": "many", "type": "array of Pet"},
                ],
            },
        },
    ],
    "models": [
        {"name": "Pet", "fields": [{"name": "id", "type": "integer"}, {"name": "kind", "type": "sort of animal"}]},
    ],
}  # fmt: skip


def test_a_record_becomes_a_valid_document() -> None:
    document = assemble(PETS)
    validate(document)
    assert document["info"] == {"title": "Pets", "version": "1.2"}
    assert document["servers"] == [{"url": "https://api.example.org/v1"}]
    assert set(document["paths"]) == {"/pets/{petId}", "/pets"}


def test_path_parameters_that_are_missing_are_added_and_noted() -> None:
    found = operation(assemble(PETS), "/pets/{petId}", "get")
    assert {(p["name"], p["in"], p.get("required")) for p in found["parameters"]} == {
        ("verbose", "query", True),
        ("petId", "path", True),
    }
    assert any("petId" in note for note in found["x-docextract"]["notes"])


def test_paths_that_differ_in_a_parameters_name_are_one() -> None:
    found = operation(assemble(PETS), "/pets/{petId}", "post")
    assert [(p["name"], p["in"], p["schema"]) for p in found["parameters"]] == [("petId", "path", {"type": "integer"})]


def test_an_operation_shown_twice_is_completed() -> None:
    document = assemble(PETS)
    assert set(operation(document, "/pets/{petId}", "get")["responses"]) == {"200", "404"}
    assert any("more than once" in note for note in document["x-docextract"]["notes"])


def test_what_cannot_be_said_is_noted_and_not_invented() -> None:
    document = assemble(PETS)
    notes = " / ".join(document["x-docextract"]["notes"])
    assert "/cut/sho..." in notes
    assert "see above" in notes
    assert "magic" in notes
    assert "sort of animal" in notes
    assert document["components"]["securitySchemes"] == {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}


def test_bodies_nest_and_refer_to_models() -> None:
    schema = operation(assemble(PETS), "/pets", "put")["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["owner"]["properties"]["name"] == {"type": "string"}
    assert schema["properties"]["tags"]["items"]["properties"]["label"] == {"type": "string"}
    assert schema["properties"]["pet"] == {"$ref": "#/components/schemas/Pet"}
    assert schema["properties"]["many"] == {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}


def test_only_schemas_that_ask_for_it_get_the_artifact() -> None:
    ((suffix, content),) = artifacts({"x-artifacts": ["openapi", "unknown"]}, PETS, "a/b.pdf")
    assert suffix == "openapi.yaml"
    assert yaml.safe_load(content) == assemble(PETS)
    assert artifacts({}, PETS) == []
    assert artifacts({"x-artifacts": ["openapi"]}, None) == []


WORD = st.sampled_from(
    ["", " ", "id", "a b", "{id}", "x.y", "x[].y", "x[]", "[]", "ü", "a/b", "$ref", "..", "*"]
) | st.text(max_size=6)
TYPE = (
    st.sampled_from(["string", "array of string", "Pet[]", "integer(int32)", "object", "a|b", "Pet", "[x]", "array"])
    | WORD
)
FIELDS = st.lists(
    st.fixed_dictionaries({}, optional={"name": WORD, "type": TYPE, "required": st.booleans()}), max_size=4
)
PATHS = (
    st.sampled_from(
        ["/a", "/a/{id}", "/a/{x}", "/a/{x}/{x}", "b", "/c?d={e}&f", "https://h/p/{q}", "/a/{", "/a/:id", "//"]
    )
    | WORD
)
OPERATIONS = st.fixed_dictionaries(
    {"method": st.sampled_from(["GET", "post", "LIST", "", "Patch"]), "path": PATHS},
    optional={
        "summary": WORD,
        "tags": st.lists(WORD, max_size=2),
        "deprecated": st.booleans() | st.none(),
        "parameters": st.lists(
            st.fixed_dictionaries(
                {"name": WORD}, optional={"in": st.sampled_from(["path", "query", "body", None]), "type": TYPE}
            ),
            max_size=3,
        ),
        "request_body": st.none()
        | st.fixed_dictionaries({"content_type": WORD | st.just("text/csv"), "fields": FIELDS}),
        "responses": st.lists(
            st.fixed_dictionaries(
                {"status": st.sampled_from(["200", "default", "4XX", "999", "", "HTTP 201"]), "fields": FIELDS}
            ),
            max_size=3,
        ),
    },
)
RECORDS = st.fixed_dictionaries(
    {"operations": st.lists(OPERATIONS, max_size=4)},
    optional={
        "title": WORD,
        "version": WORD | st.none(),
        "servers": st.lists(WORD, max_size=2),
        "models": st.lists(st.fixed_dictionaries({"name": WORD | st.just("Pet"), "fields": FIELDS}), max_size=3),
        "security": st.lists(
            st.fixed_dictionaries(
                {
                    "name": WORD,
                    "type": st.sampled_from(["apiKey", "oauth2", "bearer", "http basic", "openIdConnect", ""]),
                },
                optional={"parameter": WORD},
            ),
            max_size=2,
        ),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
@example({"operations": []})
def test_any_record_becomes_a_valid_document(record: dict[str, Any]) -> None:
    validate(assemble(record))
