# ruff: noqa: E501 - tables of recorded error bodies read best one to a line
from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.errors import CODES, DocextractError
from docextract.model.faults import error_of, is_overload, meaning, provider_code, read_refusal
from docextract.model.profiles import resolve
from docextract.model.waits import header_wait, message_wait

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ZAI, OPENAI = resolve("zai/glm-5v-turbo"), resolve("openai/gpt-5-mini")


def error(status: int, body: Any, headers: dict[str, str] | None = None, profile: Any = ZAI) -> DocextractError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_of(read_refusal(status, headers or {}, data, now=NOW), profile)


def zai(code: str, message: str = "words") -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("status", "code", "expected", "scope"),
    [
        *[(401, code, "auth_failed", "run") for code in ("1000", "1001", "1002", "1003", "1004")],
        *[(429, code, "auth_failed", "run") for code in ("1110", "1111", "1112", "1121")],
        *[(429, code, "quota_exhausted", "run") for code in ("1113", "1304", "1309", "1310", "1311", "1313", "1316", "1321")],
        *[(400, code, "config_error", "run") for code in ("1211", "1220", "1221", "1222")],
        *[(400, code, "config_error", "window") for code in ("1210", "1212", "1213", "1214", "1215")],
        (400, "1261", "page_too_large", "window"),
        (400, "1301", "refused", "window"),
        (429, "1302", "rate_limited", "window"),
        (429, "1303", "rate_limited", "window"),
        (429, "1305", "unavailable", "window"),
        *[(400, code, "unavailable", "window") for code in ("1120", "1200", "1230", "1231", "1234")],
        (500, "500", "unavailable", "window"),
    ],
)  # fmt: skip
def test_the_business_code_decides(status: int, code: str, expected: str, scope: str) -> None:
    found = error(status, zai(code))
    assert (found.code, found.scope) == (expected, scope)
    assert found.retryable is (expected in {"rate_limited", "unavailable"})
    assert provider_code(found) in {code, None}
    assert is_overload(found) is (code == "1305")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, {"error": {"message": "quota", "type": "insufficient_quota", "param": None, "code": "insufficient_quota"}}, "quota_exhausted"),
        (429, {"error": {"message": "slow", "type": "requests", "code": "rate_limit_exceeded"}}, "rate_limited"),
        (401, {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}, "auth_failed"),
        (400, {"error": {"message": "This model's maximum context length is 128000 tokens", "code": None}}, "page_too_large"),
        (400, {"error": {"message": "x", "type": "invalid_request_error", "code": "context_length_exceeded"}}, "page_too_large"),
        (404, {"error": {"message": "The model does not exist", "code": "model_not_found"}}, "config_error"),
        (400, [{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}}], "auth_failed"),
        (429, {"error": {"code": 429, "message": "x", "status": "RESOURCE_EXHAUSTED"}}, "rate_limited"),
        (400, {"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"}}, "page_too_large"),
        (400, {"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}, "quota_exhausted"),
        (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "unavailable"),
        (402, {"error": {"code": 402, "message": "Insufficient credits"}}, "quota_exhausted"),
        (503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, "unavailable"),
        (400, {"error": {"code": 400, "message": "the request exceeds the available context size", "type": "exceed_context_size_error"}}, "page_too_large"),
        (403, {"error": {"code": 403, "message": "Your input was flagged", "metadata": {}}}, "refused"),
        (413, b"", "page_too_large"),
        (502, b"<html><body>Bad Gateway</body></html>", "unavailable"),
        (504, b"", "timed_out"),
        (400, {"error": "just words"}, "config_error"),
        (500, {"error": {"message": "prompt is too long", "type": "server_error"}}, "unavailable"),
    ],
)  # fmt: skip
def test_other_dialects(status: int, body: Any, expected: str) -> None:
    assert error(status, body, profile=OPENAI).code == expected


def test_the_anthropic_shaped_route_of_zai() -> None:
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": "[1113][Insufficient balance][x]"}}
    assert error(429, body).code == "quota_exhausted"


def test_a_limit_with_a_near_reset_is_waited_for_and_a_far_one_stops() -> None:
    near = (NOW + timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S")
    found = error(429, zai("1308", f"Your limit will reset at {near}"))
    assert found.code == "rate_limited"
    assert getattr(found, "retry_after_s", None) == pytest.approx(300)
    far = (NOW + timedelta(days=5)).strftime("%Y-%m-%d %H:%M:%S")
    assert error(429, zai("1308", f"Your limit will reset at {far}")).code == "quota_exhausted"
    assert error(429, zai("1308", "no time named")).code == "quota_exhausted"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"x-ms-retry-after-ms": "250"}, 0.25),
        ({"retry-after": format_datetime(NOW + timedelta(seconds=90), usegmt=True)}, 90.0),
        ({"retry-after": format_datetime(NOW - timedelta(seconds=90), usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert header_wait(headers, now=NOW) == seconds
    found = error(429, zai("1302"), headers)
    assert getattr(found, "retry_after_s", "none") == seconds


def test_waits_in_words_and_in_details() -> None:
    assert message_wait("Please try again in 20s.", now=NOW) == 20
    assert message_wait("Please try again in 250ms", now=NOW) == 0.25
    assert message_wait("nothing", now=NOW) is None
    google = {"error": {"status": "RESOURCE_EXHAUSTED", "message": "x", "details": [{"retryDelay": "34s"}]}}
    assert getattr(error(429, google), "retry_after_s", None) == 34


def test_the_reset_time_has_no_zone_so_the_sooner_reading_that_is_not_past_counts() -> None:
    # 19:00 is eleven o'clock at UTC+8, which is past; as UTC it is seven hours ahead.
    assert message_wait("reset at 2026-11-21 19:00:00", now=NOW) == 7 * 3600
    assert message_wait("reset at 2026-11-21 21:00:00", now=NOW) == 3600
    assert message_wait("reset at 2020-01-01 00:00:00", now=NOW) == 0


@given(status=st.integers(300, 599), body=st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["error", "code", "message", "type"]), inner),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_whatever_comes_back_becomes_one_of_our_errors(status: int, body: bytes) -> None:
    found = error(status, body)
    assert found.code in CODES
    assert found.hint
    assert str(found)
    assert meaning(read_refusal(status, {}, body, now=NOW), OPENAI)
