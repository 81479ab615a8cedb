"""The main job over the example inbox: no key, no network, every document, every page, every value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docextract.schema.load import load

EXPECTED = json.loads((Path(__file__).parents[2] / "examples/expected.json").read_text(encoding="utf-8"))
DOCUMENTS = sorted(EXPECTED["inbox"])
INVOICES = ("invoice-english.pdf", "invoice-german.pdf")

FLOORS: dict[str, float] = {}
"""Share of the gold that must be right where it is under 95 %, with what is wrong. To be raised, never lowered."""

pytestmark = pytest.mark.timeout(400)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(JSON pointer, value) of everything that is not null."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{index}")
    elif value is not None:
        yield path, value


def names(folder: Path) -> set[str]:
    """Relative names of the files of a folder, the journal's own folder left out."""
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return {file.as_posix() for file in files if file.parts[0] != ".docextract"}


def test_exits_0_and_says_what_it_did(first_run: Any) -> None:
    assert first_run.done.returncode == 0, first_run.done.stdout + first_run.done.stderr
    assert "Traceback" not in first_run.done.stderr
    assert first_run.refused == []
    run = first_run.run()
    assert run["exit_code"] == 0
    assert run["documents"] == {"complete": len(DOCUMENTS), "partial": 0, "failed": 0, "pending": 0}


def test_every_input_has_its_files_and_nothing_else_is_there(first_run: Any) -> None:
    inputs = sorted(
        file.relative_to(first_run.inbox).as_posix() for file in first_run.inbox.rglob("*") if file.is_file()
    )
    assert inputs == DOCUMENTS
    written = {
        file.relative_to(first_run.out).as_posix()
        for file in first_run.out.rglob("*")
        if file.is_file() and ".docextract" not in file.parts
    }
    wanted = {f"{name}{end}" for name in DOCUMENTS for end in (".json", ".meta.json")}
    sheets = [name for name in DOCUMENTS if EXPECTED["inbox"][name] == "tables"]
    tables = {name: len(first_run.data(name)["tables"]) for name in sheets}
    wanted |= {f"{name}.table-{number}.csv" for name, count in tables.items() for number in range(1, count + 1)}
    wanted |= {"run.json", "api-reference.png.openapi.yaml"}
    assert wanted <= written
    assert written - wanted <= {"report.html", *(f"{name}.tables.xlsx" for name in sheets)}


def test_the_files_that_the_readme_shows_are_there(first_run: Any, root: Path) -> None:
    shown = re.findall(r"^out/(\S+)  ", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(shown) >= 4
    assert [name for name in shown if not (first_run.out / name).exists()] == []


def test_the_recording_in_the_readme_is_what_is_printed(first_run: Any, root: Path) -> None:
    (block,) = re.findall(r"^```console\n(.*?)^```$", (root / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    command, model, *shown = block.splitlines()
    assert command == "$ docextract run examples/inbox --schema auto --model local --out out"
    assert model == "model local (as asked); schema auto; out out"
    # Documents end in any order, and --out is another one in the test.
    assert sorted(shown) == sorted(first_run.done.stdout.splitlines()[1:])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_right_schema_is_picked_and_the_data_validates(first_run: Any, name: str) -> None:
    schema = first_run.meta(name)["schema"]
    assert (schema["name"], bool(schema["why"])) == (EXPECTED["inbox"][name], True)
    (target,) = load(schema["name"])
    outcome = target.validate(first_run.data(name))
    assert outcome.problems == ()
    assert outcome.data == first_run.data(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_page_and_every_value_is_accounted_for_once(first_run: Any, name: str) -> None:
    meta = first_run.meta(name)
    assert [page["page"] for page in meta["pages"]] == list(range(1, meta["source"]["pages"] + 1))
    assert sorted(item["path"] for item in meta["evidence"]) == sorted(path for path, _ in leaves(first_run.data(name)))
    for item in meta["evidence"]:
        if item["status"] in {"verbatim", "normalised", "approximate"}:
            assert item["quote"]
            assert item["box"] or item["span"]


def test_the_blank_page_is_known_as_blank(first_run: Any) -> None:
    assert [page["state"] for page in first_run.meta("price-list.pdf")["pages"]] == ["extracted", "blank", "extracted"]


def test_every_frame_is_a_page(first_run: Any) -> None:
    assert [page["state"] for page in first_run.meta("stock-sheets.tiff")["pages"]] == ["extracted", "extracted"]


@pytest.mark.parametrize("name", INVOICES)
def test_the_scan_says_what_its_born_digital_twin_says(first_run: Any, name: str) -> None:
    assert first_run.data(f"scans/{name}") == first_run.data(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_most_of_the_gold_is_found(first_run: Any, examples: Path, name: str) -> None:
    gold = dict(leaves(json.loads((examples / "gold" / f"{name}.json").read_text(encoding="utf-8"))))
    found = dict(leaves(first_run.data(name)))
    wrong = {path: (value, found.get(path)) for path, value in gold.items() if found.get(path) != value}
    extra = {path: value for path, value in found.items() if path not in gold}
    faults = len(wrong) + len(extra)
    assert faults <= (1 - FLOORS.get(name, 0.95)) * len(gold), f"(gold, found): {wrong}\nnot in gold: {extra}"
