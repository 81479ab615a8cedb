"""What a run has seen of token counts narrows the next plan, and never a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
