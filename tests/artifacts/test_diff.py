"""What is told of two OpenAPI documents."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from docextract.artifacts.spec_diff import as_json, diff

PET = {"$ref": "#/components/schemas/Pet"}
OLD: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "ok"}},
            },
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
        "/pets/{id}": {
            "put": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                "responses": {"200": {"description": "ok"}},
            }
        },
    },
    "components": {"schemas": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}, "friend": PET}}}},
}  # fmt: skip


def told(new: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    return {(change.kind, change.what, change.where, change.name) for change in diff(OLD, new)}


def test_the_same_document_has_no_differences() -> None:
    new = copy.deepcopy(OLD)
    new["x-docextract"] = {"notes": ["something"]}
    assert diff(OLD, new) == ()


def test_what_was_added_removed_and_changed_is_told() -> None:
    new = copy.deepcopy(OLD)
    del new["paths"]["/pets"]["delete"]
    new["paths"]["/pets"]["post"] = {"responses": {"201": {"description": "made"}}}
    get = new["paths"]["/pets"]["get"]
    get["parameters"] = [
        {"name": "limit", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
    ]
    get["responses"]["404"] = {"description": "none"}
    new["components"]["schemas"]["Pet"]["properties"]["age"] = {"type": "integer"}
    assert told(new) == {
        ("removed", "operation", "DELETE /pets", "DELETE /pets"),
        ("added", "operation", "POST /pets", "POST /pets"),
        ("added", "parameter", "GET /pets", "query page"),
        ("added", "parameter", "GET /pets", "query limit required"),
        ("changed", "parameter", "GET /pets", "query limit type"),
        ("added", "response", "GET /pets", "404"),
        ("added", "field", "PUT /pets/{id}", "request body age"),
        ("added", "field", "", "Pet age"),
    }


def test_a_path_parameter_that_was_renamed_is_the_same_operation() -> None:
    new = json.loads(json.dumps(OLD).replace("/pets/{id}", "/pets/{petId}").replace('"name": "id"', '"name": "petId"'))
    assert told(new) == {("changed", "path", "PUT /pets/{petId}", "path")}


def test_counts_go_with_the_lists() -> None:
    new = copy.deepcopy(OLD)
    new["info"]["version"] = "2"
    (change,) = as_json(diff(OLD, new))["changed"]
    assert (change["old"], change["new"]) == ("1", "2")


def test_the_command_prints_json_and_exits_0(tmp_path: Path, run_python: Callable[..., CompletedProcess[str]]) -> None:
    new = copy.deepcopy(OLD)
    del new["paths"]["/pets"]["delete"]
    (tmp_path / "old.yaml").write_text(yaml.safe_dump(OLD))
    (tmp_path / "new.json").write_text(json.dumps(new))
    done = run_python(["-m", "docextract", "openapi", "diff", "old.yaml", "new.json", "--json"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row["name"] for row in json.loads(done.stdout)["removed"]] == ["DELETE /pets"]
    done = run_python(["-m", "docextract", "openapi", "diff", "old.yaml", "new.json"], tmp_path)
    assert "- operation DELETE /pets" in done.stdout.splitlines()
    done = run_python(["-m", "docextract", "openapi", "diff", "old.yaml", "missing.yaml"], tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


@pytest.mark.parametrize(
    "broken", [{}, {"paths": None}, {"paths": {"/a": None}}, {"paths": {"/a": {"get": {"parameters": "x"}}}}]
)
def test_a_broken_document_is_compared_as_far_as_it_goes(broken: dict[str, Any]) -> None:
    assert any(change.kind == "removed" for change in diff(OLD, broken))
