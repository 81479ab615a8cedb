"""A schema whose audits, merge rules or validators change: outputs are written anew from stored answers, for free."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from docextract.schema.asked import asked_digest
from docextract.schema.load import load
from docextract.schema.wire import translate
from docextract.testing.endpoint import FakeEndpoint

PLAIN = """
from typing import Annotated
from pydantic import BaseModel, Field, field_validator
from docextract import Audit, Merge

class Row(BaseModel):
    id: str
    date: str
    description: str
    amount: float

class Ledger(BaseModel):
    number: str | None = None
    rows: list[Row] = []
"""

LOWER = """rows: list[Row] = []

    @field_validator("number")
    @classmethod
    def lower(cls, value):
        return value and value.lower()
"""

CHANGES = {
    "audit": ("number: str | None", "number: Annotated[str | None, Audit.check_digits('luhn')]"),
    "merge": ("rows: list[Row]", "rows: Annotated[list[Row], Merge.append]"),
    "validator": ("rows: list[Row] = []", LOWER),
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A schema file of the user's own."""
    path = tmp_path / "ledger.py"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def change(model: Path, old: str, new: str) -> None:
    text = model.read_text(encoding="utf-8")
    assert old in text
    model.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_answers_are_not_bought_again(what: str, model: Path, few: Any, tmp_path: Path, run: Any) -> None:
    options = {"inputs": [few.folder], "schema": [f"{model}:Ledger"]}
    with FakeEndpoint("zai") as endpoint:
        first = run(endpoint, tmp_path / "out", **options)
        before = {name: first.meta(name)["schema"]["sha256"] for name in few.ledgers}
        change(model, *CHANGES[what])
        second = run(endpoint, tmp_path / "out", **options)
    assert len(first.requests) == len(few.ledgers)
    assert second.requests == []
    assert second.summary.usage.cost_usd == first.summary.usage.cost_usd
    for name in few.ledgers:
        meta, data = second.meta(name), second.data(name)
        assert (meta["schema"]["sha256"] != before[name]) == (what != "validator")
        found = {issue["path"] for issue in meta["issues"] if issue["code"] == "audit_failed"}
        assert found == ({"/number"} if what == "audit" else set())
        assert data["number"].startswith("lg-" if what == "validator" else "LG-")


def test_what_the_model_is_told_is_asked_again(model: Path, few: Any, tmp_path: Path, run: Any) -> None:
    options = {"inputs": [few.folder], "schema": [f"{model}:Ledger"]}
    with FakeEndpoint("zai") as endpoint:
        run(endpoint, tmp_path / "out", **options)
        change(model, "number: str | None", "number: Annotated[str | None, Field(description='As printed on top')]")
        second = run(endpoint, tmp_path / "out", **options)
    assert len(second.requests) == len(few.ledgers)


def test_the_embedded_engine_reads_anew_only_what_it_reads(model: Path) -> None:
    plain = load(f"{model}:Ledger")[0]
    change(model, *CHANGES["audit"])
    audited = load(f"{model}:Ledger")[0]
    change(model, "number: Annotated[str | None,", "number: Annotated[str | None, Field(title='No.'),")
    titled = load(f"{model}:Ledger")[0]
    digests = [asked_digest(target.json_schema, None) for target in (plain, audited, titled)]
    assert digests[0] == digests[1] != digests[2]
    assert plain.sha256 != audited.sha256


def test_a_field_that_is_called_like_a_rule_is_part_of_the_question() -> None:
    one = {"type": "object", "properties": {"x-audits": {"type": "string"}}}
    two = {"type": "object", "properties": {"x-audits": {"type": "integer"}}}
    assert asked_digest(one, None) != asked_digest(two, None)
    assert asked_digest(one, translate(one, "openai")) != asked_digest(two, translate(two, "openai"))
