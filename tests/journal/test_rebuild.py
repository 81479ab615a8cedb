"""A journal made again from the files that a run has written."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.journal.rebuild import content_fingerprint, content_signature, rebuild, set_aside
from docextract.journal.rows import UnitRow
from docextract.journal.sqlite import SqliteJournal
from docextract.output.place import Placer
from docextract.output.writer import write_document
from docextract.types import DocumentResult, DocumentState, PageEntry, SchemaName, SourceFile, Unit, Usage

DIGEST = "d" * 64


async def write(
    out: Path, name: str, schema: str = "invoice", state: DocumentState = "complete", *, several: bool = False
) -> None:
    source = SourceFile(path=Path(name), name=name, kind="pdf", bytes=7)
    result = DocumentResult(
        unit=Unit(name=name, sources=(source,)),
        digest=DIGEST,
        kind="pdf",
        page_total=1,
        schema=SchemaName(name=schema, sha256=schema * 2),
        model="local",
        state=state,
        data={"number": "1"} if state != "failed" else None,
        pages=(PageEntry(page=1, state="extracted", window=0),),
        usage=Usage(calls=2, cost_usd=0.5),
    )
    placement = Placer().place(name, schema=schema if several else None)
    artifacts: Sequence[Any] = [("openapi.yaml", b"openapi: 3.1.0\n")] if schema == "openapi" else []
    await write_document(out, placement, result, "json", artifacts)


def rebuilt(out: Path, journal: Path, names: Sequence[str]) -> tuple[int, Any]:
    async def main() -> tuple[int, Any]:
        ledger = SqliteJournal(journal)
        await ledger.start()
        try:
            return await rebuild(out, ledger), await ledger.known(names)
        finally:
            await ledger.aclose()

    return anyio.run(main)


def test_complete_documents_are_known_by_content(tmp_path: Path) -> None:
    out = tmp_path / "out"

    async def make() -> None:
        await write(out, "a/b.pdf", "openapi")
        await write(out, "a/b.pdf.invoice", "invoice")
        await write(out, "twice.pdf", "invoice", several=True)
        await write(out, "twice.pdf", "receipt", several=True)

    anyio.run(make)
    count, known = rebuilt(out, tmp_path / "journal.db", ["a/b.pdf", "a/b.pdf.invoice", "twice.pdf"])
    assert count == len(known) == 3
    assert known["a/b.pdf"].fingerprint == content_fingerprint(DIGEST)
    assert known["a/b.pdf"].signature == content_signature("local", [("openapi", "openapi" * 2)])
    two = [("receipt", "receipt" * 2), ("invoice", "invoice" * 2)]
    assert known["twice.pdf"].signature == content_signature("local", two)
    (result,) = known["a/b.pdf"].results
    assert sorted(result.outputs) == ["a/b.pdf.json", "a/b.pdf.meta.json", "a/b.pdf.openapi.yaml"]
    for name, (size, mtime_ns, _) in result.outputs.items():
        assert ((out / name).stat().st_size, (out / name).stat().st_mtime_ns) == (size, mtime_ns)
    assert Usage(**result.summary["usage"]) == Usage(calls=2, cost_usd=0.5)
    assert (result.summary["pages"], result.summary["state"]) == ({"extracted": 1}, "complete")


@pytest.mark.parametrize(
    "harm", ["partial", "failed", "no data", "half data", "no sidecar", "half sidecar", "one of two"]
)
def test_what_is_not_whole_is_left_to_be_done_again(tmp_path: Path, harm: str) -> None:
    out = tmp_path / "out"
    state: DocumentState = "partial" if harm == "partial" else "failed" if harm == "failed" else "complete"

    async def make() -> None:
        await write(out, "a.pdf", state=state, several=True)
        if harm == "one of two":
            await write(out, "a.pdf", "receipt", "partial", several=True)

    anyio.run(make)
    data, sidecar = out / "a.pdf.invoice.json", out / "a.pdf.invoice.meta.json"
    if harm.startswith("no "):
        (data if harm == "no data" else sidecar).unlink()
    if harm.startswith("half "):
        file = data if harm == "half data" else sidecar
        file.write_bytes(file.read_bytes()[:10])
    assert rebuilt(out, tmp_path / "journal.db", ["a.pdf"]) == (0, {})


def test_what_the_journal_knows_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"

    async def main() -> None:
        await write(out, "a.pdf")
        journal = SqliteJournal(None)
        await journal.start()
        await journal.add([(UnitRow(name="a.pdf", sources="[]", fingerprint="f", signature="s"), False, False)])
        await rebuild(out, journal)
        assert (await journal.known(["a.pdf"]))["a.pdf"].state == "pending"
        await journal.aclose()

    anyio.run(main)


def test_a_damaged_journal_is_set_aside_with_its_log_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    assert set_aside(path) is None
    for number in (1, 2):
        path.write_bytes(b"damaged %d" % number)
        shutil.copy(path, tmp_path / "journal.db-wal")
        assert set_aside(path) == tmp_path / f"journal.db.damaged-{number}"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "journal.db.damaged-1",
        "journal.db.damaged-1-wal",
        "journal.db.damaged-2",
        "journal.db.damaged-2-wal",
    ]
    assert (tmp_path / "journal.db.damaged-1").read_bytes() == b"damaged 1"
