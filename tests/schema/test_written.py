"""Models that would lose what they read are refused before anything is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, Json, RootModel, SecretStr

from docextract.errors import SchemaError
from docextract.schema.target import target_of


class Deep(BaseModel):
    x: str | None = Field(None, validation_alias=AliasPath("a", "b", 0))


class Renamed(BaseModel):
    x: str | None = Field(None, validation_alias="in_name", serialization_alias="out_name")


class Holder(BaseModel):
    inner: list[Renamed] = []


class Inside(BaseModel):
    text: Json[Any] | None = None


class Hidden(BaseModel):
    pin: list[SecretStr] = []


class Calls(BaseModel):
    run: Callable[[int], int] | None = None


class Rows(RootModel[list[Renamed]]):
    pass


class Nothing(BaseModel):
    pass


REFUSED = {
    Deep: "inside another field",
    Renamed: "written as 'out_name'",
    Holder: "Renamed.x is read as 'in_name'",
    Inside: "no JSON Schema",
    Hidden: "secret",
    Calls: "no JSON Schema",
    Rows: "root is an array",
    Nothing: "names no field",
}


@pytest.mark.parametrize("model", REFUSED)
def test_a_model_that_cannot_work_is_refused_with_what_to_do(model: type[BaseModel]) -> None:
    with pytest.raises(SchemaError, match=REFUSED[model]) as caught:
        target_of(model)
    assert caught.value.hint


class Upper(BaseModel):
    model_config = ConfigDict(alias_generator=str.upper)
    name: str | None = None


class Choices(BaseModel):
    total: Decimal | None = Field(None, validation_alias=AliasChoices("total", "Total", "sum"))
    day: dt.date | None = Field(None, alias="Day")
    upper: Upper | None = None


def test_what_is_written_reads_back_the_same() -> None:
    target = target_of(Choices)
    first = target.validate({"sum": 2.5, "Day": "2024-05-02", "upper": {"NAME": "a"}})
    assert first.data == {"total": 2.5, "Day": "2024-05-02", "upper": {"NAME": "a"}}
    assert target.validate(first.data).data == first.data
