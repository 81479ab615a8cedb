"""The batch endpoint over HTTP: a file up, a batch made of it, its state, result files down."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx

from docextract.errors import ConfigError, DocextractError, TransportError
from docextract.model.address import Address, Key
from docextract.model.batch import Standing, standing
from docextract.model.clock import Clock
from docextract.model.faults import error_of, read_refusal
from docextract.model.retry import wait_of
from docextract.types import BatchFacts, Json, ModelProfile

_TIMEOUT = httpx.Timeout(300.0, connect=10.0)
_PAGES = 50  # of 100 batches each: as far back as a lost batch is looked for
_PIECE = 1 << 20
_MARK = "docextract"

T = TypeVar("T")


class BatchEndpoint:
    """Speaks to one endpoint with one key. Every method waits out transport troubles for `max_outage_s`.

    Raises TransportError once that is over, AccountError and ConfigError where the endpoint says no.
    """

    def __init__(
        self,
        profile: ModelProfile,
        facts: BatchFacts,
        address: Address,
        key: Key | None,
        *,
        max_outage_s: float = 900.0,
        clock: Clock | None = None,
    ) -> None:
        self._profile = profile
        self._facts = facts
        self._address = address
        self._key = key
        self._max_outage_s = max_outage_s
        self._clock = clock or Clock()

    async def upload(self, path: Path) -> str:
        """Send a batch file; returns the provider's id of it. A file that was sent twice costs nothing."""

        async def once(client: httpx.AsyncClient) -> str:
            with path.open("rb") as file:
                parts = {"file": (path.name, file, "application/jsonl")}
                value = await self._asked(client, "POST", "/files", data={"purpose": "batch"}, files=parts)
            return _id(value)

        return await self._patiently(once)

    async def create(self, file: str, name: str, *, may_exist: bool = False) -> str:
        """Make a batch of an uploaded file, once; returns its id. Here the provider begins to charge.

        `may_exist` where an earlier process may have made it. After any failure that leaves it open
        whether the batch was made, it is looked for before it is made again.
        """
        body = {
            "input_file_id": file,
            "endpoint": self._facts.url,
            "completion_window": "24h",
            "metadata": {_MARK: name},
        }
        is_open = may_exist

        async def once(client: httpx.AsyncClient) -> str:
            nonlocal is_open
            if is_open and (found := await self._find(client, file)) is not None:
                return found
            is_open = True
            return _id(await self._asked(client, "POST", "/batches", json=body))

        return await self._patiently(once)

    async def _find(self, client: httpx.AsyncClient, file: str) -> str | None:
        """The batch of an uploaded file, where there is one."""
        after = ""
        for _ in range(_PAGES):
            value = await self._asked(client, "GET", f"/batches?limit=100{after}")
            found = value.get("data")
            rows = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
            for row in rows:
                if row.get("input_file_id") == file:
                    return _id(row)
            if not rows or not value.get("has_more"):
                return None
            after = f"&after={_id(rows[-1])}"
        return None

    async def look(self, batch: str) -> Standing:
        """Where a batch stands."""

        async def once(client: httpx.AsyncClient) -> Standing:
            return standing(await self._asked(client, "GET", f"/batches/{batch}"))

        return await self._patiently(once)

    async def download(self, file: str, path: Path) -> None:
        """A result file, written to `path`."""

        async def once(client: httpx.AsyncClient) -> None:
            url = f"{self._address.base_url}/files/{file}/content"
            async with client.stream("GET", url, headers=self._headers()) as response:
                if response.status_code != httpx.codes.OK:
                    raise self._refused(response, await response.aread())
                with path.open("wb") as out:
                    async for piece in response.aiter_bytes(_PIECE):
                        out.write(piece)

        await self._patiently(once)

    async def _asked(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        **content: object,
    ) -> Mapping[str, Json]:
        url = f"{self._address.base_url}{path}"
        response = await client.request(method, url, headers=self._headers(), **content)  # type: ignore[arg-type]  # what httpx takes as a body
        if response.status_code != httpx.codes.OK:
            raise self._refused(response, response.content)
        try:
            value = json.loads(response.content)
        except ValueError as error:
            raise TransportError(f"{url} answers with no JSON") from error
        if not isinstance(value, dict):
            raise TransportError(f"{url} answers with no JSON object")
        return value

    def _refused(self, response: httpx.Response, body: bytes) -> DocextractError:
        headers = {name.lower(): value for name, value in response.headers.items()}
        refusal = read_refusal(response.status_code, headers, body, now=datetime.now(UTC))
        if response.status_code in {404, 405}:
            return ConfigError(
                f"{self._profile.id}: no batch endpoint at {self._address.base_url} ({refusal.message})",
                hint="run the same command without --batch",
            )
        error = error_of(refusal, self._profile)
        if self._key is not None:
            error.args = (self._key.mask(str(error)),)
        return error

    def _headers(self) -> dict[str, str]:
        headers = {**self._profile.headers, "Accept-Encoding": "identity"}
        if self._key is not None:
            headers["Authorization"] = self._key.header(self._address.origin)
        return headers

    async def _patiently(self, once: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
        first_failure: float | None = None
        failures = 0
        while True:
            try:
                async with httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
                    return await once(client)
            except (httpx.HTTPError, TransportError) as cause:
                told = cause if isinstance(cause, TransportError) else None
                error = told or TransportError(
                    f"cannot reach {self._address.base_url}: {cause or type(cause).__name__}"
                )
                failures += 1
                now = self._clock.now()
                first_failure = now if first_failure is None else first_failure
                wait_s = wait_of(error, failures, self._clock.chance)
                if now - first_failure + wait_s > self._max_outage_s:
                    raise error from cause
            await self._clock.sleep(wait_s)


def _id(value: Mapping[str, Json]) -> str:
    name = value.get("id")
    if not isinstance(name, str) or not name:
        raise TransportError("the batch endpoint gave no id")
    return name
