"""Counting tokens by the provider's own `/tokenizer`, where it has one: one small call that is not billed as an answer.

Z.ai: POST {base}/tokenizer with `model` and `messages`, reply `usage.prompt_tokens` (its OpenAPI description).
It lists few models, so a profile names the one to count by.
"""

from __future__ import annotations

import json

import httpx

from docextract.model.address import Address, Key
from docextract.types import ModelProfile

_TIMEOUT_S = 20.0
_MOST_BYTES = 1_000_000


async def count_tokens(profile: ModelProfile, address: Address, key: Key | None, text: str) -> int | None:
    """Tokens of a text as a prompt, or None where the endpoint does not say. Never raises for what it answers."""
    if profile.tokenizer is None:
        return None
    body = {"model": profile.tokenizer, "messages": [{"role": "user", "content": text}]}
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if key is not None:
        headers["Authorization"] = key.header(address.origin)
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, follow_redirects=False) as client:
            response = await client.post(
                f"{address.base_url}/tokenizer", content=json.dumps(body).encode("utf-8", "replace"), headers=headers
            )
        if response.status_code != httpx.codes.OK or len(response.content) > _MOST_BYTES:
            return None
        count = response.json()["usage"]["prompt_tokens"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
    return count if isinstance(count, int) and count > 0 else None
