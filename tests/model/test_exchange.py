"""A finished call leaves nothing behind: its body, with the pictures in it, goes when it has ended."""

from __future__ import annotations

import gc
import json
from contextlib import suppress

import httpx
import pytest

from docextract.model.exchange import Post, Refused, exchange
from docextract.testing.endpoint import FakeEndpoint

pytestmark = pytest.mark.anyio


def living() -> int:
    return sum(isinstance(each, httpx.Request | httpx.Response) for each in gc.get_objects())


@pytest.mark.parametrize("text", ["Ledger", ""])
async def test_a_request_goes_when_its_call_has_ended(text: str) -> None:
    """An answered one and a refused one, with the collector of cycles at rest."""
    turns = [{"role": "user", "content": text}] if text else []
    body = json.dumps({"model": "gpt-5-mini", "stream": True, "messages": turns}).encode()
    with FakeEndpoint("openai") as endpoint:
        headers = {"Authorization": f"Bearer {endpoint.key}", "Content-Type": "application/json"}
        async with httpx.AsyncClient(trust_env=False) as client:
            gc.collect()
            before = living()
            gc.disable()
            answered = 0
            try:
                for _ in range(3):
                    with suppress(Refused):
                        url = f"{endpoint.base_url}/chat/completions"
                        post = Post(url=url, headers=headers, body=body, stall_s=5.0, total_s=5.0, cap=1 << 20)
                        answered += (await exchange(client, post)).finish is not None
                assert living() == before
                assert answered == (3 if text else 0)
            finally:
                gc.enable()
