"""The other paths of Z.ai: token counts, layout parsing, files and batches."""

from __future__ import annotations

import base64
import io
import itertools
import json
from collections.abc import Iterator
from typing import Any

from docextract.testing.answers import compose
from docextract.testing.checks import check_key, refuse
from docextract.testing.http import Incoming, Outgoing
from docextract.testing.seen import read_question, tokens_of
from docextract.testing.service import Service
from docextract.testing.strip import read_bars

_TOKENIZER_MODELS = ("glm-4.6", "glm-4.6v", "glm-4.5")
_PARSE_SCALE = 2.0  # the service renders PDFs itself, and its boxes are pixels of that


class Extras:
    """Answers what is no chat. Batches are done as soon as they are made."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._files: dict[str, bytes] = {}
        self._batches: dict[str, dict[str, Any]] = {}
        self._ids = itertools.count(1)

    async def answer(self, request: Incoming, path: str, out: Outgoing) -> bool:
        """Answer a path below the base; False where there is none such."""
        if (trouble := check_key(request.headers, self._service.behaviour)) is not None:
            await trouble(out, self._service.behaviour)
            return True
        if request.method == "GET" and path.startswith("/files/") and path.endswith("/content"):
            await out.respond(200, self._files.get(path.split("/")[2], b""), kind="application/jsonl")
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
                return self._upload(request)
            case "POST", ["batches"]:
                return self._batch(request.json())
            case "GET", ["batches", name]:
                return self._batches.get(name)
        return None

    def _tokenizer(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("model") not in _TOKENIZER_MODELS:
            return {"error": {"code": "1211", "message": "Unknown Model, please check the model code."}}
        question = read_question(0, body, self._service.reader)
        images = sum(image.tokens for image in question.images)
        usage = {"prompt_tokens": question.input_tokens, "image_tokens": images, "video_tokens": 0,
                 "total_tokens": question.input_tokens}  # fmt: skip
        return {"created": 1_700_000_000, "id": f"t{next(self._ids)}", "usage": usage}

    def _upload(self, request: Incoming) -> dict[str, Any]:
        """A multipart upload: the largest part is the file."""
        boundary = request.headers.get("content-type", "").partition("boundary=")[2].strip('"').encode()
        parts = request.body.split(b"--" + boundary) if boundary else [request.body]
        contents = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts]
        name = f"file-{next(self._ids)}"
        self._files[name] = max(contents, key=len, default=b"")
        return {"id": name, "object": "file", "purpose": "batch", "bytes": len(self._files[name])}

    def _batch(self, body: dict[str, Any]) -> dict[str, Any]:
        name = f"batch-{next(self._ids)}"
        lines = self._files.get(str(body.get("input_file_id")), b"").splitlines()
        results = [json.dumps(self._batch_line(json.loads(line))).encode() for line in lines if line.strip()]
        self._files[f"{name}-out"] = b"\n".join(results)
        counts = {"total": len(results), "completed": len(results), "failed": 0}
        self._batches[name] = {"id": name, "object": "batch", "status": "completed", "request_counts": counts,
                               "output_file_id": f"{name}-out", "error_file_id": None}  # fmt: skip
        return {**self._batches[name], "status": "validating"}

    def _batch_line(self, line: dict[str, Any]) -> dict[str, Any]:
        service = self._service
        question = read_question(0, line["body"], service.reader)
        if refuse(question, service.behaviour, service.profile) is not None:
            reply: dict[str, Any] = {"error": {"code": "1210", "message": "bad parameter"}}
            return {"custom_id": line["custom_id"], "response": {"status_code": 400, "body": reply}}
        answer = compose(question, service.behaviour)
        message = {"role": "assistant", "content": answer.text}
        output = len(tokens_of(answer.text))
        reply = {
            "id": "b",
            "choices": [{"index": 0, "finish_reason": answer.finish, "message": message}],
            "usage": {"prompt_tokens": question.input_tokens, "completion_tokens": output},
        }
        return {"custom_id": line["custom_id"], "response": {"status_code": 200, "body": reply}}


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
