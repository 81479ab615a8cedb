"""Facts about models: which endpoint, how large, what it takes, what it costs. Read from profiles.json."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from docextract.errors import ConfigError
from docextract.types import BatchFacts, CacheRule, ImageFacts, Json, ModelProfile, Price, ThinkingSwitch

_NESTED: dict[str, Any] = {
    "image": ImageFacts,
    "cache": CacheRule,
    "price": Price,
    "thinking": ThinkingSwitch,
    "batch": BatchFacts,
}
_SNAPSHOT = re.compile(r"-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest|preview)$")
_LISTS = ("key_env", "rungs", "media_types")

# What a router's vendor prefix says about the model behind it; the address and the wire stay the router's.
_MODEL_FACTS = ("context", "max_output", "vision", "image", "price")


@functools.cache
def _table() -> dict[str, Any]:
    text = resources.files("docextract.model").joinpath("profiles.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def providers() -> tuple[str, ...]:
    """Names that may stand before the slash in --model, in the order of the table."""
    return tuple(_table()["providers"])


def known() -> Iterator[ModelProfile]:
    """The profile of every model in the table, by provider; for a provider without named models its own, named `*`."""
    for provider, facts in _table()["providers"].items():
        for name in facts.get("models") or ("*",) if facts["base_url"] else ():
            yield resolve(f"{provider}/{name}")


def resolve(model: str, *, base_url: str | None = None, overrides: Mapping[str, Json] | None = None) -> ModelProfile:
    """The profile of `provider/name`.

    A name that its provider does not list gets the provider's upper bounds and `known` False. A model
    without a known provider in front is asked at `base_url` under the profile `generic`. `overrides`
    are fields of `ModelProfile` (nested ones as objects) that win over the table.

    Raises ConfigError: no such provider and no base URL, or an override that is not a field.
    """
    provider, _, name = model.partition("/")
    if provider not in _table()["providers"] or not name:
        if base_url is None:
            listed = ", ".join(providers())
            raise ConfigError(f"--model {model}: no such provider", hint=f"write PROVIDER/NAME with one of: {listed}")
        provider, name = "generic", model
    merged, is_known = _facts(provider, name)
    for key, value in (overrides or {}).items():
        if key not in _fields(ModelProfile) or key in {"provider", "name", "known"}:
            raise ConfigError(f"model override {key!r} is not a fact of a profile", hint=_override_hint())
        _lay(merged, key, value)
    if base_url is not None:
        merged["base_url"] = base_url
    merged["base_url"] = str(merged["base_url"]).rstrip("/")
    if not merged["base_url"]:
        raise ConfigError(f"--model {model} has no address of its own", hint="pass --base-url URL")
    return _build({**merged, "provider": provider, "name": name, "known": is_known})


def _facts(provider: str, name: str) -> tuple[dict[str, Any], bool]:
    """Merged facts, the provider's first, and whether the model itself is in the table."""
    own = _table()["providers"][provider]
    merged: dict[str, Any] = {"date": _table()["date"]}
    for key, value in own.items():
        if key not in {"models", "vendors"}:
            _lay(merged, key, value)
    is_known = False
    vendor, _, vendor_name = name.partition("/")
    if vendor in own.get("vendors", {}):
        theirs, is_known = _facts(own["vendors"][vendor], vendor_name)
        for key in _MODEL_FACTS:
            if key in theirs:
                merged[key] = theirs[key]
    row = own.get("models", {}).get(name, own.get("models", {}).get(_SNAPSHOT.sub("", name)))
    for key, value in (row or {}).items():
        _lay(merged, key, value)
    return merged, is_known or row is not None or name == "*"


def _lay(merged: dict[str, Any], key: str, value: Json) -> None:
    """Put a fact over what is there: an image's limits are laid over, everything else is replaced."""
    if key == "image" and isinstance(merged.get(key), dict):
        # A rule's parameters belong to the rule, so they never outlive it.
        kept: dict[str, Any] = {} if "rule" not in value else {"parameters": {}}
        merged[key] = {**merged[key], **kept, **value}
    elif key == "price" and isinstance(value, dict) and "date" not in value:
        merged[key] = {**(merged.get(key) or {}), **value, "date": _table()["date"]}
    else:
        merged[key] = value


def _fields(noun: Any) -> set[str]:
    return {item.name for item in dataclasses.fields(noun)}


def _build(facts: dict[str, Any]) -> ModelProfile:
    try:
        for key, noun in _NESTED.items():
            if isinstance(facts.get(key), dict):
                facts[key] = noun(**_frozen_lists(facts[key]))
        return ModelProfile(**_frozen_lists(facts))
    except TypeError as error:
        raise ConfigError(f"model override: {error}", hint=_override_hint()) from error


def _frozen_lists(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if key in _LISTS else value for key, value in facts.items()}


def _override_hint() -> str:
    return f"facts are: {', '.join(sorted(_fields(ModelProfile) - {'provider', 'name', 'known'}))}"
