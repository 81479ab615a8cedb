"""Runs over documents whose answers the test writes: the fake endpoint tells which page it was shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from docextract.testing.ledgers import Ledger

Answering = Callable[[Mapping[str, Any]], None]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """`answering({number: value})`: from now on the fake endpoint answers by the number on the first page it sees."""

    def script(answers: Mapping[str, Any]) -> None:
        def fill(schema: Mapping[str, Any] | None, ledgers: Sequence[Ledger]) -> Any:
            return answers[ledgers[0].number]

        monkeypatch.setattr("docextract.testing.answers.fill", fill)

    return script


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """Return a function that gives the variables of a run against an endpoint."""

    def variables(endpoint: Any) -> dict[str, str]:
        return {"ZAI_API_KEY": endpoint.key}

    return variables
