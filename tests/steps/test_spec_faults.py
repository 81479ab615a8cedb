"""What of an answer no valid OpenAPI document can hold is asked about again, and flagged where that does not help."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from reportlab.pdfgen.canvas import Canvas

from docextract.artifacts.validate import faults
from docextract.testing.endpoint import FakeEndpoint

PRINTED = (
    ("GET /boats", "List all boats of the harbour"),
    ("GET /boats/{boatId}/crews", "Show the crews of one boat"),
    ("POST /boats", "Add a boat to the harbour"),
)


def operation(line: tuple[str, str]) -> dict[str, Any]:
    method, path = line[0].split()
    given = [{"name": "boatId", "in": "path", "required": True, "type": "string", "description": None}]
    return {
        "method": method,
        "path": path,
        "summary": line[1],
        "tags": [],
        "parameters": given if "{" in path else [],
        "request_body": None,
        "responses": [],
        "deprecated": None,
    }


WHOLE: dict[str, Any] = {
    "title": "Harbour",
    "version": "1.0",
    "description": None,
    "servers": [],
    "security": [],
    "operations": [operation(line) for line in PRINTED],
    "models": [],
}
CUT = copy.deepcopy(WHOLE)
CUT["operations"][1]["path"] = "/boats/{boatId}/cre..."


@pytest.fixture
def page(tmp_path: Path) -> Path:
    canvas = Canvas(str(tmp_path / "api.pdf"), pagesize=(595, 842))
    canvas.drawString(60, 790, "Harbour  1.0")
    for number, (line, summary) in enumerate(PRINTED):
        canvas.drawString(60, 700 - 160 * number, line)
        canvas.drawString(60, 680 - 160 * number, summary)
        if "{" in line:
            canvas.drawString(60, 660 - 160 * number, "boatId   string   in: path   required")
    canvas.save()
    return tmp_path / "api.pdf"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The endpoint gives these in turn, the last one for ever; a further question may ask for a part only."""
    turns: list[Any] = []

    def fill(schema: dict[str, Any], ledgers: Sequence[Any]) -> Any:
        value = turns.pop(0) if len(turns) > 1 else turns[0]
        return {name: inner for name, inner in value.items() if name in schema["properties"]}

    monkeypatch.setattr("docextract.testing.answers.fill", fill)
    return turns


def spec(out: Path) -> Any:
    document = yaml.safe_load((out / "api.pdf.openapi.yaml").read_text(encoding="utf-8"))
    assert faults(document) == ()
    return document


def test_a_path_that_was_cut_short_is_asked_for_again(page: Path, answers: list[Any], tmp_path: Path, run: Any) -> None:
    answers += [CUT, {"operations": WHOLE["operations"]}]
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[page], schema=["openapi"])
    assert len(done.requests) == 2
    assert done.data("api.pdf") == WHOLE
    assert set(spec(done.out)["paths"]) == {"/boats", "/boats/{boatId}/crews"}
    assert {issue["code"] for issue in done.meta("api.pdf")["issues"]} == {"second_look"}
    assert done.requests[1].input_tokens < done.requests[0].input_tokens  # a part of the page


def test_what_stays_cut_short_is_flagged_and_left_out(page: Path, answers: list[Any], tmp_path: Path, run: Any) -> None:
    answers += [CUT]
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[page], schema=["openapi"])
        strict = run(endpoint, tmp_path / "strict", inputs=[page], schema=["openapi"], strict=True)
    meta = done.meta("api.pdf")
    assert meta["state"] == "complete"
    assert strict.meta("api.pdf")["state"] == "partial"
    (issue,) = [issue for issue in meta["issues"] if issue["code"] == "audit_failed"]
    assert issue["path"] == "/operations/1/path"
    assert "cut short" in issue["message"]
    document = spec(done.out)
    assert set(document["paths"]) == {"/boats"}
    assert any("/boats/{boatId}/cre..." in note for note in document["x-docextract"]["notes"])


def test_a_whole_document_costs_no_further_call(page: Path, answers: list[Any], tmp_path: Path, run: Any) -> None:
    answers += [WHOLE]
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[page], schema=["openapi"])
    assert len(done.requests) == 1
    assert done.meta("api.pdf")["issues"] == []
