"""Outputs in an object store: whole, replaced, removed, and known again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.errors import ConfigError, OutputError
from docextract.output.folder import Folder, folder_at
from docextract.output.place import Placer
from docextract.output.writer import write_document
from docextract.types import DocumentResult, SchemaName, SourceFile, Unit


def result(state: Any, data: Any) -> DocumentResult:
    source = SourceFile(path=Path("a/b.pdf"), name="a/b.pdf", kind="pdf", bytes=9)
    schema = SchemaName(name="ledger", sha256="0" * 64)
    return DocumentResult(
        unit=Unit(name="a/b.pdf", sources=(source,)), digest="d", kind="pdf", page_total=1,
        schema=schema, model="local", state=state, data=data,
    )  # fmt: skip


@pytest.fixture(params=["s3", "memory", "local"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Callable[[], set[str]]]:
    """Return an output folder's address, and a function that lists what is in it."""
    if request.param == "local":
        found = lambda: {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}  # noqa: E731
        return f"file://{tmp_path}", found
    files = request.getfixturevalue(request.param)
    if request.param == "s3":
        files.mkdir("outs")
    root = "outs/o/" if request.param == "s3" else "/outs/o/"
    return f"{request.param}://outs/o", lambda: {path.removeprefix(root) for path in files.find(root.rstrip("/"))}


def test_a_document_leaves_its_last_end_and_nothing_of_those_before(place: Any) -> None:
    where, listed = place
    out = folder_at(where)
    placement = Placer().place("a/b.pdf")
    extras = [("openapi.yaml", b"x"), ("table-1.csv", b"x"), ("table-2.csv", b"x"), ("files/m/n.txt", b"x")]

    async def main() -> None:
        await out.write("a/b.pdf.pdf.json", b"another document's")
        await out.write("a/b.pdf.txt", b"nobody's")
        await write_document(out, placement, result("complete", {"a": 1}), "json", extras)
        assert {"a/b.pdf.json", "a/b.pdf.meta.json", "a/b.pdf.openapi.yaml", "a/b.pdf.table-2.csv"} < listed()
        stamps = await write_document(out, placement, result("partial", {"a": 2}), "yaml")
        assert out.standing(stamps) == {"a/b.pdf.partial.yaml", "a/b.pdf.meta.json"}
        assert listed() == {*stamps, "a/b.pdf.pdf.json", "a/b.pdf.txt"}
        await out.write("a/b.pdf.partial.yaml", b"somebody wrote over it")
        assert out.standing(stamps) == {"a/b.pdf.meta.json"}
        await out.remove(["a/b.pdf.meta.json", "never/was"])
        assert out.standing(stamps) == set()

    anyio.run(main)


def test_a_put_that_fails_leaves_what_was_there(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from docextract.output import bucket

    monkeypatch.setattr(bucket, "_FIRST_WAIT_S", 0.001)
    s3.mkdir("outs")
    out: Any = folder_at("s3://outs/o")

    async def main() -> None:
        await out.write("x.json", b"first")
        real = out._store._fs.pipe_file
        failures = iter([ConnectionResetError("cut"), TimeoutError("slow")])

        def stumbles(path: str, data: bytes) -> Any:
            error = next(failures, None)
            if error is not None:
                raise error
            return real(path, data)

        monkeypatch.setattr(out._store._fs, "pipe_file", stumbles)
        await out.write("x.json", b"second")
        assert s3.cat_file("outs/o/x.json") == b"second"
        failures = iter([ConnectionResetError("cut")] * 99)
        with pytest.raises(OutputError, match="cannot write"):
            await out.write("x.json", b"third")
        assert s3.cat_file("outs/o/x.json") == b"second"

    anyio.run(main)


def test_a_bucket_that_is_not_there_is_said_at_once(s3: Any) -> None:
    out: Folder = folder_at("s3://nosuchbucket/o")
    with pytest.raises(OutputError, match="nosuchbucket"):
        anyio.run(out.write, "x.json", b"1")


def test_a_store_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ConfigError, match="nosuch"):
        folder_at("nosuch://x/y")
