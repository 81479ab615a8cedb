"""What an endpoint's refusal means: an error with its scope, whether to try again and when.

The business code in the body decides, the HTTP status only where there is none: Z.ai answers 429 for
an empty balance as well as for a busy minute. Codes of Z.ai after docs.z.ai/api-reference/api-code and
recorded traffic; others after the providers' own client libraries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from docextract.errors import AccountError, ConfigError, DocextractError, ReplyError, TransportError
from docextract.model.waits import detail_wait, header_wait, message_wait
from docextract.types import Json, ModelProfile

Meaning = Literal[
    "auth", "quota", "quota_until", "config", "refused", "bad_request", "too_large", "rate", "overload", "server",
    "timeout", "repeated_id",
]  # fmt: skip

_ZAI: dict[str, Meaning] = {
    "500": "server",
    **dict.fromkeys(("1000", "1001", "1002", "1003", "1004"), "auth"),
    **dict.fromkeys(("1100", "1110", "1111", "1112", "1121"), "auth"),
    "1113": "quota",
    **dict.fromkeys(("1120", "1200", "1230", "1234"), "server"),
    "1211": "config",
    **dict.fromkeys(("1210", "1212", "1213", "1214", "1215"), "bad_request"),
    **dict.fromkeys(("1220", "1221", "1222"), "config"),
    "1231": "repeated_id",
    "1261": "too_large",
    **dict.fromkeys(("1300", "1301"), "refused"),
    **dict.fromkeys(("1302", "1303"), "rate"),
    "1304": "quota",
    "1305": "overload",
    **dict.fromkeys(("1308", "1310", "1316", "1317", "1318", "1319", "1320", "1321"), "quota_until"),
    **dict.fromkeys(("1309", "1311", "1313", "1314", "1315"), "quota"),
}

_WORDS: dict[str, Meaning] = {
    # OpenAI's `code` and `type`, and those who follow it
    "invalid_api_key": "auth", "account_deactivated": "auth", "access_terminated": "auth",
    "insufficient_quota": "quota", "billing_hard_limit_reached": "quota", "billing_not_active": "quota",
    "model_not_found": "config", "context_length_exceeded": "too_large", "content_filter": "refused",
    "content_policy_violation": "refused", "rate_limit_exceeded": "rate", "server_error": "server",
    "exceed_context_size_error": "too_large", "unavailable_error": "server",
    # Anthropic's `type`
    "authentication_error": "auth", "permission_error": "config", "billing_error": "quota",
    "not_found_error": "config", "request_too_large": "too_large", "rate_limit_error": "rate",
    "overloaded_error": "overload", "timeout_error": "timeout",
    # Google's `status`
    "UNAUTHENTICATED": "auth", "PERMISSION_DENIED": "config", "NOT_FOUND": "config", "RESOURCE_EXHAUSTED": "rate",
    "UNAVAILABLE": "overload", "INTERNAL": "server", "DEADLINE_EXCEEDED": "timeout",
}  # fmt: skip

_STATUS: dict[int, Meaning] = {
    401: "auth", 402: "quota", 403: "config", 404: "config", 405: "config", 408: "timeout", 409: "server",
    413: "too_large", 425: "server", 429: "rate", 434: "config", 435: "too_large", 504: "timeout", 529: "overload",
}  # fmt: skip

_PHRASES: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (
        re.compile(
            r"maximum context length|context length exceeded|prompt (?:is too long|exceeds max)|exceeds? (?:the )?"
            r"(?:available )?context|token count.{0,40}exceeds|too many (?:input )?tokens|context window",
            re.IGNORECASE,
        ),
        "too_large",
    ),
    (re.compile(r"api key not (?:valid|found)|incorrect api key|invalid api key", re.IGNORECASE), "auth"),
    (
        re.compile(r"credit balance is too low|insufficient (?:balance|credits)|no resource package", re.IGNORECASE),
        "quota",
    ),
    (re.compile(r"flagged|moderation|content policy|responsible ai", re.IGNORECASE), "refused"),
)

SPLITS = frozenset({"page_too_large", "reply_truncated"})
"""Error codes after which a window of several pages is asked again as smaller ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An error as the endpoint put it, read from any of the known envelopes."""

    status: int
    code: str | None
    words: tuple[str, ...]
    message: str
    wait_s: float | None = None


def read_refusal(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Refusal:
    """Read an error reply; header names in lower case. A body that is no JSON becomes its first line."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        value = None
    if isinstance(value, list) and value:  # Google's compatible endpoint wraps it in a list
        value = value[0]
    error = value.get("error", value) if isinstance(value, dict) else value
    wait_s = header_wait(headers, now=now)
    if isinstance(error, dict):
        return read_error(error, status=status, now=now, wait_s=wait_s)
    text = error if isinstance(error, str) else body[:2000].decode("utf-8", "replace")
    message = re.sub(r"<[^>]*>|\s+", " ", text).strip()[:300] or "no text"
    return Refusal(status=status, code=None, words=(), message=message, wait_s=wait_s)


def read_error(error: Mapping[str, Json], *, status: int, now: datetime, wait_s: float | None = None) -> Refusal:
    """Read an `error` object, from a reply's body or from inside a stream (status 200)."""
    message = str(error.get("message") or error.get("msg") or error)[:1000]
    words = tuple(str(error[key]) for key in ("code", "type", "status") if isinstance(error.get(key), str | int))
    code = next((word for word in words if word.isdigit() and len(word) == 4), None)
    if code is None and (found := re.match(r"\[(1\d{3})\]", message)):  # the Anthropic-shaped route of Z.ai
        code = found[1]
    if wait_s is None:
        wait_s = detail_wait(error)
    if wait_s is None:
        wait_s = message_wait(message, now=now)
    if status == 200:  # inside a stream the status may stand in the object
        status = next((int(word) for word in words if word.isdigit() and len(word) == 3), status)
    return Refusal(status=status, code=code, words=words, message=message, wait_s=wait_s)


def meaning(refusal: Refusal, profile: ModelProfile) -> Meaning:
    """What kind of refusal it is: by business code, then by the words of the envelope and message, then by status."""
    if refusal.code in _ZAI:
        return _ZAI[refusal.code]
    if profile.error_dialect == "zai" and "500" in refusal.words:
        return "server"
    by_word = next((_WORDS[word] for word in refusal.words if word in _WORDS), None)
    if by_word not in {None, "config"}:
        return by_word or "server"
    if refusal.status < 500:
        for pattern, kind in _PHRASES:
            if pattern.search(refusal.message):
                return kind
    if by_word is not None:
        return by_word
    if refusal.status in _STATUS:
        return _STATUS[refusal.status]
    return "bad_request" if 400 <= refusal.status < 500 else "server"


def error_of(refusal: Refusal, profile: ModelProfile, *, patience_s: float = 900.0) -> DocextractError:
    """The error to raise. `patience_s` is how long a stated reset is waited for before it stops the run."""
    kind = meaning(refusal, profile)
    error = _error(kind, refusal, profile, patience_s)
    # Beside the fields of every error: which waits fit is a matter of the provider's own code.
    error.__dict__["provider_code"] = refusal.code or ("529" if kind == "overload" else None)
    return error


def provider_code(error: DocextractError) -> str | None:
    """The provider's own code behind an error, where there was one ("1305")."""
    code: str | None = getattr(error, "provider_code", None)
    return code


def is_overload(error: DocextractError) -> bool:
    """Whether the service itself is overloaded: lasts minutes, and fewer calls at a time help."""
    return provider_code(error) in {"1305", "529"}


def _error(kind: Meaning, refusal: Refusal, profile: ModelProfile, patience_s: float) -> DocextractError:
    said = f"{profile.id}: {refusal.message} ({refusal.code or refusal.status})"
    wait_s = refusal.wait_s
    match kind:
        case "auth":
            return AccountError(said, code="auth_failed", hint=_key_hint(profile))
        case "quota":
            return AccountError(said, code="quota_exhausted", hint=_quota_hint(refusal))
        case "quota_until" if wait_s is None or wait_s > patience_s:
            hint = "wait for the reset named in the message, then run the same command again to resume"
            return AccountError(said, code="quota_exhausted", hint=hint)
        case "config":
            return ConfigError(said, hint="check --model and --base-url; `docextract models` lists what is known")
        case "refused":
            return ReplyError(said, code="refused")
        case "too_large":
            return ReplyError(said, code="page_too_large")
        case "bad_request":
            hint = "the endpoint refuses this request; see its words, and try another --model"
            return ReplyError(said, code="config_error", hint=hint)
        case "rate" | "quota_until":
            return TransportError(said, code="rate_limited", retry_after_s=wait_s)
        case "timeout":
            return TransportError(said, code="timed_out", retry_after_s=wait_s, in_doubt=True)
        case "repeated_id":
            return TransportError(said, code="unavailable", in_doubt=True)
        case "overload" | "server":
            return TransportError(said, code="unavailable", retry_after_s=wait_s)


def _key_hint(profile: ModelProfile) -> str:
    variable = next(iter(profile.key_env), "the key's variable")
    return f"check the key in {variable} (export {variable}=...), then run the same command again to resume"


def _quota_hint(refusal: Refusal) -> str:
    if refusal.code == "1113":
        return (
            "recharge the account, then run the same command again to resume; the same code is given for a key "
            "that belongs to another endpoint (coding plan or pay-as-you-go): then check --base-url"
        )
    return "recharge the account or change its plan, then run the same command again to resume"
