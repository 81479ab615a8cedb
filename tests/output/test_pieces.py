"""Outputs of long documents are made while they are written, and are the bytes that they would be at once."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docextract.errors import OutputError
from docextract.output.folder import LocalFolder
from docextract.output.json_yaml import dump_facts, dump_json, json_pieces
from docextract.output.sidecar import AT_ONCE, meta, pieces
from docextract.types import Conflict, DocumentResult, Evidence, Issue, SchemaName, SourceFile, Unit
from docextract.types.packed import EvidenceList

TRAP = '\n  "evidence": [],\n'


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def result(leaves: int) -> DocumentResult:
    """A document whose name, conflicts and issues say what the sidecar says where its evidence stands."""
    file = SourceFile(path=Path("b.pdf"), name=f"a{TRAP}.pdf", kind="pdf", bytes=7, sha256="ab")
    items = [
        Evidence(
            path=f"/rows/{n}",
            page=n,
            quote=f'"], {n} \ud800' if n % 700 == 3 else TRAP,
            status="absent",
            confidence=0.1,
        )
        for n in range(leaves)
    ]
    return DocumentResult(
        unit=Unit(name=file.name, sources=(file,)),
        digest="ab",
        kind="pdf",
        page_total=1,
        schema=SchemaName(name="x", sha256="cd"),
        model="local",
        state="complete",
        data={"rows": []},
        evidence=EvidenceList(items),
        conflicts=(Conflict(path="/x", kept={"evidence": []}, other=({"value": {"evidence": []}, "page": 1},)),),
        issues=(Issue(path="", code="x", message=TRAP),),
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("leaves", [0, 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE, 2 * AT_ONCE + 5])
def test_the_pieces_of_a_sidecar_are_the_sidecar(leaves: int) -> None:
    document = result(leaves)
    made = list(pieces(document))
    assert json.loads(b"".join(made)) == json.loads(dump_facts(meta(document)))
    assert len(made) == (1 if leaves <= AT_ONCE else 2 + -(-leaves // AT_ONCE))
    plain = replace(document, evidence=EvidenceList(replace(item, quote="q") for item in document.evidence))
    assert b"".join(pieces(plain)) == dump_facts(meta(plain))


def test_the_pieces_of_a_data_file_are_the_file() -> None:
    value = {"rows": [{"n": n / 3, "t": f"Größe {n} \ud800", "none": None} for n in range(3000)], "empty": []}
    made = list(json_pieces(value))
    assert b"".join(made) == dump_json(value)
    assert len(made) > 2


@pytest.mark.anyio
async def test_a_file_is_written_piece_by_piece_and_stamped_with_the_digest_of_all(tmp_path: Path) -> None:
    made: list[int] = []

    def some() -> Iterator[bytes]:
        for number in range(5):
            made.append(number)
            yield bytes([number]) * 10

    size, _, digest = await LocalFolder(tmp_path).write("a/x.json", some())
    data = (tmp_path / "a" / "x.json").read_bytes()
    assert data == b"".join(bytes([number]) * 10 for number in range(5))
    assert (size, digest) == (50, hashlib.sha256(data).hexdigest())


@pytest.mark.anyio
async def test_pieces_that_fail_leave_what_was_there(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    await folder.write("x.json", b"before")

    def some() -> Iterator[bytes]:
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError) as caught:
        await folder.write("x.json", some())
    assert caught.value.code == "disk_full"
    assert names(tmp_path) == ["x.json"]
    assert (tmp_path / "x.json").read_bytes() == b"before"


def test_a_value_that_json_cannot_hold_is_refused() -> None:
    odd: Any = {"n": float("nan")}
    with pytest.raises(ValueError, match="JSON"):
        list(json_pieces(odd))
