"""What tokens cost."""

from __future__ import annotations

from docextract.types import ModelProfile, Usage

_MILLION = 1_000_000


def cost(profile: ModelProfile, usage: Usage, *, written_tokens: int = 0) -> float:
    """USD for a usage: fresh input, cached input, input written to a cache, and output (with reasoning).

    `written_tokens` are part of the input that is not cached. A profile without a price costs 0.0.
    """
    price = profile.price
    if price is None:
        return 0.0
    cached = min(usage.cached_tokens, usage.input_tokens)
    written = min(written_tokens, usage.input_tokens - cached)
    fresh = usage.input_tokens - cached - written
    total = fresh * price.input + cached * price.cached + written * price.write + usage.output_tokens * price.output
    return total / _MILLION


def worst_cost(profile: ModelProfile, *, input_tokens: int, output_tokens: int) -> float:
    """USD that one call can cost at most: nothing cached, all input at its dearest, output to the cap."""
    price = profile.price
    if price is None:
        return 0.0
    return (input_tokens * max(price.input, price.write) + output_tokens * price.output) / _MILLION
