"""A whole folder, each document as it ends: `python examples/folder.py [FOLDER]`. No key, no network."""

import asyncio
import sys
from pathlib import Path

from docextract import Job, extract_folder


async def main(folder: Path) -> None:
    job = Job(inputs=(str(folder),), schema=("auto",), model="local")
    async for result in extract_folder(job):
        located = sum(item.status in {"verbatim", "normalised", "approximate"} for item in result.evidence)
        print(f"{result.name}: {result.schema}, {result.state}, {located} of {len(result.evidence)} values located")
        if result.error:
            print(f"    {result.error.message}: {result.error.hint}")


asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "inbox" / "applications"))
