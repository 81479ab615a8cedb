import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from docextract.errors import ConfigError
from docextract.output.place import Placer
from docextract.output.writer import write_document
from docextract.types import (
    Attempt,
    Conflict,
    DocumentResult,
    Evidence,
    Fault,
    Issue,
    PageEntry,
    SchemaName,
    SourceFile,
    Unit,
    Usage,
)

BOX = (0.1, 0.2, 0.3, 0.4)

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def result(tmp_path: Path) -> DocumentResult:
    file = SourceFile(path=tmp_path / "b.pdf", name="a/b.pdf", kind="pdf", bytes=7, sha256="ab")
    return DocumentResult(
        unit=Unit(name="a/b.pdf", sources=(file,)),
        digest="ab",
        kind="pdf",
        page_total=1,
        schema=SchemaName(name="invoice", sha256="cd"),
        model="local",
        state="complete",
        data={"total": 9.5, "note": "no"},
        pages=(PageEntry(page=1, state="extracted", window=0),),
        evidence=(
            Evidence(path="/total", page=1, box=BOX, boxes=(BOX,), quote="9.50", status="normalised", confidence=1.0),
            Evidence(path="/note", status="absent", confidence=0.0),
        ),
        conflicts=(Conflict(path="/total", kept=9.5, other=({"value": 9.0, "page": 2},)),),
        issues=(Issue(path="/note", code="absent", message="not found"),),
        attempts=(Attempt(window=0, n=1, outcome="ok", finish_reason="stop"),),
        usage=Usage(calls=1, input_tokens=5),
    )  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_complete_document(tmp_path: Path, result: DocumentResult) -> None:
    place = Placer().place("a/b.pdf")
    outputs = await write_document(tmp_path, place, result, "json", [("openapi.yaml", b"x")])
    assert names(tmp_path) == ["a/b.pdf.json", "a/b.pdf.meta.json", "a/b.pdf.openapi.yaml"] == sorted(outputs)
    data = (tmp_path / "a/b.pdf.json").read_bytes()
    assert json.loads(data) == result.data
    assert outputs["a/b.pdf.json"][0] == len(data)
    assert outputs["a/b.pdf.json"][1] == (tmp_path / "a/b.pdf.json").stat().st_mtime_ns
    assert outputs["a/b.pdf.json"][2] == hashlib.sha256(data).hexdigest()


async def test_the_sidecar_has_the_promised_keys(tmp_path: Path, result: DocumentResult) -> None:
    await write_document(tmp_path, Placer().place("a/b.pdf"), result)
    meta = json.loads((tmp_path / "a/b.pdf.meta.json").read_bytes())
    assert list(meta) == [
        "version", "source", "schema", "model", "state", "error", "pages", "evidence", "conflicts", "issues",
        "attempts", "usage",
    ]  # fmt: skip
    assert meta["source"] == {"path": "a/b.pdf", "sha256": "ab", "kind": "pdf", "bytes": 7, "pages": 1}
    assert meta["schema"] == {"name": "invoice", "sha256": "cd", "why": None}
    assert meta["pages"] == [{"page": 1, "state": "extracted", "reason": None, "window": 0}]
    assert meta["evidence"][0]["box"] == [0.1, 0.2, 0.3, 0.4]
    assert list(meta["evidence"][1]) == ["path", "page", "box", "boxes", "span", "quote", "status", "confidence"]
    assert meta["conflicts"] == [{"path": "/total", "kept": 9.5, "other": [{"value": 9.0, "page": 2}]}]
    assert list(meta["usage"]) == [
        "calls", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "cost_usd",
    ]  # fmt: skip


async def test_each_end_replaces_what_another_left(tmp_path: Path, result: DocumentResult) -> None:
    place = Placer().place("a/b.pdf")
    await write_document(tmp_path, place, result, "json", [("openapi.yaml", b"x")])
    await write_document(tmp_path, place, replace(result, state="partial"))
    assert names(tmp_path) == ["a/b.pdf.meta.json", "a/b.pdf.partial.json"]
    await write_document(tmp_path, place, result, "yaml")
    assert names(tmp_path) == ["a/b.pdf.meta.json", "a/b.pdf.yaml"]
    assert yaml.safe_load((tmp_path / "a/b.pdf.yaml").read_bytes()) == result.data
    fault = Fault(code="corrupt", message="broken", hint="get another")
    await write_document(tmp_path, place, replace(result, state="failed", data=None, error=fault, evidence=()))
    assert names(tmp_path) == ["a/b.pdf.meta.json"]
    meta = json.loads((tmp_path / "a/b.pdf.meta.json").read_bytes())
    assert meta["error"] == {"code": "corrupt", "message": "broken", "hint": "get another", "scope": "file"}


async def test_a_group_lists_its_files_with_their_pages(tmp_path: Path, result: DocumentResult) -> None:
    one = result.unit.sources[0]
    unit = Unit(name="a", sources=(one, replace(one, name="a/c.pdf", sha256="ef")))
    grouped = replace(result, unit=unit, page_total=3, file_pages=((1, 1), (2, 3)))
    await write_document(tmp_path, Placer().place("a"), grouped)
    meta = json.loads((tmp_path / "a.meta.json").read_bytes())
    assert meta["source"]["files"] == [
        {"path": "a/b.pdf", "sha256": "ab", "pages": [1, 1]},
        {"path": "a/c.pdf", "sha256": "ef", "pages": [2, 3]},
    ]
    assert meta["source"]["bytes"] == 14


async def test_an_unknown_form_is_a_matter_of_usage(tmp_path: Path, result: DocumentResult) -> None:
    with pytest.raises(ConfigError):
        await write_document(tmp_path, Placer().place("a/b.pdf"), result, "xml")
