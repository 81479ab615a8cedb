from __future__ import annotations

import pytest

from docextract.budget.images import image_tokens
from docextract.errors import ConfigError
from docextract.model.price import cost, worst_cost
from docextract.model.profiles import known, providers, resolve
from docextract.types import Usage


def test_every_profile_of_the_table_is_whole() -> None:
    profiles = list(known())
    assert len({profile.id for profile in profiles}) == len(profiles) > 40
    for profile in profiles:
        assert profile.known
        assert profile.base_url.startswith(("https://", "http://127.0.0.1"))
        assert profile.needs_key == bool(profile.key_env)
        assert 0 < profile.max_output <= profile.context
        assert profile.rungs[-1] == "plain"
        assert image_tokens(profile.image, 1240, 1754) > 0
        assert profile.date
        assert profile.price is not None
        assert profile.price.cached <= profile.price.input <= profile.price.write


@pytest.mark.parametrize("provider", ["zai", "openai", "openrouter", "gemini", "anthropic", "mistral", "ollama",
                                      "llamacpp", "vllm", "lmstudio"])  # fmt: skip
def test_an_unknown_name_gets_its_providers_upper_bounds(provider: str) -> None:
    profile = resolve(f"{provider}/something-new")
    assert not profile.known
    assert profile.name == "something-new"
    siblings = [one for one in known() if one.provider == provider and one.price]
    assert profile.price is not None
    assert profile.price.output >= max(one.price.output for one in siblings if one.price)
    assert image_tokens(profile.image, 1240, 1754) >= max(
        image_tokens(one.image, 1240, 1754) for one in siblings if one.vision
    )


def test_glm_5v_turbo() -> None:
    profile = resolve("zai/glm-5v-turbo")
    assert profile.rungs == ("json_object", "plain")  # json_schema is accepted there, and ignored
    assert profile.thinking.off == {"thinking": {"type": "disabled"}}
    assert profile.concurrency == 2
    assert profile.context == 202_752
    assert cost(profile, Usage(input_tokens=1_000_000, cached_tokens=500_000, output_tokens=100_000)) == pytest.approx(
        1.12
    )
    assert worst_cost(profile, input_tokens=1000, output_tokens=1000) == pytest.approx(0.0052)


def test_a_router_takes_the_facts_of_the_model_behind_it_and_keeps_its_own_wire() -> None:
    routed, direct = resolve("openrouter/z-ai/glm-4.6v"), resolve("zai/glm-4.6v")
    assert (routed.context, routed.price, routed.image) == (direct.context, direct.price, direct.image)
    assert routed.base_url != direct.base_url
    assert routed.thinking != direct.thinking
    assert routed.known


def test_a_dated_snapshot_is_the_model_it_is_of() -> None:
    assert resolve("openai/gpt-5-mini-2025-08-07").price == resolve("openai/gpt-5-mini").price
    assert resolve("openai/gpt-5-mini-2025-08-07").name == "gpt-5-mini-2025-08-07"


def test_a_base_url_moves_a_profile_and_makes_a_generic_one() -> None:
    assert resolve("zai/glm-4.6v", base_url="https://open.bigmodel.cn/api/paas/v4/").base_url.endswith("/v4")
    generic = resolve("my/model", base_url="http://127.0.0.1:9/v1")
    assert (generic.provider, generic.name, generic.needs_key) == ("generic", "my/model", False)


def test_what_cannot_be_resolved_says_what_to_type() -> None:
    with pytest.raises(ConfigError) as caught:
        resolve("nobody/x")
    assert all(provider in caught.value.hint for provider in providers())
    with pytest.raises(ConfigError):
        resolve("zai/")
    with pytest.raises(ConfigError):
        resolve("generic/x")


def test_overrides_win_and_unknown_facts_are_refused() -> None:
    changed = resolve("zai/glm-5v-turbo", overrides={"context": 1000, "image": {"max_count": 3}, "rungs": ["plain"]})
    assert (changed.context, changed.image.max_count, changed.rungs) == (1000, 3, ("plain",))
    assert changed.image.rule == "glm_max"
    priced = resolve("zai/x", overrides={"price": {"input": 9, "cached": 1, "write": 9, "output": 9, "source": "mine"}})
    assert priced.price is not None
    assert priced.price.input == 9
    for wrong in ({"contxt": 1}, {"image": {"maxcount": 1}}, {"name": "y"}):
        with pytest.raises(ConfigError):
            resolve("zai/glm-5v-turbo", overrides=wrong)


def test_written_and_cached_tokens_have_their_own_price() -> None:
    claude = resolve("anthropic/claude-sonnet-5")
    usage = Usage(input_tokens=1_000_000, cached_tokens=400_000)
    assert cost(claude, usage, written_tokens=600_000) == pytest.approx(0.4 * 0.2 + 0.6 * 2.5)
