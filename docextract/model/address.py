"""Where a model is asked, and the key that goes there and nowhere else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urlsplit

from docextract.errors import ConfigError
from docextract.types import ModelProfile, ModelReply

_TOKEN_LIFE_S = 210.0
_TOKEN_CACHED_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One endpoint: `url` takes the chat completions, `origin` is scheme, host and port."""

    base_url: str
    origin: str

    @property
    def url(self) -> str:
        """What requests are posted to."""
        return f"{self.base_url}/chat/completions"

    @property
    def warning(self) -> str | None:
        """What a person should know before spending on this address, or None."""
        if "/coding/paas/" in self.base_url:
            return (
                "this is the address of a coding plan: it is meant for listed coding tools, other use may be "
                "refused (1313); a pay-as-you-go key belongs to https://api.z.ai/api/paas/v4"
            )
        return None


def check_address(base_url: str, *, allow_http: bool = False) -> Address:
    """Accept https anywhere and plain http on this machine, or elsewhere with `allow_http`.

    Raises ConfigError: not a URL, a key inside the URL, or plain http to another machine.
    """
    try:
        parts = urlsplit(base_url.strip())
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"--base-url is not a URL: {error}", hint="write it as https://HOST/PATH") from error
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(
            "--base-url holds a user name, a query or a fragment",
            hint="pass only https://HOST/PATH; keys come from the environment, see --api-key-env",
        )
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host:
        raise ConfigError(f"--base-url {base_url}: not an http address", hint="write it as https://HOST/PATH")
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise ConfigError(
            f"--base-url {base_url}: plain http would send pages and key unprotected",
            hint="use https, or pass --allow-http if you trust the network between",
        )
    return Address(base_url=_trim(parts), origin=_origin(parts.scheme, host, port))


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _trim(parts: SplitResult) -> str:
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _origin(scheme: str, host: str, port: int | None) -> str:
    return f"{scheme}://{host}:{port or (443 if scheme == 'https' else 80)}"


@dataclass(frozen=True, slots=True)
class Key:
    """A secret bound to one origin. Neither `repr` nor `str` shows it; only `header` gives it away."""

    _secret: str = field(repr=False)
    origin: str
    variable: str = ""
    sign: bool = False

    def __str__(self) -> str:
        return f"Key(from {self.variable or 'the caller'}, for {self.origin})"

    def header(self, origin: str, *, wall: Callable[[], float] = time.time) -> str:
        """Value of Authorization for a request to `origin`.

        Raises ConfigError when that is not the origin it is bound to.
        """
        if origin != self.origin:
            raise ConfigError(f"the key of {self.origin} is not sent to {origin}", hint="check --base-url")
        return f"Bearer {_signed(self._secret, wall()) if self.sign else self._secret}"

    def mask(self, text: str) -> str:
        """`text` without the secret, for messages that quote what an endpoint said."""
        for secret in (self._secret, *self._secret.split(".")):
            if len(secret) >= 8:  # shorter pieces would blank ordinary words
                text = text.replace(secret, "***")
        return text


def masked(reply: ModelReply, key: Key | None) -> ModelReply:
    """A reply without the secret: a gateway may echo the headers that it was sent, and replies are stored."""
    if key is None:
        return reply
    raw = None if reply.raw is None else key.mask(reply.raw.decode("latin-1")).encode("latin-1")
    return replace(
        reply,
        text=key.mask(reply.text),
        reasoning=None if reply.reasoning is None else key.mask(reply.reasoning),
        request_id=None if reply.request_id is None else key.mask(reply.request_id),
        raw=raw,
    )


def find_key(
    profile: ModelProfile,
    address: Address,
    environ: Mapping[str, str],
    *,
    variable: str | None = None,
    sign: bool = False,
) -> Key | None:
    """The key for a profile: from `variable` if one is named, else from the profile's own variables.

    `sign` sends a short-lived token made from it instead of the key itself (Z.ai only).

    Raises ConfigError, naming the variable, where a key is needed and none is set.
    """
    for name in (variable,) if variable else profile.key_env:
        # A copied key often brings its line end along, which no header may hold.
        if secret := environ.get(name, "").strip():
            if not secret.isascii() or not secret.isprintable() or " " in secret:
                raise ConfigError(f"{name} holds characters that no key has", hint=f"export {name}=... again")
            return Key(secret, address.origin, name, sign)
    if variable or profile.needs_key:
        name = variable or next(iter(profile.key_env), "the key's variable")
        raise ConfigError(f"{profile.id} needs a key and {name} is not set", hint=f"export {name}=... and run again")
    return None


_tokens: dict[tuple[str, int], str] = {}


def _signed(secret: str, now_s: float) -> str:
    """Z.ai's JWT: HS256, header `sign_type: SIGN`, payload `api_key`, `exp`, `timestamp`, both in milliseconds.

    Source: the token code of zai-sdk 0.2.3; lives 210 s, made anew every 180 s.
    """
    name, _, signing = secret.partition(".")
    if not signing:
        raise ConfigError("a signed token needs a key of the form ID.SECRET", hint="use the plain key instead")
    window = int(now_s // _TOKEN_CACHED_S)
    cached = (hashlib.sha256(secret.encode()).hexdigest(), window)
    if cached not in _tokens:
        _tokens.clear()
        stamp = int(now_s * 1000)
        # The window may be nearly over when the token is made, so life counts from its end.
        expiry = int(((window + 1) * _TOKEN_CACHED_S + (_TOKEN_LIFE_S - _TOKEN_CACHED_S)) * 1000)
        head = _segment({"alg": "HS256", "sign_type": "SIGN"})
        body = _segment({"api_key": name, "exp": expiry, "timestamp": stamp})
        seal = hmac.new(signing.encode(), head + b"." + body, hashlib.sha256).digest()
        _tokens[cached] = b".".join((head, body, base64.urlsafe_b64encode(seal).rstrip(b"="))).decode()
    return _tokens[cached]


def _segment(value: Mapping[str, object]) -> bytes:
    text = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def read_segment(segment: str) -> dict[str, object]:
    """The JSON of one part of a token, for those who check it.

    Raises ValueError: not base64 or not JSON.
    """
    try:
        raw = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    value: dict[str, object] = json.loads(raw)
    return value
