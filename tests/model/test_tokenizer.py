"""Counting by the provider's tokenizer, against the real fake server."""

import anyio

from docextract.model.address import check_address, find_key
from docextract.model.profiles import resolve
from docextract.model.tokenizer import count_tokens
from docextract.testing.endpoint import FakeEndpoint


def test_the_tokenizer_counts_a_text() -> None:
    with FakeEndpoint("zai") as endpoint:
        profile = resolve("zai/glm-5v-turbo", base_url=endpoint.base_url)
        address = check_address(profile.base_url)
        key = find_key(profile, address, {"ZAI_API_KEY": endpoint.key})
        few = anyio.run(count_tokens, profile, address, key, "one two three")
        many = anyio.run(count_tokens, profile, address, key, "one two three " * 50)
    assert few is not None
    assert many is not None
    assert few < many


def test_an_endpoint_without_one_says_nothing() -> None:
    with FakeEndpoint("openai") as endpoint:
        profile = resolve("openai/gpt-5-mini", base_url=endpoint.base_url)
        assert anyio.run(count_tokens, profile, check_address(profile.base_url), None, "words") is None


def test_a_refused_key_is_no_count() -> None:
    with FakeEndpoint("zai") as endpoint:
        profile = resolve("zai/glm-5v-turbo", base_url=endpoint.base_url)
        assert anyio.run(count_tokens, profile, check_address(profile.base_url), None, "words") is None
