"""Values by hypothesis through the parts that meet a model's answers and a file's names: parse, merge, place, wire."""

from __future__ import annotations

import json
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from docextract.check.parse import parse
from docextract.errors import DocextractError
from docextract.output.place import Placer
from docextract.schema.load import load
from docextract.schema.merge import merge
from docextract.schema.target import Target
from docextract.schema.wire import restore, translate

DIALECTS = ("openai", "anthropic", "gemini", "llamacpp", "none")
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
KEYS = st.sampled_from(["tables", "rows", "lines", "amount", "title", "pages", "$ref", "properties", ""]) | st.text(
    max_size=5
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))
PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        '"',
        ":",
        ",",
        "null",
        "1e999",
        "NaN",
        "```json\n",
        "```",
        "\\u0000",
        "\\ud800",
        "<think>",
        "a",
    ]
)
ANSWERS = JSON.map(json.dumps) | st.lists(PIECES, max_size=30).map("".join) | st.text()
NAMES = st.text(st.characters(), min_size=1, max_size=40) | st.lists(
    st.sampled_from(["..", ".", "/", "\\", "\x00", "CON", "run", ".json", ".meta", "\udcff", "é", "\u202e", "a" * 300]),
    min_size=1, max_size=6,
).map("".join)  # fmt: skip

Found = Callable[[str, bytes, str], None]


def fuzz_values(count: int, number: int, found: Found) -> None:
    """`count` values for each part; `found` is told of what breaks."""
    targets = [target for name in ("tables", "invoice", "openapi", "resume") for target in load(name)]
    with tempfile.TemporaryDirectory() as folder:
        for name, check in _checks(targets, Path(folder)).items():
            run = settings(
                max_examples=count, deadline=None, database=None, phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            )(seed(number)(check))  # fmt: skip
            try:
                run()
            except Exception:  # noqa: BLE001  what is looked for
                told = traceback.format_exc()
                found(f"{name}: {told.splitlines()[-1]}", told.encode("utf-8", "backslashreplace"), ".trace")


def _checks(targets: list[Target], folder: Path) -> dict[str, Callable[[], None]]:
    @given(ANSWERS)
    def parsing(text: str) -> None:
        try:
            value = parse(text)
        except DocextractError:
            return
        json.dumps(value, allow_nan=False)
        for target in targets:
            target.validate(value)

    @given(st.sampled_from(targets), st.lists(st.tuples(st.lists(st.integers(1, 9), max_size=3), JSON), max_size=4))
    def merging(target: Target, answers: list[tuple[list[int], Any]]) -> None:
        records = [(tuple(pages), value) for pages, value in answers if isinstance(value, dict)]
        merged = merge(target.json_schema, records)
        target.validate(merged.value)

    @given(NAMES, st.sampled_from([None, "invoice"]))
    def placing(name: str, schema: str | None) -> None:
        try:
            placed = Placer().place(name, schema=schema)
        except DocextractError:
            return
        for path in (placed.data("json"), placed.data("yaml", partial=True), placed.meta):
            assert (folder / path).resolve().is_relative_to(folder.resolve()), (name, path)  # noqa: S101
            assert all(len(part.encode()) <= 255 for part in path.split("/")), (name, path)  # noqa: S101

    @given(st.sampled_from(targets), st.sampled_from(DIALECTS), JSON)
    def wiring(target: Target, dialect: Any, value: Any) -> None:
        translate(target.json_schema, dialect)
        restore(target.json_schema, value)

    return {"parse": parsing, "merge": merging, "place": placing, "wire": wiring}
