"""The other paths of Z.ai: token counts, layout parsing, files and batches."""

from __future__ import annotations

import base64
import io
import itertools
import json
from collections.abc import Iterator
from typing import Any

from docextract.testing.batches import Batches
from docextract.testing.checks import check_key
from docextract.testing.http import Incoming, Outgoing
from docextract.testing.seen import read_question, tokens_of
from docextract.testing.service import Service
from docextract.testing.strip import read_bars

_TOKENIZER_MODELS = ("glm-4.6", "glm-4.6v", "glm-4.5")
_PARSE_SCALE = 2.0  # the service renders PDFs itself, and its boxes are pixels of that


class Extras:
    """Answers what is no chat."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._batches = Batches(service)
        self._ids = itertools.count(1)

    async def answer(self, request: Incoming, path: str, out: Outgoing) -> bool:
        """Answer a path below the base; False where there is none such."""
        if (trouble := check_key(request.headers, self._service.behaviour)) is not None:
            await trouble(out, self._service.behaviour)
            return True
        if request.method == "GET" and path.startswith("/files/") and path.endswith("/content"):
            content = self._batches.content(path.split("/")[2])
            await out.respond(404 if content is None else 200, content or b"", kind="application/jsonl")
            return True
        value = self._value(request, path)
        if value is None:
            return False
        await out.respond_json(400 if "error" in value else 200, value)
        return True

    def _value(self, request: Incoming, path: str) -> dict[str, Any] | None:
        match request.method, path.strip("/").split("/"):
            case "GET", ["models"]:
                return {"object": "list", "data": [{"id": self._service.profile.name, "object": "model"}]}
            case "POST", ["tokenizer"]:
                return self._tokenizer(request.json())
            case "POST", ["layout_parsing"]:
                return _parse_layout(request.json())
            case "POST", ["files"]:
                return self._batches.upload(request)
            case "POST", ["batches"]:
                return self._batches.create(request.json())
            case "GET", ["batches", name]:
                return self._batches.look(name)
            case "GET", ["batches"]:
                return self._batches.listed()
        return None

    def _tokenizer(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("model") not in _TOKENIZER_MODELS:
            return {"error": {"code": "1211", "message": "Unknown Model, please check the model code."}}
        question = read_question(0, body, self._service.reader)
        images = sum(image.tokens for image in question.images)
        usage = {"prompt_tokens": question.input_tokens, "image_tokens": images, "video_tokens": 0,
                 "total_tokens": question.input_tokens}  # fmt: skip
        return {"created": 1_700_000_000, "id": f"t{next(self._ids)}", "usage": usage}


def _parse_layout(body: dict[str, Any]) -> dict[str, Any]:
    """GLM-OCR: the rows of every page as text blocks, boxes in pixels of the service's own rendering."""
    data = base64.b64decode(str(body.get("file", "")).partition("base64,")[2] or str(body.get("file", "")))
    details, sizes, texts = [], [], []
    for image in _page_images(data):
        blocks: list[dict[str, Any]] = []
        for bar in read_bars(image):
            mark, number, *rest = json.loads(bar.payload)
            words = f"Ledger {number}" if mark == "H" else " ".join([*rest[:3], f"{rest[3]:.2f}"])
            # A row's words stand right above its bar, a heading's a little higher.
            top = bar.top - 14 * image.width / 595
            box = [round(0.08 * image.width), round(top), round(0.92 * image.width), round(bar.top)]
            blocks.append({"index": len(blocks), "label": "text", "bbox_2d": box, "content": words,
                           "width": image.width, "height": image.height})  # fmt: skip
        details.append(blocks)
        sizes.append({"width": image.width, "height": image.height})
        texts.append("\n\n".join(str(block["content"]) for block in blocks))
    usage = {"prompt_tokens": 100 * len(sizes), "completion_tokens": len(tokens_of("".join(texts)))}
    return {"id": "ocr", "created": 1_700_000_000, "model": "GLM-OCR", "md_results": "\n\n".join(texts),
            "layout_details": details, "data_info": {"num_pages": len(sizes), "pages": sizes},
            "usage": usage}  # fmt: skip


def _page_images(data: bytes) -> Iterator[Any]:
    if not data.startswith(b"%PDF"):
        from PIL import Image

        with Image.open(io.BytesIO(data)) as image:
            yield image.convert("RGB")
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        yield page.render(scale=_PARSE_SCALE).to_pil()
    document.close()
