"""One file system that a URL names. What its library raises is translated here, and nowhere else."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from docextract.errors import ConfigError
from docextract.remote.url import check_url, shown_url

T = TypeVar("T")

_WHOLE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "r2", "memory"}
"""Stores where an object that is put appears whole, and a failed put leaves what was there."""

_BY_PREFIX = {"s3", "s3a", "gs", "gcs"}
_TIMES = ("LastModified", "mtime", "last_modified", "updated", "created")
_VERSIONS = ("ETag", "etag", "generation", "md5Hash", "content_md5")
_AT_ONCE = 32
PAGE = 1000  # entries of one answer, the most that S3 gives


class StoreError(OSError):
    """What a store's library said. `is_setup` marks what no waiting mends: no credentials, no such bucket."""

    def __init__(self, message: str, *, is_setup: bool = False) -> None:
        super().__init__(message)
        self.is_setup = is_setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An object or a folder. `path` is the store's own; `version` changes with the content where the store tells."""

    path: str
    is_folder: bool
    bytes: int = 0
    mtime_ns: int = 0
    version: str = ""


class Store:
    """The file system of a URL, and `root`, the path in it that the URL names.

    Raises ConfigError where the URL cannot be used or the package for it is not installed. Methods block
    and raise FileNotFoundError, PermissionError or StoreError.
    """

    def __init__(self, url: str) -> None:
        check_url(url)
        self.shown = shown_url(url)
        self.scheme = url.partition("://")[0].lower()
        try:
            import fsspec

            self._fs, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise ConfigError(
                f"{self.shown}: {error}", hint="pip install 'docextract[cloud]', and the fsspec package of this store"
            ) from error
        self.root = str(root).rstrip("/")

    def url(self, path: str) -> str:
        """A path of this store as a URL."""
        return (
            f"{self.scheme}://{path.removeprefix('/')}"
            if self.scheme in _WHOLE
            else str(self._fs.unstrip_protocol(path))
        )

    def entry(self, path: str) -> Entry:
        """What stands at a path. FileNotFoundError where nothing does."""
        return _entry(self._call(lambda: self._fs.info(path)))

    def folder(self, path: str) -> Iterator[list[Entry]]:
        """What stands directly in a folder, a page at a time where the store has pages."""
        if self.scheme in {"s3", "s3a"}:
            yield from self._s3_folder(path)
            return
        found = self._call(lambda: self._fs.ls(path, detail=True))
        yield [entry for info in found if (entry := _entry(info)).path.rstrip("/") != path.rstrip("/")]

    def matches(self, pattern: str) -> list[Entry]:
        """Everything that a glob names."""
        return [_entry(info) for info in self._call(lambda: self._fs.glob(pattern, detail=True)).values()]

    def heads(self, paths: Sequence[str], size: int) -> list[bytes | OSError]:
        """The first `size` bytes of several objects, asked for side by side; an error in the place of one."""
        count = len(paths)
        found = self._call(lambda: self._fs.cat_ranges(list(paths), [0] * count, [size] * count, on_error="return"))
        return [bytes(each) if isinstance(each, bytes) else _translated(each) for each in found]

    def read(self, path: str, start: int, end: int) -> bytes:
        """Bytes [start, end) of an object."""
        return bytes(self._call(lambda: self._fs.cat_file(path, start=start, end=end)))

    def fetch(self, path: str, to: Path) -> None:
        """Copy an object to a file of this machine."""
        self._call(lambda: self._fs.get_file(path, str(to)))

    def put(self, path: str, data: bytes) -> Entry:
        """Replace an object, whole or not at all; what stands there now."""
        if self.scheme in _WHOLE:
            self._call(lambda: self._fs.pipe_file(path, data))
        else:
            self._put_aside(path, data)
        return self.entry(path)

    def _put_aside(self, path: str, data: bytes) -> None:
        """For file systems: under another name first, then renamed."""
        folder = path.rpartition("/")[0]
        aside = f"{folder}/.{secrets.token_hex(8)}.tmp"
        self._call(lambda: self._fs.makedirs(folder, exist_ok=True))
        try:
            self._call(lambda: self._fs.pipe_file(aside, data))
            self._call(lambda: self._fs.mv(aside, path))
        except OSError:
            self.remove([aside])
            raise

    def remove(self, paths: Sequence[str]) -> None:
        """Remove objects that may not be there."""
        for path in paths:
            try:
                self._call(lambda path=path: self._fs.rm_file(path))  # type: ignore[misc]  # a default, not an argument
            except FileNotFoundError:
                continue

    def existing(self, paths: Sequence[str]) -> list[Entry | None]:
        """What stands at each path, asked for side by side; None where nothing does."""

        def look(path: str) -> Entry | None:
            try:
                return self.entry(path)
            except FileNotFoundError:
                return None

        if len(paths) < 2:
            return [look(path) for path in paths]
        with ThreadPoolExecutor(min(_AT_ONCE, len(paths))) as threads:
            return list(threads.map(look, paths))

    def starting_with(self, prefix: str) -> list[str] | None:
        """Every object whose path begins so, by one request; None where the store cannot tell without listing all."""
        if self.scheme not in _BY_PREFIX:
            return None
        folder, _, name = prefix.rpartition("/")
        return sorted(self._call(lambda: self._fs.find(folder, prefix=name)))

    def below(self, path: str) -> list[str]:
        """Every object in a folder and in those below it; none where there is no such folder."""
        try:
            return sorted(self._call(lambda: self._fs.find(path)))
        except FileNotFoundError:
            return []

    def _s3_folder(self, path: str) -> Iterator[list[Entry]]:
        bucket, _, key = path.partition("/")
        asked = {"Bucket": bucket, "Prefix": f"{key.rstrip('/')}/" if key else "", "Delimiter": "/", "MaxKeys": PAGE}
        while True:
            page = self._call(lambda: self._fs.call_s3("list_objects_v2", **asked))
            folders = [
                Entry(path=f"{bucket}/{each['Prefix'].rstrip('/')}", is_folder=True)
                for each in page.get("CommonPrefixes", ())
            ]
            objects = [
                _entry({**each, "name": f"{bucket}/{each['Key']}", "size": each["Size"]})
                for each in page.get("Contents", ())
                if not each["Key"].endswith("/")  # consoles make such objects to show an empty folder
            ]
            yield folders + objects
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def _call(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except Exception as error:  # boundary: each library has its own errors
            raise _translated(error) from error


def _translated(error: BaseException) -> OSError:
    """FileNotFoundError and PermissionError as they are, all else as StoreError."""
    if isinstance(error, FileNotFoundError | PermissionError | StoreError):
        return error
    name = type(error).__name__
    is_setup = "Credential" in name or "NoSuchBucket" in f"{name} {error}" or isinstance(error, TypeError | ValueError)
    return StoreError(f"{name}: {error}".strip()[:300], is_setup=is_setup)


def _entry(info: dict[str, Any]) -> Entry:
    version = next((str(info[key]) for key in _VERSIONS if info.get(key)), "")
    return Entry(
        path=str(info["name"]),
        is_folder=info.get("type") == "directory",
        bytes=int(info.get("size") or 0),
        mtime_ns=next((_ns(info[key]) for key in _TIMES if info.get(key)), 0),
        version=version.strip('"'),
    )


def _ns(moment: Any) -> int:
    """A time as stores give it (a datetime, seconds, an ISO text), in nanoseconds since 1970."""
    if isinstance(moment, str):
        try:
            moment = dt.datetime.fromisoformat(moment)
        except ValueError:
            return 0
    if isinstance(moment, dt.datetime):
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        since: dt.timedelta = moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1000
    return int(1_000_000_000 * moment) if isinstance(moment, int | float) else 0
