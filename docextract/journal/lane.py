"""What all workers together may ask of one endpoint, as a value that moves by rules: no clock, no store in here.

Concurrency: slow start (doubling until the first cut), then one more a round; halved on a rate limit
only, once in a cooldown; growth only while the limit is really used. Rates: the generic cell rate
algorithm (ITU-T I.371), one moment for requests and one for tokens, from which on the next is due.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from docextract.journal.rows import Limits

_COOLDOWN_S = 5.0
_USED = 0.8
# Leeway for workers whose clocks tick unevenly: 2 calls too many in a second at 100 a second.
_BURST_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Moments are seconds of the store's own clock."""

    limit: int
    threshold: int
    answers: int = 0
    busiest: int = 0
    cooling_until: float = float("-inf")
    paused_until: float = float("-inf")
    next_request: float = float("-inf")
    next_token: float = float("-inf")


def opened(limits: Limits) -> Lane:
    """A lane that nothing has passed yet."""
    ceiling = max(1, limits.ceiling)
    return Lane(limit=max(1, min(limits.start, ceiling)), threshold=ceiling)


def pause_of(lane: Lane, now: float) -> float:
    """Seconds until calls go out again; 0 when they do."""
    return max(0.0, lane.paused_until - now)


def entered(lane: Lane, limits: Limits, *, taken: int, tokens: int, now: float) -> tuple[Lane, float]:
    """One more call beside the `taken` ones, and the seconds it has to wait for both rates."""
    request_wait, next_request = _due(lane.next_request, 1.0, limits.rpm, now)
    token_wait, next_token = _due(lane.next_token, float(tokens), limits.tpm, now)
    moved = replace(lane, busiest=max(lane.busiest, taken + 1), next_request=next_request, next_token=next_token)
    return moved, max(request_wait, token_wait)


def answered(lane: Lane, limits: Limits, *, taken: int, spare_tokens: int, now: float) -> Lane:
    """A call was answered while `taken` slots (its own too) were held; tokens that it did not use go back."""
    next_token = lane.next_token
    if limits.tpm:
        next_token -= spare_tokens * 60.0 / limits.tpm
    lane = replace(lane, answers=lane.answers + 1, next_token=next_token)
    if lane.answers < lane.limit:
        return lane
    # A round is over: as many answers as the limit. It counts as used by its busiest moment.
    limit = lane.limit
    if lane.busiest >= lane.limit * _USED and now >= lane.cooling_until:
        limit = min(max(1, limits.ceiling), lane.limit * 2 if lane.limit < lane.threshold else lane.limit + 1)
    return replace(lane, limit=limit, answers=0, busiest=taken)


def limited(lane: Lane, *, wait_s: float, now: float) -> Lane:
    """A rate limit was hit: the limit is halved, once in a cooldown, and all wait as long as was asked for."""
    lane = paused(lane, seconds=wait_s, now=now)
    if now >= lane.cooling_until:
        half = max(1, lane.limit // 2)
        lane = replace(lane, limit=half, threshold=half)
    # Calls sent before the cut come back refused as well; they are not a reason to cut again.
    return replace(lane, cooling_until=max(lane.cooling_until, now + max(_COOLDOWN_S, wait_s)))


def paused(lane: Lane, *, seconds: float, now: float) -> Lane:
    """No call goes out for this long; a longer pause that is on stays."""
    return replace(lane, paused_until=max(lane.paused_until, now + seconds)) if seconds > 0 else lane


def _due(moment: float, units: float, per_minute: float | None, now: float) -> tuple[float, float]:
    """Seconds to wait for `units`, and the moment the next is due."""
    if not per_minute:
        return 0.0, moment
    begin = max(moment, now - _BURST_S)
    return max(0.0, begin - now), begin + units * 60.0 / per_minute
