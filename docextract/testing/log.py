"""What the fake endpoint remembers of a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One chat request. Neither pixels nor keys: `images` are digests, `pixels` their sizes.

    `rows` are the ids of the rows on its pages with their ledger's number, `digest` names what was asked
    without its request id, `trouble` what was made to go wrong. `could_cache` is how many of its input
    tokens stand at the beginning of an earlier prompt, whatever the cache's habits. Times are monotonic
    seconds; `ended` is 0 until it is answered.
    """

    number: int
    digest: str
    model: str
    request_id: str | None
    rung: str
    is_stream: bool
    thinking: str | None
    max_tokens: int | None
    status: int
    trouble: str | None
    finish: str | None
    body_bytes: int
    images: tuple[str, ...]
    pixels: tuple[tuple[int, int], ...]
    rows: tuple[tuple[str, str], ...]
    input_tokens: int
    cached_tokens: int
    could_cache: int
    output_tokens: int
    started: float
    ended: float
