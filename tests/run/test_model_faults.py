"""An endpoint that misbehaves: rows are right or their pages are named, and what is asked is bounded."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.spoil import LYING_ANSWERS, SPOILED
from docextract.testing.troubles import FINAL, KINDS, PASSING, STOPPING

MIXED = [kind for kind in KINDS if kind not in STOPPING | LYING_ANSWERS | {"hang", "slow"}]
REASONS = {
    "unsafe": "refused",
    "sensitive": "refused",
    "too_long": "page_too_large",
    "bad_parameter": "config_error",
    "gzip_bomb": "limit_reached",
    "flood": "limit_reached",
}
"""What their pages are said to have failed for."""

OVERLOADS = {"overload", "overload_529"}
"""Waited out for up to four seconds each: a few of them are enough."""


def test_every_final_kind_has_its_reason_below() -> None:
    assert set(REASONS) == set(FINAL)


def test_every_kind_that_passes_is_got_over(shelf: Any, tmp_path: Path, run: Any) -> None:
    kinds = dict(enumerate(PASSING, start=2))  # the first request must answer, or the endpoint looks like none
    # One page may meet any number of them in a row, while the others wait.
    with FakeEndpoint("zai", script=script.at(kinds), retry_after="0.01") as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=4,
            window_pages=1, retries=len(PASSING),
        )  # fmt: skip
    met = {call.trouble for call in done.requests}
    assert met >= set(PASSING)
    assert done.summary.exit_code == 0
    assert done.wrong(shelf) == []


def test_a_kind_that_stays_costs_its_pages_only_and_names_them(shelf: Any, tmp_path: Path, run: Any) -> None:
    kinds = dict(zip(shelf.ledgers, REASONS, strict=False))
    by_number = {shelf.ledgers[name].number: kind for name, kind in kinds.items()}

    def always(question: Any) -> str | None:  # but not the first: who has not answered yet looks like no model at all
        number = question.ledgers[0].number
        return by_number.get(number) if question.number > 1 else None

    with FakeEndpoint("zai", script=script.Script((always,))) as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=2, window_pages=1
        )
    assert set(done.wrong(shelf)) <= set(kinds)
    assert done.silent(shelf) == []
    assert done.summary.exit_code == 1
    for name, kind in kinds.items():
        pages = done.meta(name)["pages"]
        assert len(pages) == shelf.pages[name]
        assert {page["reason"] for page in pages if page["state"] == "failed"} <= {REASONS[kind]}
    failed = done.summary.pages["failed"]
    assert failed in {total := sum(shelf.pages[name] for name in kinds), total - 1}


@pytest.mark.parametrize(("part", "seed"), [(0.25, 1), (0.4, 2)])
def test_mixed_troubles_are_never_silent_and_answers_are_bounded(
    part: float, seed: int, shelf: Any, tmp_path: Path, run: Any
) -> None:
    kinds = [kind for kind in MIXED if kind not in OVERLOADS]
    with FakeEndpoint("zai", script=script.share(part, kinds, seed=seed), retry_after="0.01") as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=4,
            window_pages=1, retries=2,
        )  # fmt: skip
    assert sum(call.trouble is not None for call in done.requests) > 0.5 * part * len(done.requests)
    assert done.silent(shelf) == []
    assert _most_answers(done) <= 3


def test_answers_asked_for_are_bounded_by_retries(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai", script=script.when(lambda _: True, "wrong_schema")) as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], concurrency=2,
            window_pages=1, retries=2,
        )  # fmt: skip
    assert done.summary.exit_code == 1
    assert done.summary.documents["failed"] == len(few.ledgers)
    assert len(done.requests) == 3 * sum(few.pages.values())
    assert done.silent(few) == []
    assert {entry["reason"] for name in few.ledgers for entry in done.meta(name)["pages"]} == {"reply_invalid"}


def test_every_spoiled_answer_is_on_the_account(few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai", script=script.at({1: "prose", 2: "cut_json"})) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], concurrency=1)
    assert done.wrong(few) == []
    outcomes = Counter(one["outcome"] for name in few.ledgers for one in done.meta(name)["attempts"])
    assert outcomes == {"ok": len(few.ledgers), "reply_not_json": 1, "reply_truncated": 1}
    assert done.summary.usage.input_tokens == sum(call.input_tokens for call in done.requests)
    assert done.summary.usage.output_tokens == sum(call.output_tokens for call in done.requests)


def _most_answers(done: Any) -> int:
    """The most answers that came for one page: calls with an answer, by the images they held."""
    spoiled = set(SPOILED) | {None}
    answers = Counter(call.images for call in done.requests if call.status == 200 and call.trouble in spoiled)
    return max(answers.values())
