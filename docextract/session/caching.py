"""What a prefix cache could have saved, and what it did."""

from __future__ import annotations

from dataclasses import dataclass

from docextract.types import ExtractionRequest, ModelProfile, Usage


@dataclass(slots=True)
class CacheAccount:
    """Input tokens of this run's calls: `cacheable` is what earlier calls had sent before, `cached` what was found."""

    cacheable: int = 0
    cached: int = 0
    saved_usd: float = 0.0

    def take(self, cacheable: int, usage: Usage, profile: ModelProfile | None) -> None:
        """Count one call."""
        # What was found was there to be found, also where the estimate says less.
        self.cacheable += max(cacheable, usage.cached_tokens)
        self.cached += usage.cached_tokens
        if profile is not None and profile.price is not None:
            self.saved_usd += usage.cached_tokens * (profile.price.input - profile.price.cached) / 1_000_000

    @property
    def share(self) -> float | None:
        """Found of what could be found; None where nothing could."""
        return self.cached / self.cacheable if self.cacheable else None


def cacheable_tokens(request: ExtractionRequest, usage: Usage, prefix_bytes: int, *, is_first: bool) -> int:
    """An estimate of the input tokens that an earlier call had in the same place.

    A repair or continuation repeats all but its last two turns; any other call repeats the fixed
    prefix, unless it is the first with that prefix. Text tokens are shared out by bytes.
    """
    sizes = [
        sum(len(part.encode("utf-8", "replace")) for part in message.parts if isinstance(part, str))
        for message in request.messages
    ]
    images = sum(image.tokens for image in request.window.images)
    text = max(0, usage.input_tokens - images)
    total = max(1, sum(sizes))
    if any(message.role == "assistant" for message in request.messages):
        return min(usage.input_tokens, images) + text * sum(sizes[:-2]) // total
    return 0 if is_first else text * min(prefix_bytes, total) // total
