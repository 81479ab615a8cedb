"""One answer to one question: the stored one, or a new one that is on the disk before anything reads it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import anyio

from docextract.budget.smaller import smaller
from docextract.budget.text import Bounds
from docextract.budget.windows import LEAST_ANSWER, PageCost, WindowRules, halve
from docextract.errors import AccountError, DocextractError, TransportError
from docextract.faultpoints import passing
from docextract.journal.rows import Claim
from docextract.model.price import worst_cost
from docextract.prompt import texts as prompt_texts
from docextract.session.caching import cacheable_tokens
from docextract.session.clients import Engine
from docextract.session.events import Event
from docextract.session.session import Session
from docextract.session.spool import PutOff, Spool
from docextract.steps.source import DocumentPages
from docextract.steps.stored import decode, encode, own_fields
from docextract.types import (
    ExtractionRequest,
    Json,
    Message,
    ModelReply,
    PageImage,
    RenderedPage,
    Window,
    Words,
)

_LOOK_AGAIN_S = 0.25
_NOT_SENT = "not_sent"
"""How a call ended that was written down and never left: it cost nothing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply; `is_stored` where it was bought before."""

    reply: ModelReply
    is_stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who is asked about which document: what `obtain` needs beside the messages."""

    session: Session
    engine: Engine
    claim: Claim
    source: DocumentPages
    schema: Mapping[str, Json]
    wire_schema: Mapping[str, Json] | None
    schema_digest: str
    prefix: str
    prefix_bytes: int
    costs: Mapping[int, PageCost]
    rules: WindowRules
    texts: Mapping[int, str]

    def halve(self, window: Window) -> tuple[Window, ...]:
        """The window's pages as two windows."""
        return halve(window, self.costs, self.rules)

    def smaller(self, window: Window) -> Window | None:
        """The window with its pictures at less resolution; None where they cannot be smaller."""
        profile = self.engine.profile
        return smaller(window, profile.image) if profile is not None else None

    def fallback(self) -> Asking | None:
        """The same about the fallback model, where there is one."""
        engine = self.engine.fallback
        return replace(self, engine=engine) if engine is not None else None

    def without(self, window: Window, pages: Collection[int]) -> Window:
        """The window less these pages."""
        return replace(
            window,
            pages=tuple(page for page in window.pages if page not in pages),
            images=tuple(image for image in window.images if image.page not in pages),
            text_pages=tuple(page for page in window.text_pages if page not in pages),
        )

    @asynccontextmanager
    async def held(self) -> AsyncIterator[HeldImages]:
        """Room for a window's images while it is asked: rendered once, kept over repairs, gone at the end."""
        self.session.make_room()
        async with self.session.room:
            yield HeldImages(self.source)


class HeldImages:
    """A `PageSource` for one window: its pages rendered once, kept over the tries of that window."""

    def __init__(self, source: DocumentPages) -> None:
        self._source = source
        self._images: dict[PageImage, RenderedPage] = {}

    async def words(self, pages: Sequence[int]) -> tuple[Words, ...]:
        """As the document gives them."""
        return await self._source.words(pages)

    async def images(self, images: Sequence[PageImage]) -> tuple[RenderedPage, ...]:
        """From memory where they were rendered for an earlier try."""
        missing = [image for image in images if image not in self._images]
        if missing:
            rendered = await self._source.images(missing)
            self._images.update(zip(missing, rendered, strict=True))
        return tuple(self._images[image] for image in images)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What is said in one request: the conversation so far, and the parameters that change the answer.

    `as_planned` where nothing is said beyond what the window's token estimate counts.
    """

    messages: tuple[Message, ...]
    params: Mapping[str, Json]
    as_planned: bool = False


async def obtain(asking: Asking, window: Window, turn: Turn, pages: HeldImages) -> Answer:
    """The answer to this turn. Raises what the client raises once waiting is over; AccountError at --max-cost."""
    key = request_key(asking, window, turn)
    session = asking.session
    for stored in await session.journal.replies(key):
        # Over the rounds of a batch every answer counts against the attempts, whenever it came.
        return Answer(decode(stored.body), is_stored=session.spool is None)
    spool = session.spool if asking.engine.profile is not None and asking.engine.profile.batch is not None else None
    if spool is not None:
        session.check_halted()
        await spool.check(asking.engine, key, is_first=turn.as_planned)
    await pages.images(window.images)  # before a slot is taken: a slot never waits for a render
    passing("rendered")
    request = ExtractionRequest(
        model=asking.engine.name,
        key=key,
        window=window,
        schema=asking.schema,
        wire_schema=asking.wire_schema,
        messages=turn.messages,
        params={**turn.params, "max_tokens": _cap(asking, window, turn.params)},
        pages=pages,
    )
    if asking.engine.is_local:
        return Answer(await asking.engine.retry.run(lambda _: _once(asking, request)), is_stored=False)
    if spool is not None:
        await _put(spool, asking, request)
    async with session.prefixes.turn(f"{asking.engine.name} {asking.prefix}") as is_first:
        reply = await asking.engine.retry.run(lambda _: _once(asking, request), tokens=window.tokens_high)
    cacheable = cacheable_tokens(request, reply.usage, asking.prefix_bytes, is_first=is_first)
    session.cache.take(cacheable, reply.usage, asking.engine.profile)
    if turn.as_planned and asking.engine is session.engine and not reply.usage.estimated:
        estimate = Bounds(window.tokens_low, window.tokens_high)
        session.learned.learn(estimate, reply.usage.input_tokens, images=bool(window.images))
    return Answer(reply, is_stored=False)


async def _put(spool: Spool, asking: Asking, request: ExtractionRequest) -> None:
    """Into a batch: raises PutOff, or what halts the run."""
    try:
        await spool.put(asking.engine, request, asking.claim.unit, asking.session.job.max_cost)
    except DocextractError as error:
        if error.scope == "run":
            asking.session.halt(error)
        raise


async def _once(asking: Asking, request: ExtractionRequest) -> ModelReply:
    """One call: written down with its worst cost before it is sent, its answer stored before it is returned."""
    session = asking.session
    session.check_halted()
    reserved = await _reserve(asking, request)
    if isinstance(reserved, ModelReply):
        return reserved
    call, request, worst = reserved
    passing("intent")
    is_sent = False
    try:
        await asking.engine.gate.turn()
        is_sent = True
        reply = await asking.engine.client.ask(request)
    except TransportError as error:
        await session.journal.call_failed(call, error.code, worst if error.in_doubt else 0.0)
        if error.code == "rate_limited":
            session.observe(Event("paused", {"seconds": error.retry_after_s or 0.0, "code": error.code}))
        raise
    except DocextractError as error:
        await session.journal.call_failed(call, error.code)
        if error.scope == "run":
            session.halt(error)
        raise
    except anyio.get_cancelled_exc_class():
        # Stopped at once: what was sent may have been billed, and this run's account is to say so.
        with anyio.CancelScope(shield=True):
            if is_sent:
                await session.journal.call_cut_off(call)
            else:
                await session.journal.call_failed(call, _NOT_SENT)
        raise
    else:
        passing("answered")
        await session.journal.answered(call, encode(reply), own_fields(reply.usage), reply.usage.cost_usd)
        passing("stored")
        return reply
    finally:
        session.budget_moved()


async def _reserve(asking: Asking, request: ExtractionRequest) -> tuple[int, ExtractionRequest, float] | ModelReply:
    """The call's id, and the request as it may be sent with its worst cost; or the answer, where it came meanwhile.

    As planned, else with a smaller cap on the answer, else after calls in flight have settled: an
    identical document may be in another worker's hands, and is paid once. Raises AccountError where
    nothing is in flight and it still does not fit.
    """
    session, profile = asking.session, asking.engine.profile
    cap = int(request.params["max_tokens"])
    least = min(cap, max(LEAST_ANSWER, request.window.answer_tokens))
    worst = 0.0
    is_idle = False
    while True:
        moved = session.budget_changed
        for tokens in dict.fromkeys((cap, least)):
            if profile is not None:
                worst = worst_cost(profile, input_tokens=request.window.tokens_high, output_tokens=tokens)
            intent = await session.journal.intend(
                request.key, asking.claim.unit, worst, session.job.max_cost, alone=True
            )
            if intent is not None:
                call, attempt = intent
                if attempt > 1 and (before := await session.journal.replies(request.key)):
                    # It came after `obtain` had looked, and before this call was written down.
                    await session.journal.call_failed(call, _NOT_SENT)
                    return decode(before[0].body)
                name = hashlib.sha256(f"{request.key} {attempt} {session.run_id}".encode()).hexdigest()[:32]
                params = {**request.params, "max_tokens": tokens}
                return call, replace(request, request_id=name, params=params), worst
        for stored in await session.journal.replies(request.key):
            return decode(stored.body)
        if await session.journal.is_put_off(request.key):
            raise PutOff
        session.check_halted()
        was_idle, is_idle = is_idle, not await session.journal.in_flight()
        if is_idle and not was_idle:
            continue  # what was in flight at the refusal may have settled since: now it may fit
        if is_idle:
            message = f"the next call may cost ${worst:.4f}, which does not fit --max-cost {session.job.max_cost}"
            error = AccountError(message, code="cost_ceiling")
            session.halt(error)
            raise error
        with anyio.move_on_after(_LOOK_AGAIN_S):  # a call of another worker may have settled
            await moved.wait()


def _cap(asking: Asking, window: Window, params: Mapping[str, Json]) -> int:
    """Output tokens allowed: twice the estimate, and room to think where thinking is on."""
    cap = max(LEAST_ANSWER, 2 * window.answer_tokens)
    if params.get("thinking") == "on":
        cap += 8192
    profile = asking.engine.profile
    return min(cap, profile.max_output) if profile is not None else cap


def request_key(asking: Asking, window: Window, turn: Turn) -> str:
    """Digest of all that decides the answer, known before anything is rendered.

    `max_tokens` is left out: it decides only whether the answer is cut off, and shrinks near --max-cost.
    """
    images = [own_fields(image.spec) | {"page": image.page} for image in window.images]
    parts = {
        "document": window.document,
        "pages": window.pages,
        "images": images,
        "model": asking.engine.identity,
        "params": dict(turn.params),
        "schema": asking.schema_digest,
        "prompt": prompt_texts.DIGEST,
        "turns": [
            [message.role, *[part if isinstance(part, str) else "" for part in message.parts]]
            for message in turn.messages
        ],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "replace")).hexdigest()
