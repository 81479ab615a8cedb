"""GLM-OCR: one page's picture to Z.ai's `layout_parsing`, as a `ModelClient`.

POST {base}/layout_parsing with `model`, `file` (a data URI) and `request_id`; the reply holds
`layout_details` (a list of regions a page), `data_info` (the size of its own render) and `usage`
(Z.ai's OpenAPI description; box units after zai-org/GLM-OCR `maas_client.py`).
"""

from __future__ import annotations

import base64
import json
import time

from docextract.errors import ConfigError, DocextractError, ReplyError, TransportError
from docextract.model.address import Address, Key
from docextract.model.connect import Connections
from docextract.model.exchange import Post, Refused, Strange, fetch_object
from docextract.model.faults import error_of
from docextract.model.price import cost
from docextract.types import ExtractionRequest, Json, ModelProfile, ModelReply, Usage

MOST_BYTES = 10_000_000
"""Of a picture; the service takes no more."""
_ANSWER_CAP = 16_000_000
_TOTAL = 2


class LayoutClient:
    """Asks for the one image of a window. The reply's text is JSON: `regions` and the `size` that they are cut from."""

    def __init__(self, profile: ModelProfile, address: Address, key: Key | None, *, connections: int = 16) -> None:
        self.profile = profile
        self._address = address
        self._key = key
        self._connections = Connections(limit=connections, tls=address.origin.startswith("https"))

    async def ask(self, request: ExtractionRequest) -> ModelReply:
        """One call. Raises what `ChatClient.ask` raises; ReplyError page_too_large for a picture over 10 MB."""
        (image,) = await request.pages.images(request.window.images)
        if len(image.data) > MOST_BYTES:
            message = f"the picture of page {image.page} has {len(image.data):,} bytes, more than GLM-OCR takes"
            raise ReplyError(message, code="page_too_large", scope="page")
        uri = f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"
        body = {"model": self.profile.name, "file": uri, "request_id": request.request_id}
        post = Post(
            url=f"{self._address.base_url}/layout_parsing",
            headers=self._headers(),
            body=json.dumps(body).encode(),
            stall_s=request.deadline_s,
            total_s=request.deadline_s * _TOTAL,
            cap=_ANSWER_CAP,
        )
        started = time.monotonic()
        reply = await self._post(post)
        usage = _usage(reply, request.window.tokens_high)
        paid = cost(self.profile, usage)
        return ModelReply(
            text=json.dumps(_first_page(reply)),
            finish_reason="stop",
            usage=usage + Usage(cost_usd=paid),
            ms=round((time.monotonic() - started) * 1000),
            request_id=str(reply.get("request_id") or reply.get("id") or "") or None,
        )

    async def _post(self, post: Post) -> dict[str, Json]:
        try:
            async with self._connections.take() as client:
                return await fetch_object(client, post)
        except Refused as refused:
            raise self._mask(error_of(refused.refusal, self.profile)) from None
        except Strange as strange:
            raise self._mask(ConfigError(str(strange), hint="check the address of zai/glm-ocr")) from None
        except TransportError as error:
            self._mask(error)
            raise

    def _headers(self) -> dict[str, str]:
        headers = {**self.profile.headers, "Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self._key is not None:
            headers["Authorization"] = self._key.header(self._address.origin)
        return headers

    def _mask(self, error: DocextractError) -> DocextractError:
        if self._key is not None:
            error.args = (self._key.mask(str(error)),)
        return error

    async def aclose(self) -> None:
        """Close connections; safe to call twice."""
        await self._connections.aclose()


def _first_page(reply: dict[str, Json]) -> dict[str, Json]:
    """The regions of the one page that was sent, and the pixels of the render that their boxes are on."""
    details, info = reply.get("layout_details"), reply.get("data_info")
    if not isinstance(details, list):
        raise ReplyError("GLM-OCR's reply holds no layout_details", code="reply_invalid", retryable=True)
    pages = info.get("pages") if isinstance(info, dict) else None
    size = pages[0] if isinstance(pages, list) and pages and isinstance(pages[0], dict) else {}
    return {"regions": details[0] if details else [], "size": [size.get("width"), size.get("height")]}


def _usage(reply: dict[str, Json], expected: int) -> Usage:
    """Tokens as the service names them, else the estimate."""
    said = reply.get("usage")
    named = said if isinstance(said, dict) else {}
    tokens = [named.get(name) for name in ("prompt_tokens", "completion_tokens")]
    sound = [token if isinstance(token, int) and token >= 0 else None for token in tokens]
    return Usage(
        calls=1,
        input_tokens=expected if sound[0] is None else sound[0],
        output_tokens=sound[1] or 0,
        estimated=sound[0] is None,
    )
