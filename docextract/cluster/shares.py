"""How many processors each worker is given, checked against what the cluster has before anything is started."""

from __future__ import annotations

from collections.abc import Sequence

from docextract.errors import ConfigError

MOST = 8
"""Processors of one worker: rendering and reading for its share of the calls keep no more than these busy."""


def cpus_each(nodes: Sequence[float], workers: int) -> int:
    """Whole processors for each of `workers`, as many as fit on `nodes` (processors of each node), at most `MOST`.

    Raises ConfigError where they do not fit with one each: asking Ray for more would wait for ever.
    """
    for cpus in range(MOST, 0, -1):
        if sum(int(node) // cpus for node in nodes) >= workers:
            return cpus
    total = sum(int(node) for node in nodes)
    raise ConfigError(
        f"--workers {workers}: the cluster has {total} processors on {len(nodes)} nodes, each worker needs one",
        hint=f"type --workers {max(total, 1)} at most, or add nodes",
    )
