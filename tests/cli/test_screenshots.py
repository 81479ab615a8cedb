"""Screenshots of one API become one OpenAPI document; the endpoint answers for each page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from docextract.artifacts.validate import faults
from docextract.testing.documents import write_picture
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger


def operation(method: str, path: str, **more: Any) -> dict[str, Any]:
    return {"method": method, "path": path, **more}


LIMIT = {"name": "limit", "in": "query", "type": "integer", "required": False}
SHOTS: list[dict[str, Any]] = [
    {"title": "Boats", "version": "1.0", "servers": ["https://boats.example.org/v1"],
     "operations": [operation("GET", "/boats", summary="List", tags=["boats"], parameters=[LIMIT])]},
    {"operations": [operation("GET", "/boats", summary="List all boats", parameters=[
        {**LIMIT, "description": "How many"}, {"name": "page", "in": "query", "type": "integer"}],
        responses=[{"status": "200", "description": "ok", "fields": [{"name": "id", "type": "integer"}]}])]},
    {"operations": [operation("GET", "/boats/{boatId}", parameters=[{"name": "boatId", "in": "path"}]),
                    operation("get", "/Boats", parameters=[{**LIMIT, "type": "string"}])]},
    {"operations": [operation("POST", "/boats", request_body={
        "content_type": "application/json", "fields": [], "example": '{"name": "Gull", "length": 4.5}'})],
     "models": [{"name": "Boat", "fields": [{"name": "name", "type": "string"}]}]},
    {"servers": ["https://boats.example.org/v1"], "operations": [operation("DELETE", "/boats/{boatId}/cre...")],
     "models": [{"name": "Boat", "fields": [{"name": "name", "type": "string"}, {"name": "age", "type": "integer"}]}]},
]  # fmt: skip


@pytest.fixture
def shots(tmp_path: Path, answering: Callable[[dict[str, Any]], None]) -> Path:
    folder = tmp_path / "in" / "boats"
    folder.mkdir(parents=True)
    answers = {}
    for index, shot in enumerate(SHOTS, start=1):
        ledger = make_ledger(index, 3)
        write_picture(folder / f"shot {index if index < 5 else 10}.png", ledger, width=700, height=500)
        answers[ledger.number] = shot
    answering(answers)
    return tmp_path / "in"


def test_five_screenshots_are_one_document_and_twice_the_same(
    shots: Path, tmp_path: Path, run_python: Callable[..., CompletedProcess[str]], environment: Any
) -> None:
    found = []
    with FakeEndpoint("zai") as endpoint:
        for name in ("first", "second"):
            words = ["run", str(shots), "--group", "folder", "--schema", "openapi", "--model", "zai/glm-5v-turbo"]
            words += ["--base-url", endpoint.base_url, "--window-pages", "1", "--out", name, "--ocr", "off", "--quiet"]
            done = run_python(["-m", "docextract", *words], tmp_path, extra=environment(endpoint))
            assert done.returncode == 0, done.stdout + done.stderr
            found.append((tmp_path / name / "boats.openapi.yaml").read_bytes())
    assert found[0] == found[1]
    document = yaml.safe_load(found[0])
    assert faults(document) == ()
    operations = {(method, path) for path, item in document["paths"].items() for method in item}
    assert operations == {("get", "/boats"), ("get", "/boats/{boatId}"), ("post", "/boats")}
    listing = document["paths"]["/boats"]["get"]
    assert listing["summary"] == "List all boats"
    assert [(one["name"], one.get("description")) for one in listing["parameters"]] == [
        ("limit", "How many"),
        ("page", None),
    ]
    assert listing["parameters"][0]["schema"] == {"type": "integer"}
    assert set(listing["responses"]) == {"200"}
    assert set(document["components"]["schemas"]["Boat"]["properties"]) == {"name", "age"}
    body = document["paths"]["/boats"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["length"] == {"type": "number"}
    assert any("/boats/{boatId}/cre..." in note for note in document["x-docextract"]["notes"])
    meta = json.loads((tmp_path / "first" / "boats.meta.json").read_text())
    assert [file["path"] for file in meta["source"]["files"]][-1] == "boats/shot 10.png"
    (conflict,) = [item for item in meta["conflicts"] if item["path"].endswith("/type")]
    assert (conflict["kept"], conflict["other"][0]["value"], conflict["other"][0]["page"]) == ("integer", "string", 3)
