"""The schemas that are meant to be copied: each says what it does by an example that is true."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from docextract.artifacts.registry import MAKERS, artifacts
from docextract.schema.load import builtin_folder, builtin_names, load
from docextract.schema.target import Target
from docextract.schema.wire import restore, translate

MORE = tuple(name for name in builtin_names() if name not in {"invoice", "receipt", "resume", "openapi", "tables"})
DIALECTS = ("openai", "anthropic", "gemini", "llamacpp", "none")


def loaded(name: str) -> Target:
    (target,) = load(name)
    return target


def docstring(name: str) -> str:
    folder = builtin_folder()
    assert folder is not None
    return ast.get_docstring(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))) or ""


def example(name: str) -> Any:
    """The JSON of the docstring, `...` standing for more of the same."""
    text = re.search(r"^\{.*?^(?=\S)|^\{.*", docstring(name) + "\n", re.MULTILINE | re.DOTALL)
    assert text, f"{name} shows no example"
    body, depth = "", 0
    for character in text[0]:
        depth += {"{": 1, "}": -1}.get(character, 0)
        body += character
        if depth == 0:
            break
    return json.loads(body)


def leaves(value: Any) -> Iterator[Any]:
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from leaves(inner)
    if not isinstance(value, dict | list):
        yield value


@pytest.mark.parametrize("name", MORE)
def test_the_example_is_an_answer(name: str) -> None:
    outcome = loaded(name).validate(example(name))
    assert outcome.problems == ()
    assert set(leaves(example(name))) - {None} <= {*leaves(outcome.data)}


@pytest.mark.parametrize("name", MORE)
def test_it_is_chosen_by_name_only_and_the_docstring_says_how(name: str) -> None:
    assert loaded(name).json_schema["x-auto"] is False
    assert name not in {target.name for target in load("auto")}
    assert f"--schema {name}" in docstring(name)


@pytest.mark.parametrize("name", builtin_names())
@pytest.mark.parametrize("dialect", DIALECTS)
def test_it_can_be_sent_to_every_endpoint(name: str, dialect: Any) -> None:
    target = loaded(name)
    wire = translate(target.json_schema, dialect)
    assert json.dumps(wire.schema) == json.dumps(translate(target.json_schema, dialect).schema)
    assert '"x-' not in json.dumps(wire.schema)
    if name in MORE:
        assert target.validate(restore(target.json_schema, example(name))).ok


@pytest.mark.parametrize("name", builtin_names())
def test_its_artifacts_are_known(name: str) -> None:
    wanted = loaded(name).json_schema.get("x-artifacts", ())
    assert {made for each in wanted for made in ([each] if isinstance(each, str) else each)} <= set(MAKERS)


def test_a_document_and_a_mock_up_leave_files() -> None:
    ((name, content),) = artifacts(loaded("document").json_schema, example("document"))
    assert (name, content.startswith(b"# Rivers\n\n## North\n")) == ("document.md", True)
    ((name, _),) = artifacts(loaded("ui_component").json_schema, example("ui_component"))
    assert name == "files/LoginCard.html"


def test_a_path_that_leads_elsewhere_is_no_answer() -> None:
    for path in ("../x", "/etc/x", "a\\b", ".env", ""):
        assert not loaded("ui_component").validate({"files": [{"path": path, "content": ""}]}).ok


def test_what_the_fit_judges_is_not_looked_for_on_the_page_and_its_quotes_are() -> None:
    fields = loaded("resume_fit").json_schema["properties"]
    judged = {name for name, schema in fields.items() if schema.get("x-evidence") == "inferred"}
    assert judged == {"met", "missing", "years_of_experience", "score", "reasons"}
    requirement = fields["requirements"]["items"]["properties"]
    assert "x-evidence" not in requirement["evidence"]
