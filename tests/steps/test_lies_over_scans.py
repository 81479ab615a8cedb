"""Answers that lie about scans: what OCR reads on the page names each lie, and a second look recovers a lost row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docextract.read.engines import is_installed
from docextract.testing import script
from docextract.testing.documents import write_picture
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger
from docextract.testing.spoil import SPOILED
from tests.steps.test_second_look import LIES, codes

pytestmark = pytest.mark.skipif(not is_installed("local"), reason="local OCR is not installed")

ROWS = 9
KINDS = {"rows_dropped": "fences", "rows_swapped": "box", "digit_changed": "schema_echo"} | {
    "rows_repeated": "think_tags",
    "row_invented": "wrong_schema",
}
"""Each lie under the name of an answer that the endpoint knows."""


def about(seed: int, kind: str) -> script.Script:
    """What is said of the ledger with this seed."""
    return script.when(lambda question: any(one.number == f"LG-{seed:05d}" for one in question.ledgers), kind)


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A schema, and a picture of a page for each lie and one about which the truth is told."""
    base = tmp_path_factory.mktemp("scans")
    (base / "in").mkdir()
    (base / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    for seed, name in enumerate(["clean", *LIES], start=1):
        write_picture(base / "in" / f"{name}.png", make_ledger(seed, ROWS), width=880, height=640)
    return base


def test_each_lie_is_named(scans: Path, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = script.Script()
    for seed, name in enumerate(LIES, start=2):
        monkeypatch.setitem(SPOILED, KINDS[name], LIES[name][0])
        rules += about(seed, KINDS[name])
    with FakeEndpoint("zai", script=rules) as endpoint:
        options = {"schema": [scans / "ledger.json"], "second_look": "off"}
        done = run(endpoint, tmp_path, inputs=[scans / "in"], **options)
    assert len(done.requests) == 1 + len(LIES)
    for name, (_, code, path) in LIES.items():
        found = codes(done.meta(f"{name}.png"))
        assert found.get(code), f"{name}: {found}"
        assert all(each.startswith(path) for each in found[code]), f"{name}: {found}"
    rows = {code for code in codes(done.meta("clean.png")) if code.startswith("rows_")}
    assert rows == set()
    assert done.data("clean.png") == make_ledger(1, ROWS).data


def test_a_second_look_recovers_the_row(scans: Path, tmp_path: Path, run: Any) -> None:
    seed = 2 + list(LIES).index("rows_dropped")
    first = script.at({1: "rows_dropped"})
    with FakeEndpoint("zai", script=first) as endpoint:
        inputs = [scans / "in" / "rows_dropped.png"]
        done = run(endpoint, tmp_path, inputs=inputs, schema=[scans / "ledger.json"])
    assert done.data("rows_dropped.png") == make_ledger(seed, ROWS).data
    assert "rows_missing" not in codes(done.meta("rows_dropped.png"))
    assert "second_look" in codes(done.meta("rows_dropped.png"))
