"""Which words are URLs, and which URLs are refused before anything is asked."""

from __future__ import annotations

import pytest

from docextract.errors import ConfigError
from docextract.remote.url import check_url, is_url, plain, shown_url


@pytest.mark.parametrize("text", ["s3://b/a", "GS://b", "memory://x", "abfs://c@host/p"])
def test_urls(text: str) -> None:
    assert is_url(text)
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a/b", "a/b"),
        ("C://a", "C://a"),
        ("file:///a%20b/c", "/a b/c"),
        ("file://localhost/a", "/a"),
        ("file://a/b", "a/b"),
    ],
)
def test_paths(text: str, path: str) -> None:
    assert not is_url(text)
    assert plain(text) == path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://host/a.pdf", "cannot be listed"),
        ("zip://a::s3://b/c.zip", "chained"),
        ("sftp://me:hunter2@host/in", "password"),
    ],
)
def test_what_cannot_be_used(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        check_url(text)
    assert "hunter2" not in f"{refused.value} {refused.value.hint}"


def test_a_password_is_not_shown() -> None:
    assert shown_url("sftp://me:hunter2@host/in/x") == "sftp://host/in/x"
    assert shown_url("s3://bucket/in@home") == "s3://bucket/in@home"
