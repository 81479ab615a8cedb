"""API reference pages drawn from OpenAPI documents by redoc and swagger-ui, as PDF and as screenshots."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import yaml
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError
from quality_reading import Answered, Reader, Sample, answer, cpu_per_page, schema
from quality_row import Row, f1, share

from docextract.evaluate.operations import OperationsScore, score_operations
from docextract.evaluate.score import Figure
from docextract.types import Json

FOLDER = "apidocs/specs_rendered"


def pdfs(corpora: Path, limit: int | None) -> list[Sample]:
    files = sorted((corpora / FOLDER).glob("*.pdf"))[:limit]
    return [Sample(name=file.name, files=(file,), truth=_load(file)) for file in files]


def pictures(corpora: Path, limit: int | None) -> list[Sample]:
    lists = sorted((corpora / FOLDER).glob("*.pngs.txt"))[:limit]
    return [
        Sample(
            name=file.name,
            files=tuple(file.parent / line for line in file.read_text(encoding="utf-8").split() if line),
            truth=_load(file),
        )
        for file in lists
    ]


def measure_pdfs(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    return _rows("OpenAPI, PDF", reader.read(pdfs(corpora, limit)), ("0.99", "0.95"))


def measure_pictures(reader: Reader, corpora: Path, limit: int | None) -> list[Row]:
    return _rows("OpenAPI, screenshots", reader.read(pictures(corpora, limit)), ("0.92", "0.88"))


def _rows(part: str, read: Sequence[Sample], goals: tuple[str, str]) -> list[Row]:
    target = schema("openapi")
    answers = [answer(sample, target) for sample in read]
    scores = [score_operations(each.sample.truth, each.value) for each in answers]
    known = [score for each, score in zip(answers, scores, strict=True) if "petstore" not in each.sample.name]
    pages, cpu_s = sum(len(each.sample.words) for each in answers), cpu_per_page(answers)
    rows = []
    for suffix, some in (("", scores), (", petstores left out", known)):
        for what, figure, goal in _figures(some, goals):
            goal_here = "" if suffix else goal
            rows.append(Row(part=part, what=what + suffix, figure=figure, pages=pages, cpu_s=cpu_s, goal=goal_here))
    if any(_with_paths(each.value) != each.value for each in answers):
        claimed = [score_operations(each.sample.truth, _with_paths(each.value)) for each in answers]
        for what, figure, _ in _figures(claimed, goals)[:2]:
            label = f"{what}, operations given without a path left out"
            rows.append(Row(part=part, what=label, figure=figure, pages=pages, cpu_s=cpu_s, goal=""))
    valid = share([_is_valid(each) for each in answers])
    rows.append(Row(part=part, what="valid OpenAPI written", figure=valid, pages=pages, cpu_s=cpu_s, goal="1"))
    return rows


def _with_paths(value: Json) -> Json:
    """The answer without the operations whose path is null: the page cuts it short, so that none is claimed."""
    if not isinstance(value, dict):
        return value
    return value | {"operations": [each for each in value.get("operations") or [] if each.get("path") is not None]}


def _figures(scores: Sequence[OperationsScore], goals: tuple[str, str]) -> list[tuple[str, Figure, str]]:
    return [
        ("operation F1", f1([each.operations for each in scores]), goals[0]),
        ("parameter F1", f1([each.parameters for each in scores]), goals[1]),
        ("parameter F1, whatever the operation", f1([each.names for each in scores]), ""),
    ]


def _is_valid(each: Answered) -> bool:
    from docextract.artifacts.registry import artifacts

    made = dict(artifacts(schema("openapi").json_schema, each.value, each.sample.name))
    if "openapi.yaml" not in made:
        return False
    try:
        validate(yaml.safe_load(made["openapi.yaml"]))
    except OpenAPIValidationError:
        return False
    return True


def _load(file: Path) -> Json:
    return json.loads(Path(f"{file}.gt.json").read_text(encoding="utf-8"))
