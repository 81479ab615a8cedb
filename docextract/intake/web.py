"""A document that an INPUT names by its https address: looked at when found, fetched when its turn comes."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from docextract.errors import ConfigError, InputError
from docextract.intake.faults import EMPTY, fault_of
from docextract.intake.sniff import HEAD_BYTES, sniff
from docextract.types import Fault, SourceFile

MAX_BYTES = 512 << 20
"""Largest file that is fetched: as much as a zip may unpack to."""

DEADLINE_S = 120.0
"""For one address, redirects included. httpx alone has no deadline for a whole answer."""

_REDIRECTS = 3
_NAME_BYTES = 200
_CONTAINERS = (b"PK", b"\xd0\xcf\x11\xe0")  # zip and OLE: what is in them stands elsewhere than at the beginning


class WebError(OSError):
    """Why an address gave no file. `is_final` marks what no waiting mends."""

    def __init__(self, message: str, *, is_final: bool) -> None:
        super().__init__(message)
        self.is_final = is_final


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """`goes_to` is set for a redirect. `version` changes with the content where the server says so."""

    body: bytes = b""
    size: int = 0
    version: str = ""
    goes_to: str | None = None


def is_web(text: str) -> bool:
    """Whether an INPUT is an http or https address."""
    return text.lower().startswith(("https://", "http://"))


def find_on_web(url: str) -> Iterator[tuple[Path, SourceFile]]:
    """The file at an address, told by its first bytes; with `fault` set where it cannot be had.

    Raises ConfigError for an address that is never asked: no host, a password in it, plain http to another machine.
    """
    path = Path(_name(_checked(url)))
    file = SourceFile(path=path, name=path.name, kind="unsupported", bytes=0, url=url)
    try:
        yield Path(), _told(file, url, _get(url, HEAD_BYTES))
    except (WebError, InputError) as error:
        yield Path(), replace(file, fault=web_fault(error))


def web_fault(error: WebError | InputError) -> Fault:
    """Why an address gave no file, for the account of its document."""
    if isinstance(error, InputError):
        return error.fault
    return Fault(
        code="unreadable", message=str(error), hint="see that the address opens without a login, or pass the file"
    )


def fetch_from_web(url: str, to: Path) -> None:
    """Copy what stands at an address to a file. Raises WebError; InputError (`limit_reached`) over MAX_BYTES."""
    to.write_bytes(_get(url, None).body)


def _told(file: SourceFile, url: str, answer: _Answer) -> SourceFile:
    file = replace(file, bytes=answer.size, version=answer.version)
    if not answer.body:
        return replace(file, fault=EMPTY)
    with tempfile.TemporaryDirectory(prefix="docextract-") as folder:
        whole = Path(folder) / file.path.name
        whole.write_bytes(_get(url, None).body if answer.body.startswith(_CONTAINERS) else answer.body)
        told = sniff(whole, answer.body[:HEAD_BYTES])
    return replace(file, kind=told.kind, fault=fault_of(told))


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{url}: not an address: {error}", hint="write it as https://HOST/PATH") from error
    if not host or parts.username or parts.password:
        raise ConfigError("an INPUT address has no host, or holds a user name", hint="write it as https://HOST/PATH")
    if parts.scheme.lower() == "http" and not _is_loopback(host):
        raise ConfigError(f"{url}: plain http can be changed on its way", hint="use https, or download the file")
    return parts


def _name(parts: SplitResult) -> str:
    """A file name from the address; what names no file is named after the host."""
    last = unquote(parts.path.rsplit("/", 1)[-1]).replace("/", "_").replace("\0", "_").strip(". ")
    stem = last or str(parts.hostname)
    return stem.encode("utf-8", "replace")[-_NAME_BYTES:].decode("utf-8", "ignore")


def _get(url: str, limit: int | None) -> _Answer:
    """The first `limit` bytes, or all. Redirects are followed on the same host, so that no server sends us inwards."""
    ends = time.monotonic() + DEADLINE_S
    first = urlsplit(url)
    for _ in range(_REDIRECTS + 1):
        answer = _once(url, ends, limit)
        if answer.goes_to is None:
            return answer
        url = urljoin(url, answer.goes_to)
        parts = urlsplit(url)
        if (parts.hostname, parts.scheme) != (first.hostname, first.scheme):
            raise WebError(f"redirects to another host, {parts.hostname}", is_final=True)
    raise WebError(f"redirects more than {_REDIRECTS} times", is_final=True)


def _once(url: str, ends: float, limit: int | None) -> _Answer:
    """One GET. The name is resolved once, and that very address is connected to."""
    import httpx

    parts = urlsplit(url)
    host = str(parts.hostname)
    address = _resolve(host, parts.port or (443 if parts.scheme == "https" else 80))
    literal = f"[{address}]" if ":" in address else address
    pinned = parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal, fragment="").geturl()
    headers = {"Host": parts.netloc, "Accept-Encoding": "identity", "User-Agent": "docextract"}
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=30.0) as client,
            client.stream("GET", pinned, headers=headers, extensions={"sni_hostname": host}) as response,
        ):
            if response.is_redirect:
                return _Answer(goes_to=response.headers.get("location", ""))
            if response.status_code != httpx.codes.OK:
                raise WebError(f"the server answers {response.status_code}", is_final=response.is_client_error)
            body = _body(response.iter_raw(), ends, limit)
            named = response.headers
            told = [named.get(name, "") for name in ("etag", "last-modified", "content-length")]
            version = hashlib.sha256("\n".join(told).encode()).hexdigest() if any(told) else os.urandom(16).hex()
            size = int(told[2]) if told[2].isdecimal() else len(body)
            return _Answer(body=body, size=size, version=version)
    except httpx.HTTPError as error:
        raise WebError(str(error) or type(error).__name__, is_final=False) from error


def _body(pieces: Iterator[bytes], ends: float, limit: int | None) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if limit is not None and len(body) >= limit:
            break
        if len(body) > MAX_BYTES:
            message = f"the file is larger than {MAX_BYTES >> 20} MB"
            raise InputError(message, code="limit_reached", hint="download it and pass the file")
        if time.monotonic() > ends:
            raise WebError(f"did not arrive within {DEADLINE_S:.0f} s", is_final=False)
    return bytes(body)


def _resolve(host: str, port: int) -> str:
    """An address in digits is the user's own word; a name that leads into a private network is a trick."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise WebError(f"no such host: {host}", is_final=False) from error
    address = str(found[0][4][0])
    if not _is_digits(host) and not _is_loopback(host) and not ipaddress.ip_address(address).is_global:
        raise WebError(f"{host} leads into a private network ({address})", is_final=True)
    return address


def _is_digits(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_digits(host) and ipaddress.ip_address(host).is_loopback)
