"""The batch service of the fake endpoint: files up and down, batches that are worked off while one looks at them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from docextract.testing.answers import compose
from docextract.testing.checks import refuse
from docextract.testing.http import Incoming
from docextract.testing.seen import tokens_of
from docextract.testing.service import Service
from docextract.testing.spoil import SPOILED

EXPIRED = "expired"
"""A script that says this of a request has its batch expire without an answer to it."""

_REFUSED = {
    "refused": (400, {"code": "1301", "message": "The system detected unsafe content"}),
    "rate_limit": (429, {"code": "1302", "message": "Rate limit reached for requests"}),
    "balance": (429, {"code": "1113", "message": "Insufficient balance or no resource package"}),
    "bad_format": (400, {"code": "1210", "message": "response_format is not supported"}),
}


class Batches:
    """Every answered line is a call in the endpoint's log, so that a test sees what was paid for.

    A batch is `validating` until it has been looked at `behaviour.batch_looks` times. Refused lines
    stand in the error file. What the script spoils is spoiled here too.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._files: dict[str, bytes] = {}
        self._batches: dict[str, dict[str, Any]] = {}
        self._looks: dict[str, int] = {}
        self._ids = itertools.count(1)

    def content(self, name: str) -> bytes | None:
        """The bytes of a file."""
        return self._files.get(name)

    def upload(self, request: Incoming) -> dict[str, Any]:
        """A multipart upload: the largest part is the file."""
        boundary = request.headers.get("content-type", "").partition("boundary=")[2].strip('"').encode()
        parts = request.body.split(b"--" + boundary) if boundary else [request.body]
        contents = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts]
        name = f"file-{next(self._ids)}"
        self._files[name] = max(contents, key=len, default=b"")
        return {"id": name, "object": "file", "purpose": "batch", "bytes": len(self._files[name])}

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """A batch of an uploaded file. Its answers are made, and counted, here and now."""
        source = str(body.get("input_file_id"))
        if source not in self._files:
            return {"error": {"code": "1214", "message": f"no such file: {source}"}}
        name = f"batch-{next(self._ids)}"
        lines = [json.loads(line) for line in self._files[source].splitlines() if line.strip()]
        names = [line.get("custom_id") for line in lines]
        if len(set(names)) != len(names):
            return {"error": {"code": "1214", "message": "custom_id must be unique"}}
        good, bad = self._worked_off(lines)
        status = "completed" if len(good) + len(bad) == len(lines) else "expired"
        self._batches[name] = {
            "id": name, "object": "batch", "status": status, "input_file_id": source,
            "endpoint": body.get("endpoint"), "metadata": body.get("metadata"),
            "request_counts": {"total": len(lines), "completed": len(good), "failed": len(bad)},
            "output_file_id": self._kept(f"{name}-out", good), "error_file_id": self._kept(f"{name}-err", bad),
        }  # fmt: skip
        self._looks[name] = 0
        return self._shown(name)

    def look(self, name: str) -> dict[str, Any] | None:
        """A batch, one look nearer to its end."""
        if name not in self._batches:
            return None
        self._looks[name] += 1
        return self._shown(name)

    def listed(self) -> dict[str, Any]:
        """All batches, newest first."""
        return {"object": "list", "data": [self._shown(name) for name in reversed(self._batches)], "has_more": False}

    def _shown(self, name: str) -> dict[str, Any]:
        if self._looks[name] > self._service.behaviour.batch_looks:
            return self._batches[name]
        hidden = {"status": "validating", "output_file_id": None, "error_file_id": None}
        return self._batches[name] | hidden

    def _kept(self, name: str, lines: list[bytes]) -> str | None:
        if not lines:
            return None
        self._files[name] = b"\n".join(lines)
        return name

    def _worked_off(self, lines: list[dict[str, Any]]) -> tuple[list[bytes], list[bytes]]:
        good: list[bytes] = []
        bad: list[bytes] = []
        for line, (status, body) in zip(lines, self._replies(lines), strict=True):
            if body is None:
                continue
            row = {"id": f"r{next(self._ids)}", "custom_id": line["custom_id"],
                   "response": {"status_code": status, "body": body}}  # fmt: skip
            (good if status == 200 else bad).append(json.dumps(row).encode())
        # Providers promise no order.
        return good[::-1], bad

    def _replies(self, lines: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any] | None]]:
        for line in lines:
            yield self._reply(line["body"])

    def _reply(self, body: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        service = self._service
        question, kind = service.asked(body)
        if kind == EXPIRED:
            return 0, None
        if kind in _REFUSED:
            status, error = _REFUSED[kind]
            return status, {"error": error}
        if body.get("stream") or refuse(question, service.behaviour, service.profile) is not None:
            return 400, {"error": {"code": "1210", "message": "bad parameter"}}
        answer = compose(question, service.behaviour)
        if kind in SPOILED:
            answer = SPOILED[kind](answer)
        output = len(tokens_of(answer.text))
        service.paid(question, kind, finish=answer.finish, output_tokens=output)
        message = {"role": "assistant", "content": answer.text}
        return 200, {
            "id": f"b{question.number}",
            "choices": [{"index": 0, "finish_reason": answer.finish, "message": message}],
            "usage": {"prompt_tokens": question.input_tokens, "completion_tokens": output},
        }
