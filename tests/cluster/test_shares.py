"""Processors are shared out before Ray is asked, since Ray would wait for ever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.cluster.shares import MOST, cpus_each
from docextract.errors import ConfigError


@given(st.lists(st.integers(1, 64), min_size=1, max_size=8), st.integers(1, 80))
def test_the_share_fits_and_is_the_largest_that_does(nodes: list[int], workers: int) -> None:
    if sum(nodes) < workers:
        with pytest.raises(ConfigError, match="processors"):
            cpus_each(nodes, workers)
        return
    cpus = cpus_each(nodes, workers)
    assert 1 <= cpus <= MOST
    assert sum(node // cpus for node in nodes) >= workers
    assert cpus == MOST or sum(node // (cpus + 1) for node in nodes) < workers


def test_too_many_workers_are_told_how_many_would_do() -> None:
    with pytest.raises(ConfigError, match="--workers 5") as refused:
        cpus_each([2.0, 1.5], 5)
    assert "--workers 3" in refused.value.hint
