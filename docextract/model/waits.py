"""How long an endpoint asks to be left alone: headers, structured details, or words in the message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from docextract.types import Json

_RESET = re.compile(r"reset at (\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2})", re.IGNORECASE)
_AGAIN = re.compile(r"(?:try again|retry) (?:in|after) (\d+(?:\.\d+)?)\s*(ms|s|m)?", re.IGNORECASE)
_UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0}
_ZONES = (timezone(timedelta(hours=8)), UTC)  # the text names no zone: the vendor's own, or the one of its ids


def header_wait(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds from Retry-After (seconds or an HTTP date) or its millisecond variants; None where absent or unreadable.

    Header names must be lower case. Never negative.
    """
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        if (milliseconds := _number(headers.get(name))) is not None:
            return milliseconds / 1000
    value = headers.get("retry-after")
    if value is None:
        return None
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError):  # older parsers index into what is not there
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def message_wait(message: str, *, now: datetime) -> float | None:
    """Seconds from `reset at YYYY-MM-DD HH:MM:SS` or `try again in 20s`; None where the text says nothing.

    The reset time has no zone: of the two likely readings the sooner one that is not past counts, since
    asking too early costs one refusal and asking too late costs hours.
    """
    if found := _RESET.search(message):
        moment = datetime.fromisoformat(found[1])
        waits = [(moment.replace(tzinfo=zone) - now).total_seconds() for zone in _ZONES]
        return min((wait for wait in waits if wait >= 0), default=0.0)
    if found := _AGAIN.search(message):
        return float(found[1]) * _UNITS_S[(found[2] or "s").lower()]
    return None


def detail_wait(error: Mapping[str, Json]) -> float | None:
    """Seconds from Google's `details[].retryDelay` ("34s")."""
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, dict) else None
        if isinstance(delay, str) and (seconds := _number(delay.removesuffix("s"))) is not None:
            return seconds
    return None


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value is not None else None
    except ValueError:
        return None
    return number if number is not None and 0 <= number < float("inf") else None
