from typing import Annotated

from pydantic import BaseModel, Field

from docextract.schema.check import check
from docextract.schema.target import target_of
from docextract.types import Evidence


class Part(BaseModel):
    needed: str
    paid: Annotated[bool | None, Field(description="Whether it was paid.")] = None


class Whole(BaseModel):
    parts: Annotated[list[Part], Field(description="The parts.")] = []
    judged: Annotated[bool | None, Field(description="Judged."), Evidence.inferred] = None
    either: Annotated[int | str | None, Field(description="A number or a text.")] = None
    free: Annotated[dict[str, str], Field(description="Anything.")] = {}
    self: Annotated["Whole | None", Field(description="Again.")] = None


def test_what_an_author_should_know_is_said_once_with_its_place() -> None:
    found = [(finding.path, finding.code) for finding in check(target_of(Whole).json_schema)]
    assert found == [
        ("/parts/*/needed", "no_description"),
        ("/parts/*/needed", "required"),
        ("/parts/*/paid", "bare_boolean"),
        ("/either", "union"),
        ("/free", "map"),
    ]


def test_words_that_mean_nothing_are_errors() -> None:
    schema = {
        "type": "object",
        "x-reader": "magic",
        "properties": {
            "a": {"type": ["string", "null"], "description": "A.", "x-merge": "guess"},
            "b": {"type": ["string", "null"], "description": "B.", "x-merge": "sum"},
        },
    }
    errors = [(finding.path, finding.code) for finding in check(schema) if finding.level == "error"]
    assert errors == [("", "unknown_reader"), ("/a", "unknown_merge"), ("/b", "merge_type")]


def test_a_schema_without_fields_is_an_error() -> None:
    assert [finding.code for finding in check({"type": "object"})] == ["no_fields"]
