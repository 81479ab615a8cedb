"""What the validator refuses, and that nothing it accepts leads out of the document."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from docextract.artifacts.losses import valid
from docextract.artifacts.openapi import assemble
from docextract.artifacts.spec_file import read_spec
from docextract.artifacts.validate import faults
from docextract.errors import ConfigError

SOUND: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets & `more`".replace("`", ""), "version": "1.0", "contact": {"email": "a@example.org"}},
    "servers": [{"url": "https://api.example.org/v1"}],
    "paths": {"/pets": {"get": {"responses": {"200": {"description": "Media type */* <b>bold</b>"}}}}},
    "components": {"schemas": {"Pet": {"type": "object", "properties": {"$ref": {"type": "string"}}}}},
}


def changed(*steps: str, to: Any) -> dict[str, Any]:
    document = copy.deepcopy(SOUND)
    node = document
    for step in steps[:-1]:
        node = node[step]
    node[steps[-1]] = to
    return document


def test_a_sound_document_has_no_faults() -> None:
    assert faults(SOUND) == ()


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ([], "not an object"),
        (changed("openapi", to="2.0"), "version"),
        (changed("info", "contact", "email", to="hr%6A#5"), "e-mail"),
        (changed("servers", to=[{"url": "two words"}]), "URL"),
        (changed("info", "title", to="=end system('x')"), "code"),
        (changed("info", "description", to="<script>alert(1)</script>"), "markup"),
        (changed("info", "description", to='<img src=x onerror="x()">'), "markup"),
        (changed("paths", to={"/a';}; f(function(){": {}}), "characters"),
        (changed("paths", to={"/a/{id": {}}), "braces"),
        (changed("components", "schemas", "Pet", to={"$ref": "https://example.org/pet.json"}), "out of the document"),
        (changed("components", "schemas", "Pet", to={"$ref": "file:///etc/passwd"}), "out of the document"),
        (changed("info", "description", to=None), "not of type"),
        (changed("paths", "/pets", "get", to={"parameters": {"name": "a"}}), "not of type"),
    ],
)
def test_what_is_wrong_is_named(document: Any, word: str) -> None:
    found = faults(document)
    assert found
    assert word in found[0]


def test_a_document_that_contains_itself_or_grows_without_end_is_refused() -> None:
    loop = copy.deepcopy(SOUND)
    loop["info"]["x-again"] = loop
    assert "contains itself" in faults(loop)[0]
    bomb = copy.deepcopy(SOUND)
    layer: Any = ["lol"] * 10
    for _ in range(12):
        layer = [layer] * 10
    bomb["x-bomb"] = layer
    assert "more than" in faults(bomb)[0]


def test_files_are_read_with_text_for_keys(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n"
        "        200: {description: ok}\n"
    )
    assert list(read_spec(file)["paths"]["/a"]["get"]["responses"]) == ["200"]
    assert faults(read_spec(file)) == ()


@pytest.mark.parametrize("content", ["[1, 2]", "a: [", "!!python/object/apply:os.system ['true']", "\x00"])
def test_what_is_no_document_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(content)
    with pytest.raises(ConfigError):
        read_spec(file)


def test_words_of_a_hostile_page_do_nothing_in_the_document() -> None:
    record = {
        "title": "=end code",
        "description": "<script>alert(1)</script>",
        "operations": [
            {
                "method": "GET",
                "path": "/a",
                "summary": "<iframe src=x>",
                "parameters": [
                    {"name": "q", "in": "query", "type": "array<object>", "description": "see <svg onload=x>"}
                ],
            },
            {"method": "GET", "path": "/a';}; f(function(){"},
        ],
    }
    document = assemble(record)
    assert faults(document) == ()
    assert document["info"]["title"] == "Untitled API"
    assert list(document["paths"]) == ["/a"]
    assert document["paths"]["/a"]["get"]["parameters"][0]["schema"] == {"type": "array", "items": {"type": "object"}}
    assert len(document["x-docextract"]["notes"]) >= 2


def test_what_would_make_the_document_invalid_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # No record is known that makes an invalid document, so one is called invalid here.
    def strict(document: Any) -> tuple[str, ...]:
        return ("/paths: bad",) if "/bad" in document["paths"] else ()

    monkeypatch.setattr("docextract.artifacts.losses.faults", strict)
    document = valid({"operations": [{"method": "GET", "path": "/bad"}, {"method": "GET", "path": "/good"}]})
    assert list(document["paths"]) == ["/good"]
    assert any("GET /bad left out" in note for note in document["x-docextract"]["notes"])


def test_no_socket_is_opened(
    tmp_path: Path, seal: Callable[[], Any], run_python: Callable[..., CompletedProcess[str]]
) -> None:
    sealed = seal()
    code = f"from docextract.artifacts.validate import faults\nassert faults({SOUND!r}) == ()"
    done = run_python(["-c", code], tmp_path, extra=sealed.variables)
    assert done.returncode == 0, done.stderr
    assert sealed.tried() == []
