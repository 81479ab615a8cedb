"""Files that lie in an object store, on this machine for as long as their document is worked on."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import anyio
import anyio.to_thread

from docextract.errors import CODES, ConfigError, InputError, error_from_fault
from docextract.intake.web import WebError, fetch_from_web, is_web, web_fault
from docextract.remote.store import Store, StoreError
from docextract.types import Fault, SourceFile, Unit

_FIRST_WAIT_S, _LAST_WAIT_S = 0.5, 30.0
_SUFFIX = 16  # bytes of a name's end that may be a file extension


@asynccontextmanager
async def at_hand(unit: Unit, scratch: Path, max_outage_s: float) -> AsyncIterator[Unit]:
    """The unit with every file on this machine, fetched into `scratch` and gone at the end.

    A file that cannot be had is a source with a fault. Raises InputError (`unavailable`, scope run) where a
    store does not answer for `max_outage_s`, ConfigError where it refuses this process altogether.
    """
    if all(source.url is None or source.is_useless for source in unit.sources):
        yield unit
        return
    folder = Path(await anyio.to_thread.run_sync(lambda: mkdtemp(prefix="fetched-", dir=scratch)))
    try:
        sources = [await _fetched(source, folder, at, max_outage_s) for at, source in enumerate(unit.sources)]
        yield replace(unit, sources=tuple(sources))
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(lambda: shutil.rmtree(folder, ignore_errors=True))


async def _fetched(source: SourceFile, folder: Path, at: int, max_outage_s: float) -> SourceFile:
    if source.url is None or source.is_useless:
        return source
    suffix = source.path.suffix
    path = folder / f"{at}{suffix if len(suffix.encode()) <= _SUFFIX else ''}"
    try:
        await _patiently(source.url, path, max_outage_s)
    except InputError as error:
        if error.scope == "run":
            raise
        return replace(source, fault=error.fault)
    except FileNotFoundError:
        return replace(source, fault=_fault("it was removed after it was listed"))
    except PermissionError as error:
        return replace(source, fault=_fault(f"cannot be read: {error}"))
    return replace(source, path=path)


async def _patiently(url: str, path: Path, max_outage_s: float) -> None:
    begun, wait_s = time.monotonic(), _FIRST_WAIT_S
    while True:
        try:
            await anyio.to_thread.run_sync(_fetch, url, path)
        except WebError as error:
            if error.is_final or time.monotonic() - begun + wait_s > max_outage_s:
                raise error_from_fault(web_fault(error)) from error
        except StoreError as error:
            if error.is_setup:
                raise ConfigError(f"{url}: {error}", hint="check the credentials and their right to read") from error
            if time.monotonic() - begun + wait_s > max_outage_s:
                raise InputError(f"{url} cannot be fetched: {error}", code="unavailable", scope="run") from error
        else:
            return
        await anyio.sleep(wait_s)
        wait_s = min(2 * wait_s, _LAST_WAIT_S)


def _fetch(url: str, path: Path) -> None:
    if is_web(url):
        fetch_from_web(url, path)
        return
    store = Store(url)
    store.fetch(store.root, path)


def _fault(message: str) -> Fault:
    return Fault(code="unreadable", message=message, hint=CODES["unreadable"])
