"""What a run has seen of token counts narrows the next plan, and never a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from docextract.config.load import load_job
from docextract.run.plan import plan_job
from docextract.testing.endpoint import FakeEndpoint


@pytest.mark.parametrize("page_input", ["image", "text"])
def test_a_plan_after_a_run_is_narrower_and_still_right(
    page_input: str, shelf: Any, tmp_path: Path, run: Any, planned: Any
) -> None:
    out = tmp_path / "out"
    options = {"inputs": [shelf.folder], "schema": [shelf.schema], "page_input": page_input}
    with FakeEndpoint("zai") as endpoint:
        before = planned(endpoint, out, **options)
        done = run(endpoint, out, **options)
        after = planned(endpoint, out, **options)
        again = run(endpoint, out, fresh=True, **options)
    spent = done.summary.usage.input_tokens
    low, high = after["tokens"]["low"], after["tokens"]["high"]
    assert before["tokens"]["low"] <= low <= spent <= high <= before["tokens"]["high"]
    assert high - low < (before["tokens"]["high"] - before["tokens"]["low"]) / 2
    assert after["calls"] == before["calls"]
    assert sorted(call.digest for call in again.requests) == sorted(call.digest for call in done.requests)


def test_a_plan_needs_no_key(few: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZAI_API_KEY", raising=False)
    asked = {"inputs": [str(few.folder)], "schema": [str(few.schema)], "model": "zai/glm-5v-turbo"}
    plan = anyio.run(plan_job, load_job({**asked, "out": str(tmp_path / "out")}, environ={})).as_json()
    assert plan["calls"] == 3
    assert plan["cost_usd"]["high"] > plan["cost_usd"]["low"] > 0
    assert not (tmp_path / "out").exists()
