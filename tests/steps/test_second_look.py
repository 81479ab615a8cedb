"""Answers that lie, against the page: each lie is named, and a second look at the region mends what it can."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docextract.testing import script, troubles
from docextract.testing.answers import Answer
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.spoil import SPOILED


def changed(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[Answer], Answer]:
    """An answer whose rows are changed in place."""

    def spoil(answer: Answer) -> Answer:
        value = copy.deepcopy(answer.value)
        change(value["rows"])
        return replace(answer, text=json.dumps(value))

    return spoil


def repeat(rows: list[dict[str, Any]]) -> None:
    rows += rows[:20]


def invent(rows: list[dict[str, Any]]) -> None:
    rows.insert(5, {"id": "Q7Z", "date": "1999-01-31", "description": "Marble statue 17", "amount": 87654.12})


LIES: dict[str, tuple[Callable[[Answer], Answer], str, str]] = {
    "rows_dropped": (SPOILED["rows_dropped"], "rows_missing", "/rows"),
    "rows_swapped": (SPOILED["rows_swapped"], "rows_out_of_order", "/rows/"),
    "digit_changed": (SPOILED["digit_changed"], "contradicted", "/rows/0/amount"),
    "rows_repeated": (changed(repeat), "rows_repeated", "/rows/"),
    "row_invented": (changed(invent), "rows_extra", "/rows/5"),
}


@pytest.fixture(params=sorted(LIES))
def lie(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One lie after the other, known to the endpoint as `lie`."""
    name = str(request.param)
    monkeypatch.setitem(SPOILED, "rows_swapped", LIES[name][0])
    return name


def codes(meta: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for issue in meta["issues"]:
        found.setdefault(issue["code"], []).append(issue["path"])
    return found


def test_each_lie_is_named(lie: str, make_shelf: Any, tmp_path: Path, run: Any) -> None:
    shelf = make_shelf(1, 2, least=2)
    with FakeEndpoint("zai", script=script.first(["rows_swapped"])) as endpoint:
        done = run(endpoint, tmp_path, inputs=[shelf.folder], schema=[shelf.schema], second_look="off")
    meta = done.meta("l000.pdf")
    assert len(done.requests) == 1
    assert meta["state"] == "complete"
    _, code, path = LIES[lie]
    assert all(each.startswith(path) for each in codes(meta)[code])
    assert done.data("l000.pdf") != shelf.ledgers["l000.pdf"].data


@pytest.mark.parametrize("lie", ["rows_dropped", "digit_changed", "rows_repeated", "row_invented"], indirect=True)
def test_a_second_look_at_the_region_mends_it(lie: str, make_shelf: Any, tmp_path: Path, run: Any) -> None:
    shelf = make_shelf(1, 2, least=2)
    with FakeEndpoint("zai", script=script.first(["rows_swapped"])) as endpoint:
        done = run(endpoint, tmp_path, inputs=[shelf.folder], schema=[shelf.schema])
    assert done.data("l000.pdf") == shelf.ledgers["l000.pdf"].data
    meta = done.meta("l000.pdf")
    found = codes(meta)
    assert set(found) == {"second_look"}
    assert done.requests[1].input_tokens < done.requests[0].input_tokens
    assert [attempt["outcome"] for attempt in meta["attempts"]] == ["ok", "second_look"]
    assert meta["usage"]["calls"] == 2
    if lie == "digit_changed":
        [conflict] = meta["conflicts"]
        assert conflict["kept"] == shelf.ledgers["l000.pdf"].rows[0].amount
        assert conflict["other"][0]["value"] != conflict["kept"]


def test_strict_makes_a_named_lie_partial(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    shelf = make_shelf(1, 1)
    with FakeEndpoint("zai", script=script.first(["rows_dropped"])) as endpoint:
        done = run(endpoint, tmp_path, inputs=[shelf.folder], schema=[shelf.schema], second_look="off", strict=True)
    assert done.meta("l000.pdf")["state"] == "partial"


def test_clean_documents_cost_no_further_call(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path, inputs=[few.folder], schema=[few.schema])
    assert len(done.requests) == len(few.ledgers)
    assert all(done.meta(name)["issues"] == [] for name in few.ledgers)


def test_a_second_look_that_fails_leaves_the_first_answer(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    shelf = make_shelf(1, 1)
    lies = ["rows_dropped", "prose", "empty", "wrong_schema"]
    with FakeEndpoint("zai", script=script.first(lies)) as endpoint:
        done = run(endpoint, tmp_path, inputs=[shelf.folder], schema=[shelf.schema])
    meta = done.meta("l000.pdf")
    assert meta["state"] == "complete"
    assert list(codes(meta)) == ["rows_missing"]
    assert len(done.data("l000.pdf")["rows"]) == len(shelf.ledgers["l000.pdf"].rows) - 1
    assert [attempt["outcome"] for attempt in meta["attempts"]] == ["ok", "reply_not_json"]
    assert len(done.requests) == 2


def test_without_retries_there_is_no_second_look(make_shelf: Any, tmp_path: Path, run: Any) -> None:
    shelf = make_shelf(1, 1)
    with FakeEndpoint("zai", script=script.first(["rows_dropped"])) as endpoint:
        done = run(endpoint, tmp_path, inputs=[shelf.folder], schema=[shelf.schema], retries=0)
    assert len(done.requests) == 1


def test_lies_are_known_to_the_endpoint() -> None:
    assert set(LIES) & set(troubles.KINDS) == {"rows_dropped", "rows_swapped", "digit_changed"}
