"""How a fake endpoint behaves when nothing goes wrong: a set of switches, and presets after real providers."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import Literal

from docextract.types import CacheRule

Mode = Literal["zai", "openai", "anthropic", "llamacpp"]
SchemaHabit = Literal["enforced", "ignored", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Switches of the fake endpoint.

    `path` stands before `/chat/completions`. `model` is the profile whose limits and image tokens
    count. `key` is the only one accepted; None accepts any or none. `json_schema` and `json_object` say
    what happens to `response_format`. `latency_s` passes before the first byte, `chunk_s` before each
    piece. `most_in_flight` answers more with 1305. `thinks` is whether reasoning is on unless
    switched off; `thinking_eats` spends the whole output cap on it. `cache_misses` is the share of
    prompts whose cached prefix is not found. `context` overrides the profile's. `batch_looks` is how
    often a batch is looked at before it is done.
    """

    mode: Mode = "zai"
    path: str = "/api/paas/v4"
    model: str = "zai/glm-5v-turbo"
    key: str | None = "id.secret-of-the-fake"
    json_schema: SchemaHabit = "ignored"
    json_object: SchemaHabit = "enforced"
    echoes_schema: bool = False
    latency_s: float = 0.0
    chunk_s: float = 0.0
    chunk_chars: int = 400
    most_in_flight: int | None = None
    thinks: bool = True
    thinking_tokens: int = 40
    thinking_eats: bool = False
    wraps_box: bool = False
    role_on_every_chunk: bool = True
    usage_apart: bool = False
    checks_request_id: bool = True
    cache: CacheRule = field(default_factory=lambda: CacheRule(kind="implicit"))
    cache_misses: float = 0.0
    context: int | None = None
    retry_after: str | None = None
    hang_s: float = 30.0
    batch_looks: int = 0
    seed: int = 0


@functools.cache
def preset(mode: Mode) -> Behaviour:
    """Switches as the provider has them."""
    if mode == "zai":
        return Behaviour()
    openai = replace(
        Behaviour(), mode="openai", path="/v1", model="openai/gpt-5-mini", json_schema="enforced", thinks=False,
        role_on_every_chunk=False, usage_apart=True, checks_request_id=False,
        cache=CacheRule(kind="implicit", min_tokens=1024, step=128),
    )  # fmt: skip
    if mode == "openai":
        return openai
    if mode == "anthropic":
        return replace(
            openai, mode="anthropic", model="anthropic/claude-sonnet-5", json_schema="ignored", json_object="ignored",
            cache=CacheRule(kind="breakpoints", min_tokens=1024, max_breakpoints=4),
        )  # fmt: skip
    return replace(openai, mode="llamacpp", model="llamacpp/any", key=None, cache=CacheRule(kind="implicit"))
