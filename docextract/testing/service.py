"""The chat completions of the fake endpoint: check, think, answer, count."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from dataclasses import replace
from typing import Any

from docextract.testing.answers import Answer, compose
from docextract.testing.behaviour import Behaviour
from docextract.testing.checks import check_key, refuse
from docextract.testing.http import Incoming, Outgoing
from docextract.testing.log import Call
from docextract.testing.prefixes import PrefixCache
from docextract.testing.script import Script
from docextract.testing.seen import ImageReader, Question, read_question, tokens_of
from docextract.testing.sending import Reply, send
from docextract.testing.spoil import SPOILED
from docextract.testing.troubles import STREAMS, TROUBLES, Trouble, refusal
from docextract.types import CacheRule, ModelProfile


class Service:
    """State of the endpoint: calls seen, prefixes cached, request ids used."""

    def __init__(self, behaviour: Behaviour, profile: ModelProfile, script: Script) -> None:
        self.behaviour = behaviour
        self.profile = profile
        self.calls: list[Call] = []
        self.in_flight = 0
        self.peak = 0
        self.reader = ImageReader(profile.image)
        self._script = script
        self.clear()

    def clear(self) -> None:
        """Forget everything but the images."""
        self.calls.clear()
        self._number = 0
        self._ids: set[str] = set()
        self._cache = PrefixCache(self.behaviour.cache)
        self._ideal = PrefixCache(CacheRule(kind="implicit"))
        self._chance = random.Random(self.behaviour.seed)  # noqa: S311 - a repeatable fake, no secret

    async def chat(self, request: Incoming, out: Outgoing) -> None:
        """Answer one request, whatever it is."""
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await self._chat(request, out)
        finally:
            self.in_flight -= 1

    async def _chat(self, request: Incoming, out: Outgoing) -> None:
        self._number += 1
        number, started = self._number, time.monotonic()
        try:
            body = request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            await refusal(400, "1214", "the body is not a JSON object")(out, self.behaviour)
            return
        question = read_question(number, body, self.reader)
        kind = self._script.pick(question)
        index = len(self.calls)
        self.calls.append(self._call(question, kind, len(request.body), started))
        trouble = self._refusal(request, question) or TROUBLES.get(kind or "")
        await asyncio.sleep(self.behaviour.latency_s)
        try:
            if trouble is not None:
                self._note(index, status=await trouble(out, self.behaviour))
            else:
                await self._reply(out, question, kind, index)
        finally:
            self._note(index, ended=time.monotonic())

    def asked(self, body: dict[str, Any]) -> tuple[Question, str | None]:
        """A request that came otherwise than by chat (in a batch), and what the script makes go wrong with it."""
        self._number += 1
        question = read_question(self._number, body, self.reader)
        return question, self._script.pick(question)

    def paid(self, question: Question, kind: str | None, *, finish: str, output_tokens: int) -> None:
        """Log such a request as answered."""
        now = time.monotonic()
        call = self._call(question, kind, 0, now)
        self.calls.append(replace(call, status=200, finish=finish, output_tokens=output_tokens, ended=now))

    def _refusal(self, request: Incoming, question: Question) -> Trouble | None:
        behaviour = self.behaviour
        if (trouble := check_key(request.headers, behaviour)) is not None:
            return trouble
        if behaviour.most_in_flight is not None and self.in_flight > behaviour.most_in_flight:
            return TROUBLES["overload"]
        request_id = question.body.get("request_id")
        if behaviour.checks_request_id and isinstance(request_id, str):
            if request_id in self._ids:
                return refusal(400, "1231", f"You already have a request: {request_id}")
            self._ids.add(request_id)
        return refuse(question, behaviour, self.profile)

    async def _reply(self, out: Outgoing, question: Question, kind: str | None, index: int) -> None:
        answer = compose(question, self.behaviour)
        if kind in SPOILED:
            answer = SPOILED[kind](answer)
        could_cache = self._ideal.look(question.units)
        cached = 0 if self._chance.random() < self.behaviour.cache_misses else self._cache.look(question.units)
        written = self._cache.store(question.units, question.marks)
        self._ideal.store(question.units)
        usage = _usage(question, answer, cached=cached, written=max(0, written - cached), behaviour=self.behaviour)
        self._note(
            index,
            cached_tokens=cached,
            could_cache=could_cache,
            finish=answer.finish,
            output_tokens=usage["completion_tokens"],
            status=200,
        )
        name = hashlib.sha256(f"{question.number}/{question.digest}".encode()).hexdigest()[:16]
        reply = Reply(
            answer=answer,
            usage=usage,
            id=f"20260101000000{name}",
            model=str(question.body.get("model")),
            request_id=str(question.body.get("request_id") or name),
        )
        trouble = kind if kind in STREAMS else None
        await send(out, reply, question, self.behaviour, trouble)

    def _call(self, question: Question, kind: str | None, body_bytes: int, started: float) -> Call:
        body = question.body
        thinking = body.get("thinking")
        cap = body.get("max_tokens") or body.get("max_completion_tokens")
        request_id = body.get("request_id")
        return Call(
            number=question.number,
            digest=question.digest,
            model=str(body.get("model")),
            request_id=request_id if isinstance(request_id, str) else None,
            rung=question.rung,
            is_stream=bool(body.get("stream")),
            thinking=thinking.get("type") if isinstance(thinking, dict) else None,
            max_tokens=cap if isinstance(cap, int) else None,
            status=0,
            trouble=kind,
            finish=None,
            body_bytes=body_bytes,
            images=tuple(image.digest for image in question.images),
            pixels=tuple((image.width, image.height) for image in question.images),
            rows=tuple((ledger.number, row.id) for ledger in question.ledgers for row in ledger.rows),
            input_tokens=question.input_tokens,
            cached_tokens=0,
            could_cache=0,
            output_tokens=0,
            started=started,
            ended=0.0,
        )

    def _note(self, index: int, **facts: Any) -> None:
        if index < len(self.calls):  # cleared meanwhile
            self.calls[index] = replace(self.calls[index], **facts)


def _usage(question: Question, answer: Answer, *, cached: int, written: int, behaviour: Behaviour) -> dict[str, Any]:
    thought = len(tokens_of(answer.reasoning))
    output = len(tokens_of(answer.text)) + thought
    usage: dict[str, Any] = {
        "prompt_tokens": question.input_tokens,
        "completion_tokens": output,
        "total_tokens": question.input_tokens + output,
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    if thought:
        usage["completion_tokens_details"] = {"reasoning_tokens": thought}
    if behaviour.mode == "anthropic":
        usage |= {"cache_read_input_tokens": cached, "cache_creation_input_tokens": written}
    return usage
