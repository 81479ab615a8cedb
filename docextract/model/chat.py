"""Asking a model over HTTP: one question, one answer, from any OpenAI-compatible endpoint."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from docextract.errors import ConfigError, DocextractError, ReplyError, TransportError
from docextract.model.address import Address, Key, masked
from docextract.model.answer import Assembly, reply_of
from docextract.model.connect import Connections
from docextract.model.exchange import Post, Refused, Strange, exchange
from docextract.model.faults import error_of, meaning
from docextract.model.ladder import Ladder, Shape
from docextract.model.wire import Body, build_body, fetch_images, schema_digest
from docextract.types import ExtractionRequest, ModelProfile, ModelReply

_LESSONS = 6
_SAME_REFUSALS = 3
_TOTAL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLimits:
    """`connections` at a time; `wire_bytes` of one answer; `patience_s`, how long a stated reset is waited for."""

    connections: int = 64
    wire_bytes: int = 8_000_000
    patience_s: float = 900.0


class ChatClient:
    """A `ModelClient`. Knows neither retries nor limits of rate: `Retry` and `Gate` stand around it.

    One `ask` is one paid call at most. Refusals that teach (a field or JSON mode the endpoint does not
    take) cost nothing and are asked again at once, in the next shape that `ladder` knows.
    """

    def __init__(
        self,
        profile: ModelProfile,
        address: Address,
        key: Key | None = None,
        *,
        limits: ChatLimits | None = None,
        ladder: Ladder | None = None,
    ) -> None:
        self.profile = profile
        self.ladder = ladder or Ladder(profile)
        self._address = address
        self._key = key
        self._limits = limits or ChatLimits()
        self._connections = Connections(limit=self._limits.connections, tls=address.origin.startswith("https"))
        self._has_answered = False
        self._refusals: list[str] = []

    async def ask(self, request: ExtractionRequest) -> ModelReply:
        """One question, one answer, whole but unread: see `answer.complaint` for what may be wrong with it.

        `request.deadline_s` bounds the time without progress; the whole call takes at most six times that.

        Raises TransportError (retry by time), ReplyError (retry by count where `retryable`; code
        page_too_large: the window must be split), AccountError and ConfigError (the run stops).
        """
        images = await fetch_images(request)
        schema = schema_digest(request.wire_schema)
        started = time.monotonic()
        for lesson in range(_LESSONS):
            shape = self.ladder.shape(schema)
            body = build_body(_renumbered(request, lesson), self.profile, shape, images)
            try:
                assembly = await self._exchange(request, body, shape)
            except Refused as refused:
                error = self._mask(error_of(refused.refusal, self.profile, patience_s=self._limits.patience_s))
                # Only a plain "bad request" teaches: "tool_choice" in a message about a balance does not.
                kinds = {"bad_request", "config"}
                if "_tokens" in refused.refusal.message:  # an output cap that does not fit beside the prompt
                    kinds.add("too_large")
                may_teach = meaning(refused.refusal, self.profile) in kinds
                if may_teach and self.ladder.learn(refused.refusal, shape, schema=schema, fields=body.fields):
                    continue
                raise self._counted(error) from None
            self._has_answered = True
            self._refusals.clear()
            return self._reply(request, assembly, started)
        raise ReplyError(f"{self.profile.id} refuses every way to ask", code="config_error")

    async def _exchange(self, request: ExtractionRequest, body: Body, shape: Shape) -> Assembly:
        post = Post(
            url=self._address.url,
            headers=self._headers(is_stream=shape.stream),
            body=body.data,
            stall_s=request.deadline_s,
            total_s=request.deadline_s * _TOTAL,
            cap=self._limits.wire_bytes,
        )
        try:
            async with self._connections.take() as client:
                return await exchange(client, post)
        except Strange as strange:
            error = self._mask(TransportError(str(strange), code="unavailable"))
            raise self._counted(error, is_strange=True) from None
        except TransportError as error:
            if shape.stream and "piece of the stream" in str(error):
                self.ladder.broke()
            self._mask(error)
            raise

    def _headers(self, *, is_stream: bool) -> dict[str, str]:
        headers = {
            **self.profile.headers,
            "Content-Type": "application/json",
            "Accept": "text/event-stream" if is_stream else "application/json",
            "Accept-Encoding": "identity",
        }
        if self._key is not None:
            headers["Authorization"] = self._key.header(self._address.origin)
        return headers

    def _counted(self, error: DocextractError, *, is_strange: bool = False) -> DocextractError:
        """The error, or a ConfigError where an endpoint that has never answered says the same a third time in a row.

        After a first answer the same words are a passing trouble of the way, or of one document.
        """
        if error.code == "config_error" or is_strange:
            self._refusals.append("".join(letter for letter in str(error) if not letter.isdigit()))
            if not self._has_answered and self._refusals[-_SAME_REFUSALS:] == self._refusals[-1:] * _SAME_REFUSALS:
                return ConfigError(str(error), hint="check --base-url and --model: nothing there answers as a model")
        return error

    def _mask(self, error: DocextractError) -> DocextractError:
        if self._key is not None:
            error.args = (self._key.mask(str(error)),)
        return error

    def _reply(self, request: ExtractionRequest, assembly: Assembly, started: float) -> ModelReply:
        ms = round((time.monotonic() - started) * 1000)
        return masked(reply_of(assembly, self.profile, unmeasured=request.window.tokens_high, ms=ms), self._key)

    async def aclose(self) -> None:
        """Close connections; safe to call twice."""
        await self._connections.aclose()


def _renumbered(request: ExtractionRequest, lesson: int) -> ExtractionRequest:
    """The request under an id of its own for each time it is sent: Z.ai refuses one that it has seen (1231)."""
    if not lesson or not request.request_id:
        return request
    return replace(request, request_id=f"{request.request_id}-{lesson}")
