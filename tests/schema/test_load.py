import json
import sys
from pathlib import Path

import pytest

from docextract.errors import SchemaError
from docextract.schema.load import builtin_folder, builtin_names, load

MODEL = """
from __future__ import annotations
from decimal import Decimal
from pydantic import BaseModel

class Row(BaseModel):
    amount: Decimal | None = None

class Bill(BaseModel):
    rows: list[Row] = []
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own.py").write_text(MODEL)
    return tmp_path


def test_built_ins_are_there_by_name() -> None:
    assert {"invoice", "openapi", "receipt", "resume", "tables"} < set(builtin_names())
    (target,) = load("invoice")
    assert (target.name, target.source) == ("invoice", "built in")
    assert target.json_schema["x-reader"] == "fields"


def test_auto_is_the_schemas_to_choose_from(folder: Path) -> None:
    assert [target.name for target in load("auto")] == ["invoice", "openapi", "receipt", "resume", "tables"]
    assert [target.name for target in load("auto:receipt,own.py", base=folder)] == ["receipt", "Bill"]


def test_the_model_may_be_left_out_where_the_file_has_one(folder: Path) -> None:
    (named,) = load("own.py:Bill", base=folder)
    (left_out,) = load("own.py", base=folder)
    assert named.name == left_out.name == "Bill"
    assert named.sha256 == left_out.sha256
    (row,) = load(f"{folder}/own.py:Row")
    assert row.json_schema["properties"]["amount"]["anyOf"][0] == {"type": "number"}


def test_the_same_file_gives_the_same_types(folder: Path) -> None:
    assert load("own.py", base=folder)[0].model is load("own.py", base=folder)[0].model


def test_a_file_may_import_its_neighbours(folder: Path) -> None:
    (folder / "more_models.py").write_text("from own import Bill\nclass Longer(Bill):\n    note: str | None = None\n")
    before = list(sys.path)
    (target,) = load("more_models.py", base=folder)
    assert list(target.json_schema["properties"]) == ["rows", "note"]
    assert sys.path == before


def test_a_module_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "shop_models_of_test.py").write_text(MODEL)
    (target,) = load("shop_models_of_test:Bill", base=folder)
    assert target.source == "shop_models_of_test:Bill"
    monkeypatch.delitem(sys.modules, "shop_models_of_test")


def test_a_json_schema_file(folder: Path) -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "string"}}}
    (folder / "bill.json").write_text(json.dumps(schema))
    (target,) = load("bill.json", base=folder)
    assert target.name == "bill"
    assert target.json_schema == {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize(
    ("spec", "content", "words"),
    [
        ("invoise", None, ["invoise", "form, invoice, letter, openapi"]),
        ("gone.py", None, ["no file"]),
        ("gone.json", None, ["gone.json"]),
        ("no_such_module_here:Model", None, ["no module 'no_such_module_here'"]),
        ("bad.json", "{", ["not JSON"]),
        ("list.json", "[]", ["no JSON Schema"]),
        ("wrong.json", '{"type": "objekt"}', ["not a JSON Schema", "objekt"]),
        ("away.json", '{"properties": {"a": {"$ref": "https://example.org/x.json"}}}', ["outside"]),
        ("dangling.json", '{"properties": {"a": {"$ref": "#/$defs/x"}}}', ["not in it"]),
        ("two.py", MODEL + "\nclass Other(BaseModel):\n    x: int = 0\n", ["2 models", "Bill, Other"]),
        ("none.py", "x = 1\n", ["no pydantic model"]),
        ("own.py:Bil", MODEL, ["'Bil'", "Row, Bill"]),
        ("syntax.py", "def f(:\n", ["syntax.py, line 1"]),
        ("raises.py", "a = 1\nb = {}['k']\n", ["raises.py, line 2", "KeyError"]),
        ("leaves.py", "import sys\nsys.exit('bye')\n", ["leaves.py, line 2", "SystemExit"]),
        ("auto:", None, ["names no schema"]),
    ],
)
def test_errors_say_what_was_found_and_what_to_type(
    tmp_path: Path, spec: str, content: str | None, words: list[str]
) -> None:
    if content is not None:
        (tmp_path / spec.partition(":")[0]).write_text(content)
    with pytest.raises(SchemaError) as caught:
        load(spec, base=tmp_path)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_names_never_meet_those_of_other_files(tmp_path: Path) -> None:
    for name in ("meta", "partial", "../evil x"):
        file = tmp_path / f"{name.replace('/', '_')}.json"
        file.write_text('{"title": "../../x", "type": "object", "properties": {"a": {}}}')
        (target,) = load(str(file))
        assert target.name not in ("meta", "partial")
        assert target.name.replace("-", "").replace("_", "").isalnum()


def test_built_ins_stand_beside_the_package_or_inside_it() -> None:
    folder = builtin_folder()
    assert folder is not None
    assert folder.name in ("schemas", "schemas_builtin")
