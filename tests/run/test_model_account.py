"""Money and keys: what stops a run stops it at once, says what to do, and the rest resumes."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from docextract.model.profiles import resolve
from docextract.testing import script
from docextract.testing.endpoint import FakeEndpoint


def test_a_bad_key_ends_the_run_with_one_call_and_names_the_variable(shelf: Any, tmp_path: Path, start: Any) -> None:
    out = tmp_path / "out"
    with FakeEndpoint("zai") as endpoint:
        arguments = ["run", str(shelf.folder), "--schema", str(shelf.schema), "--out", str(out), "--concurrency", "4"]
        process = start(endpoint, arguments, key="wrong-key-of-mine")
        said, _ = process.communicate(timeout=60)
        assert len(endpoint.requests) == 1
    assert process.returncode == 3
    assert "ZAI_API_KEY" in said
    assert "Traceback" not in said
    assert "wrong-key-of-mine" not in said
    for file in out.rglob("*"):
        assert not file.is_file() or b"wrong-key-of-mine" not in file.read_bytes()


def test_a_key_that_stops_working_costs_the_calls_in_flight(shelf: Any, tmp_path: Path, start: Any) -> None:
    spoil = script.when(lambda question: question.number > 3, "wrong_key")
    with FakeEndpoint("zai", script=spoil, latency_s=0.05) as endpoint:
        process = start(endpoint, _arguments(shelf, tmp_path / "out"))
        process.communicate(timeout=60)
        assert len(endpoint.requests) <= 3 + 3
    assert process.returncode == 3
    documents = _account(tmp_path / "out")["documents"]
    assert documents["pending"] >= len(shelf.ledgers) - 3
    assert documents["failed"] == documents["partial"] == 0


def test_an_empty_balance_ends_the_run_and_the_same_command_goes_on(
    shelf: Any, tmp_path: Path, start: Any, run: Any
) -> None:
    broke = [True]
    spoil = script.when(lambda question: broke[0] and question.number > 4, "balance")
    with FakeEndpoint("zai", script=spoil, latency_s=0.05) as endpoint:
        process = start(endpoint, _arguments(shelf, tmp_path / "out"))
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 3
        assert "1113" in said
        assert "recharge the account, then run the same command again to resume" in said
        assert "docextract run" in said.split("to go on")[1]
        assert len(endpoint.requests) <= 4 + 3
        assert _account(tmp_path / "out")["error"]["code"] == "quota_exhausted"
        assert _account(tmp_path / "out")["documents"]["complete"] == 4  # what was paid for is written
        broke[0] = False
        second = run(endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=3)
    assert second.summary.exit_code == 0
    assert len(second.requests) == len(shelf.ledgers) - 4  # four were answered, and no answer is bought twice
    assert second.wrong(shelf) == []


@pytest.mark.parametrize("kind", ["usage_limit", "locked", "no_model"])
def test_what_only_the_user_can_help_stops_the_run(kind: str, few: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai", script=script.when(lambda _: True, kind)) as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[few.folder], schema=[few.schema], concurrency=2)
    assert len(done.requests) == 1
    assert done.summary.exit_code == (2 if kind == "no_model" else 3)
    assert done.summary.documents["pending"] == len(few.ledgers)


def test_an_answer_that_came_after_one_looked_is_not_bought_again(
    few: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from docextract.journal.ledger import Ledger

    folder = tmp_path / "in"
    folder.mkdir()
    source = min(few.folder.iterdir())
    for name in ("a", "b"):
        shutil.copy(source, folder / f"{name}{source.suffix}")
    looks: Counter[str] = Counter()
    replies = Ledger.replies

    async def late(ledger: Ledger, key: str) -> list[Any]:
        # Both workers look before either has asked: what the second one sees is out of date.
        looks[key] += 1
        return [] if looks[key] <= 2 else await replies(ledger, key)

    monkeypatch.setattr(Ledger, "replies", late)
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[folder], schema=[few.schema], concurrency=1)
    assert done.summary.documents["complete"] == 2
    assert max(looks.values()) == 3, "the second one found it once its own intent was written down"
    assert len(done.requests) == len(looks)
    assert done.summary.spent_usd == pytest.approx(done.summary.usage.cost_usd / 2), "bought once, behind two documents"


def test_the_ceiling_of_cost_is_never_overspent_and_the_rest_resumes(
    shelf: Any, tmp_path: Path, start: Any, run: Any
) -> None:
    with FakeEndpoint("zai", latency_s=0.02) as endpoint:
        process = start(endpoint, [*_arguments(shelf, tmp_path / "out"), "--max-cost", "0.08"])
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 3
        assert "raise --max-cost and run the same command again to resume" in said
        account = _account(tmp_path / "out")
        assert account["error"]["code"] == "cost_ceiling"
        bought = len(endpoint.requests)
        assert 0 < bought < len(shelf.ledgers)
        price = resolve("zai/glm-5v-turbo").price
        assert price is not None
        spent = sum(
            call.cached_tokens * price.cached
            + (call.input_tokens - call.cached_tokens) * price.input
            + call.output_tokens * price.output
            for call in endpoint.requests
        )
        assert 0.02 < spent / 1e6 <= 0.08
        second = run(
            endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], concurrency=3, max_cost=5.0
        )
    assert second.summary.exit_code == 0
    assert bought + len(second.requests) == len(shelf.ledgers)
    assert second.wrong(shelf) == []


def _arguments(shelf: Any, out: Path) -> list[str]:
    return ["run", str(shelf.folder), "--schema", str(shelf.schema), "--out", str(out), "--concurrency", "3"]


def _account(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "run.json").read_text(encoding="utf-8")))
