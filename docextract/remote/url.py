"""Which INPUTs and output folders are URLs, and which URLs can be used. Imports nothing heavy."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from docextract.errors import ConfigError

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)  # two letters at least: C:// is a drive
_LOCAL = {"file", "local"}
_NO_FOLDERS = {"http", "https", "data"}


def is_url(text: str) -> bool:
    """Whether files are reached through fsspec: `s3://...`, but not a path and not `file://...`."""
    found = _SCHEME.match(text)
    return found is not None and found[1].lower() not in _LOCAL


def plain(text: str) -> str:
    """A `file://` URL as the path that it names; anything else as it is."""
    found = _SCHEME.match(text)
    if found is None or found[1].lower() not in _LOCAL:
        return text
    return unquote(text[found.end() :].removeprefix("localhost"))


def check_url(text: str) -> None:
    """Raises ConfigError for a URL that names no folder of files, or that carries a secret."""
    scheme = text.partition("://")[0].lower()
    if scheme in _NO_FOLDERS:
        raise ConfigError(
            f"{scheme}:// addresses cannot be listed or written", hint="download the files to a folder and pass that"
        )
    if "::" in text:
        raise ConfigError(f"{shown_url(text)}: chained URLs (::) are not supported", hint="unpack the archive first")
    if urlsplit(text).password:
        raise ConfigError(
            f"{shown_url(text)}: a URL with a password in it would be written down",
            hint=f"give the credentials in the environment, as fsspec's {scheme} reads them",
        )


def shown_url(text: str) -> str:
    """The URL without what stands for a user and a password."""
    scheme, mark, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"
