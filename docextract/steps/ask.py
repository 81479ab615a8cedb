"""One window, asked until its answer holds: repair, a fresh ask, thinking, the fallback model; or split in two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from docextract.check.parse import parse
from docextract.errors import DocextractError, ReplyError
from docextract.faultpoints import passing
from docextract.model.answer import complaint
from docextract.prompt.build import Fixed, build, proceed, repair
from docextract.schema.target import Target
from docextract.schema.wire import restore
from docextract.session.spool import PutOff
from docextract.steps.obtain import Answer, Asking, HeldImages, Turn, obtain
from docextract.steps.rejoin import rejoin
from docextract.types import Attempt, Fault, Issue, Json, Record, Usage, Window, WindowResult

_SMALLER_HELPS = {"page_too_large", "refused", "config_error"}
"""Faults of a window that its parts may not have: less to read, or one page's picture was the cause.

Refusals cost nothing, so finding the page costs requests and no money.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every window of one document under one schema."""

    asking: Asking
    target: Target
    wire_schema: Mapping[str, Json]
    fixed: Fixed
    retries: int
    thinking: str


class NeedsSplit(Exception):  # noqa: N818 - control flow between two functions of this file, not an error
    """The window is too large for the model, as it turned out."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(slots=True)
class Account:
    """What a window has cost so far. `asked` counts new answers of this run; stored ones are free."""

    window: Window
    attempts: list[Attempt] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    asked: int = 0

    def take(self, answer: Answer, outcome: str) -> None:
        """Count one answer."""
        reply = answer.reply
        self.usage += reply.usage
        self.asked += not answer.is_stored
        attempt = Attempt(
            window=self.window.index,
            n=len(self.attempts) + 1,
            outcome=outcome,
            finish_reason=reply.finish_reason,
            ms=reply.ms,
            input_tokens=reply.usage.input_tokens,
            cached_tokens=reply.usage.cached_tokens,
            output_tokens=reply.usage.output_tokens,
        )
        self.attempts.append(attempt)

    def miss(self, outcome: str) -> None:
        """Count a call that gave nothing that can be kept."""
        self.asked += 1
        self.attempts.append(Attempt(window=self.window.index, n=len(self.attempts) + 1, outcome=outcome))

    def fail(self, fault: Fault) -> WindowResult:
        """The window's end without a record."""
        return WindowResult(window=self.window, fault=fault, attempts=tuple(self.attempts), usage=self.usage)


async def ask_window(question: Question, window: Window) -> list[WindowResult]:
    """The window's results: one, or those of its parts. Never raises for what a model says; run-wide errors pass."""
    account = Account(window)
    try:
        return [await _ask(question, window, account)]
    except NeedsSplit as split:
        parts = question.asking.halve(window)
        if len(parts) < 2:
            return [account.fail(split.fault)]
        return _charged(await _ask_each(question, parts), account)
    except DocextractError as error:
        if error.scope == "run":
            raise
        remaining = question.asking.without(window, question.asking.source.faults)
        if error.scope == "page" and remaining.pages and remaining != window:
            return _charged(await ask_window(question, remaining), account)
        if error.code in _SMALLER_HELPS and len(window.pages) > 1:
            parts = question.asking.halve(window)
            return _charged(await _ask_each(question, parts), account)
        less = question.asking.smaller(window)
        if error.code == "page_too_large" and less is not None:
            return _charged(await ask_window(question, less), account)
        account.attempts.append(Attempt(window=window.index, n=len(account.attempts) + 1, outcome=error.code))
        return [account.fail(error.fault)]


async def _ask_each(question: Question, parts: Sequence[Window]) -> list[WindowResult]:
    """The parts' results. Where one waits for a batch the others are asked all the same, for that same batch."""
    results: list[WindowResult] = []
    waits: PutOff | None = None
    for part in parts:
        try:
            results += await ask_window(question, part)
        except PutOff as error:
            waits = error
    if waits is not None:
        raise waits
    return results


def _charged(results: list[WindowResult], account: Account) -> list[WindowResult]:
    """The first part also carries what the whole window had cost before it was split."""
    first = replace(
        results[0],
        attempts=(*account.attempts, *results[0].attempts),
        usage=account.usage + results[0].usage,
    )
    return [first, *results[1:]]


async def _ask(question: Question, window: Window, account: Account) -> WindowResult:
    async with question.asking.held() as pages:
        end = await _until_good(question, window, account, pages)
        fallback = question.asking.fallback()
        if isinstance(end, DocextractError) and fallback is not None:
            account.asked = 0
            end = await _until_good(replace(question, asking=fallback, retries=1), window, account, pages)
    return end if isinstance(end, WindowResult) else account.fail(end.fault)


async def _until_good(
    question: Question, window: Window, account: Account, pages: HeldImages
) -> WindowResult | DocextractError:
    """A result, or the last error once `retries` further new answers were no good either."""
    error: DocextractError = ReplyError("no answer", code="reply_empty")
    turns = Turns(question, window)
    while account.asked <= question.retries and (turn := turns.next()) is not None:
        try:
            first = await obtain(question.asking, window, turn, pages)
        except ReplyError as bad:  # an answer came that is none: nothing to read, nothing to repair
            if not bad.retryable and _can_be_less(question, window, bad):
                raise
            account.miss(bad.code)
            if not bad.retryable:  # the same model says it again; another one may not
                return bad
            error = bad
            turns.failed("", ())
            continue
        value, answer = await _read(question, account, first, turn, pages)
        passing("parsed")
        if isinstance(value, ReplyError):
            account.take(answer, value.code)
            if value.code == "refused":
                if len(window.pages) > 1:  # find out which of the pages it is
                    raise NeedsSplit(value.fault)
                return value
            error = value
            turns.failed(answer.reply.text, (Issue(path="", code=value.code, message=str(value)),))
            continue
        outcome = question.target.partial(restore(question.target.json_schema, value))
        issues = tuple(Issue(path=p.path, code="invalid_value", message=p.message) for p in outcome.problems)
        if not issues or question.asking.engine.is_local:
            account.take(answer, "ok")
            return _good(window, account, answer, outcome.data, issues)
        account.take(answer, "reply_invalid")
        error = _invalid(issues)
        turns.failed(answer.reply.text, issues)
    return error


def _can_be_less(question: Question, window: Window, error: DocextractError) -> bool:
    """Whether there is a smaller window to ask, of fewer pages or smaller pictures."""
    if len(window.pages) > 1:
        return error.code in _SMALLER_HELPS
    return error.code == "page_too_large" and question.asking.smaller(window) is not None


async def _read(
    question: Question, account: Account, answer: Answer, turn: Turn, pages: HeldImages
) -> tuple[Json | ReplyError, Answer]:
    """The answer as JSON, or what is wrong with it; and its last piece, which is not yet on the account.

    Raises NeedsSplit for an answer over several pages that was cut off.
    """
    bad = complaint(answer.reply)
    if bad is None:
        return _parsed(answer.reply.text), answer
    if bad.code != "reply_truncated" or not isinstance(bad, ReplyError):
        return ReplyError(str(bad), code=bad.code), answer
    if len(account.window.pages) > 1:
        account.take(answer, bad.code)
        raise NeedsSplit(bad.fault)
    text, piece = answer.reply.text, answer
    while account.asked < question.retries and text.strip():
        account.take(piece, bad.code)
        more = Turn(messages=proceed(turn.messages, text), params=turn.params)
        piece = await obtain(question.asking, account.window, more, pages)
        text = rejoin(text, piece.reply.text)
        if piece.reply.finish_reason != "length":
            return _parsed(text), piece
    return bad, piece


def _parsed(text: str) -> Json | ReplyError:
    try:
        return parse(text)
    except ReplyError as error:
        return error


class Turns:
    """The ways to ask, one after the other: as it is, repair, fresh, with thinking, then fresh ones that differ."""

    def __init__(self, question: Question, window: Window) -> None:
        asking = question.asking
        texts = {page: asking.texts[page] for page in window.text_pages if page in asking.texts}
        self._base = () if asking.engine.is_local else build(question.fixed, question.wire_schema, window, texts)
        self._is_local = asking.engine.is_local
        self._thinking = question.thinking
        self._number = 0
        self._answer = ""
        self._issues: tuple[Issue, ...] = ()

    def next(self) -> Turn | None:
        """The next turn; None where there is no other way to ask (the embedded engine says the same again)."""
        number = self._number
        if self._is_local:
            return Turn(messages=(), params={}) if number == 0 else None
        thinking = "on" if self._thinking == "on" else "off"
        if number == 0:
            return Turn(messages=self._base, params={"thinking": thinking}, as_planned=True)
        if number == 1 and self._answer.strip():
            return Turn(messages=repair(self._base, self._answer, self._issues), params={"thinking": thinking})
        if number >= 3 and self._thinking == "auto":
            thinking = "on"
        return Turn(messages=self._base, params={"thinking": thinking, "temperature": 0.3, "sample": number})

    def failed(self, answer: str, issues: tuple[Issue, ...]) -> None:
        """The turn's answer was no good, for these reasons."""
        self._number += 1
        self._answer = answer
        self._issues = issues


def _good(window: Window, account: Account, answer: Answer, value: Json, issues: tuple[Issue, ...]) -> WindowResult:
    record = Record(window=window, value=value, located=answer.reply.located, issues=issues)
    return WindowResult(window=window, record=record, attempts=tuple(account.attempts), usage=account.usage)


def _invalid(issues: tuple[Issue, ...]) -> ReplyError:
    first = issues[0]
    more = f" (and {len(issues) - 1} more)" if len(issues) > 1 else ""
    return ReplyError(f"{first.path or '/'}: {first.message}{more}")
