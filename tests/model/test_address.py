from __future__ import annotations

import hashlib
import hmac

import pytest

from docextract.errors import ConfigError
from docextract.model.address import Key, check_address, find_key, is_loopback, read_segment
from docextract.model.profiles import resolve

SECRET = "abcdef0123456789.ZyXwVuTsRqPoNmLk"  # noqa: S105 - made up
ZAI = resolve("zai/glm-5v-turbo")


@pytest.mark.parametrize("url", ["https://api.z.ai/api/paas/v4", "https://api.z.ai/api/paas/v4/",
                                 "https://api.z.ai/api/paas/v4/chat/completions"])  # fmt: skip
def test_the_address_is_what_stands_before_chat_completions(url: str) -> None:
    address = check_address(url)
    assert address.url == "https://api.z.ai/api/paas/v4/chat/completions"
    assert address.origin == "https://api.z.ai:443"
    assert address.warning is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]:1/v1"])
def test_plain_http_is_for_this_machine(url: str) -> None:
    assert check_address(url).base_url == url


@pytest.mark.parametrize("url", ["http://10.0.0.5/v1", "http://localhost.evil.example/v1", "http://127.0.0.1.nip.io/"])
def test_plain_http_elsewhere_must_be_allowed(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_address(url)
    assert "--allow-http" in caught.value.hint
    assert check_address(url, allow_http=True).origin.startswith("http://")


@pytest.mark.parametrize("url", ["", "api.z.ai", "ftp://x/", "https://", "https://user:pw@host/v1", "https://h/v1?key=x",
                                 "https://h:99999/", "file:///etc/passwd"])  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        check_address(url)


def test_the_coding_plan_is_warned_about() -> None:
    warning = check_address("https://api.z.ai/api/coding/paas/v4").warning
    assert warning is not None
    assert "1313" in warning


def test_a_key_goes_to_its_host_and_is_shown_to_nobody() -> None:
    address = check_address("https://api.z.ai/api/paas/v4")
    key = find_key(ZAI, address, {"ZAI_API_KEY": f" {SECRET}\n"})
    assert key is not None
    assert key.header(address.origin) == f"Bearer {SECRET}"
    for other in ("https://api.z.ai:444", "http://api.z.ai:443", "https://evil.example:443"):
        with pytest.raises(ConfigError) as caught:
            key.header(other)
        assert SECRET not in str(caught.value)
    for shown in (repr(key), str(key), f"{key}", repr({"key": key}), key.mask(f"bad key {SECRET}!")):
        assert SECRET not in shown
        assert "ZyXwVu" not in shown


def test_a_missing_key_names_its_variable() -> None:
    address = check_address(ZAI.base_url)
    with pytest.raises(ConfigError) as caught:
        find_key(ZAI, address, {"OPENAI_API_KEY": "x", "ZAI_API_KEY": ""})
    assert "ZAI_API_KEY" in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        find_key(ZAI, address, {"ZAI_API_KEY": SECRET}, variable="MY_KEY")
    assert "MY_KEY" in caught.value.hint
    assert find_key(resolve("ollama/x"), address, {"ZAI_API_KEY": SECRET}) is None


@pytest.mark.parametrize("value", ["a b", "käse", "a\nb"])
def test_what_no_header_can_hold_is_no_key(value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find_key(ZAI, check_address(ZAI.base_url), {"ZAI_API_KEY": value})
    assert value not in str(caught.value)


def test_the_signed_token_is_as_zai_wants_it() -> None:
    address = check_address(ZAI.base_url)
    token = Key(SECRET, address.origin, sign=True).header(address.origin, wall=lambda: 1_700_000_000.0)
    head, body, seal = token.removeprefix("Bearer ").split(".")
    assert read_segment(head) == {"alg": "HS256", "sign_type": "SIGN"}
    payload = read_segment(body)
    assert payload["api_key"] == "abcdef0123456789"
    assert payload["timestamp"] == 1_700_000_000_000  # milliseconds
    assert 0 < int(str(payload["exp"])) - 1_700_000_000_000 <= 210_000
    expected = hmac.new(b"ZyXwVuTsRqPoNmLk", f"{head}.{body}".encode(), hashlib.sha256).digest()
    import base64

    assert base64.urlsafe_b64decode(seal + "=") == expected
    assert SECRET not in token


def test_a_key_without_its_two_parts_cannot_sign() -> None:
    with pytest.raises(ConfigError):
        Key("plain", "https://x:443", sign=True).header("https://x:443")


@pytest.mark.parametrize(("host", "is_here"), [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True),
                                               ("localhost", True), ("10.0.0.1", False), ("x.com", False)])  # fmt: skip
def test_loopback(host: str, is_here: bool) -> None:
    assert is_loopback(host) is is_here
