"""The same job by other tools, each as a script of its own: python benchmarks/peers.py WAY FOLDER URL KEY.

gather      asyncio.gather over documents: pdf2image of the whole document, PNG, one shared httpx client
instructor  the same pages through instructor (JSON mode) and the openai client, 32 at a time
zerox       py-zerox, files side by side, its own prompt, Markdown out
Run it with an interpreter that has them (pip install "py-zerox==0.0.7" "instructor==1.17.0" "pdf2image==1.17.0").
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

AT_ONCE = 32
MODEL = "gpt-5-mini"
DPI = 150


def pages_of(file: Path) -> list[str]:
    """Every page of a document as base64 PNG, all held at once."""
    from pdf2image import convert_from_path

    made = []
    for image in convert_from_path(file, dpi=DPI):
        out = io.BytesIO()
        image.save(out, "PNG")
        made.append(base64.b64encode(out.getvalue()).decode())
    return made


def messages(page: str) -> list[dict[str, Any]]:
    text = "Extract number and rows (id, date, text, amount) of this page as JSON."
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{page}"}}
    return [{"role": "user", "content": [{"type": "text", "text": text}, image]}]


async def each_page(files: list[Path], ask: Callable[[str], Awaitable[object]]) -> int:
    """All pages of all files, `AT_ONCE` calls at a time; how many there were."""
    slots = asyncio.Semaphore(AT_ONCE)
    count = 0

    async def one(page: str) -> None:
        async with slots:
            await ask(page)

    async def document(file: Path) -> None:
        nonlocal count
        pages = await asyncio.to_thread(pages_of, file)
        count += len(pages)
        await asyncio.gather(*(one(page) for page in pages))

    await asyncio.gather(*(document(file) for file in files))
    return count


async def gather(files: list[Path], url: str, key: str) -> int:
    import httpx

    async with httpx.AsyncClient(timeout=300, headers={"Authorization": f"Bearer {key}"}) as client:

        async def ask(page: str) -> object:
            body = {"model": MODEL, "messages": messages(page), "max_completion_tokens": 4000}
            reply = await client.post(f"{url}/chat/completions", json=body)
            reply.raise_for_status()
            return json.loads(reply.content)

        return await each_page(files, ask)


async def by_instructor(files: list[Path], url: str, key: str) -> int:
    import instructor
    from openai import AsyncOpenAI
    from pydantic import BaseModel

    class Row(BaseModel):
        id: str | None = None
        date: str | None = None
        text: str | None = None
        amount: float | None = None

    class Ledger(BaseModel):
        number: str | None = None
        rows: list[Row] = []

    client = instructor.from_openai(AsyncOpenAI(base_url=url, api_key=key), mode=instructor.Mode.JSON)

    async def ask(page: str) -> object:
        return await client.chat.completions.create(
            model=MODEL, response_model=Ledger, messages=messages(page), max_completion_tokens=4000
        )

    return await each_page(files, ask)


async def by_zerox(files: list[Path], url: str, key: str) -> int:
    os.environ.update(OPENAI_API_KEY=key, OPENAI_API_BASE=url, OPENAI_BASE_URL=url)
    from pyzerox import zerox

    slots = asyncio.Semaphore(8)

    async def one(file: Path) -> int:
        async with slots:
            done = await zerox(file_path=str(file), model=f"openai/{MODEL}", concurrency=AT_ONCE)
            return len(done.pages)

    return sum(await asyncio.gather(*(one(file) for file in files)))


def main() -> None:
    way, folder, url, key = sys.argv[1:]
    ways = {"gather": gather, "instructor": by_instructor, "zerox": by_zerox}
    count = asyncio.run(ways[way](sorted(Path(folder).rglob("*.pdf")), url, key))
    print(count)


if __name__ == "__main__":
    main()
