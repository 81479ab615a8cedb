"""Asking again when no answer came: bounded by time, outside the slot, with full jitter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from docextract.errors import DocextractError, TransportError
from docextract.model.clock import Clock
from docextract.model.faults import is_overload
from docextract.types import ExtractionRequest, ModelClient, ModelReply

_SHORT_S = 4.0
_SHORT_WAITS = 3
_LONG_S = (30.0, 60.0, 90.0, 120.0)
_FIRST_S = 1.0
_LAST_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    """`max_outage_s` bounds the time from a call's first failure, `max_in_doubt` the tries that may be billed."""

    max_outage_s: float = 900.0
    max_in_doubt: int | None = None


def wait_of(error: DocextractError, failures: int, chance: Callable[[], float]) -> float:
    """Seconds to wait after the `failures`-th failure (1-based) in a row.

    What the provider asked for, exactly, plus up to a tenth so that workers do not come back as one. An
    overloaded service: three times under 4 s, then 30, 60, 90, 120 s. Else full jitter under 1, 2, 4 .. 60 s.
    """
    asked = getattr(error, "retry_after_s", None)
    if asked is not None:
        return float(asked) * (1 + 0.1 * chance())
    if is_overload(error):
        if failures <= _SHORT_WAITS:
            return _SHORT_S * chance()
        long_s = _LONG_S[min(failures - _SHORT_WAITS, len(_LONG_S)) - 1]
        return long_s * (0.75 + 0.25 * chance())
    return min(_LAST_S, _FIRST_S * 2.0 ** min(failures - 1, 10)) * chance()


class CallGate(Protocol):
    """What lets calls through: `limiter.Gate` for one process, or one that several workers share."""

    def slot(self, tokens: int = 0) -> AbstractAsyncContextManager[None]:
        """Hold one slot."""
        ...

    async def turn(self) -> None:
        """Keep the distance of the rates; awaited inside the slot, right before the call is sent."""
        ...

    def succeeded(self, *, spare_tokens: int = 0) -> None:
        """A call was answered; said inside its slot."""
        ...

    def limited(self, *, wait_s: float | None = None) -> None:
        """A rate limit was hit; said inside the slot."""
        ...

    def pause(self, seconds: float) -> None:
        """Let no call out for this long."""
        ...


class Retry:
    """Stands around any call to a model: takes a slot for each try, gives it back before it waits."""

    def __init__(self, gate: CallGate, options: RetryOptions | None = None, *, clock: Clock | None = None) -> None:
        self._gate = gate
        self._options = options or RetryOptions()
        self._clock = clock or Clock()

    async def run(self, call: Callable[[int], Awaitable[ModelReply]], *, tokens: int = 0) -> ModelReply:
        """Call with the number of the try (from 0) until an answer comes.

        Only a TransportError is tried again; everything else goes through at once. Raises the last error
        when `max_outage_s` would be passed, or after more than `max_in_doubt` tries that may have been billed.
        """
        first_failure: float | None = None
        failures = in_doubt = 0
        while True:
            try:
                async with self._gate.slot(tokens):
                    reply = await self._try(call, failures, tokens)
            except TransportError as error:
                if not error.retryable:
                    raise
                failures += 1
                in_doubt += error.in_doubt
                now = self._clock.now()
                first_failure = now if first_failure is None else first_failure
                wait_s = wait_of(error, failures, self._clock.chance)
                doubted = self._options.max_in_doubt is not None and in_doubt > self._options.max_in_doubt
                if doubted or now - first_failure + wait_s > self._options.max_outage_s:
                    raise
                await self._clock.sleep(wait_s)
            else:
                return reply

    async def _try(self, call: Callable[[int], Awaitable[ModelReply]], failures: int, tokens: int) -> ModelReply:
        try:
            reply = await call(failures)
        except TransportError as error:
            # Told inside the slot, before the next waiter is let out.
            if error.code == "rate_limited" or is_overload(error):
                self._gate.limited(wait_s=error.retry_after_s)
            elif error.retry_after_s:
                self._gate.pause(error.retry_after_s)
            raise
        self._gate.succeeded(spare_tokens=tokens - reply.usage.input_tokens if tokens else 0)
        return reply


class PatientClient:
    """A `ModelClient` around another: the same question, asked until there is an answer."""

    def __init__(self, client: ModelClient, retry: Retry) -> None:
        self._client = client
        self._retry = retry

    async def ask(self, request: ExtractionRequest) -> ModelReply:
        """As the client inside, with transport failures waited out. Every try has a request id of its own."""

        async def once(number: int) -> ModelReply:
            is_again = bool(number and request.request_id)
            again = replace(request, request_id=f"{request.request_id}.{number}") if is_again else request
            return await self._client.ask(again)

        return await self._retry.run(once, tokens=request.window.tokens_high)

    async def aclose(self) -> None:
        """Close the client inside."""
        await self._client.aclose()
