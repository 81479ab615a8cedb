"""Fuzz what meets untrusted bytes: `python benchmarks/fuzz.py SEEDS --minutes 30 --keep FOLDER`.

SEEDS is a folder of documents. Files made from them by mutation go through discovery, opening, reading and drawing,
in the children that a run uses; values made by hypothesis go through parse, merge, place and wire. A finding is an
exception that is none of ours, a parser's exception that only the last net of a child caught, an input that takes
longer than all its deadlines, or a value that breaks an invariant. Findings are kept in FOLDER with their message.

A child that dies on a page is no finding: that is what children are for; it is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import re
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from docextract.errors import DocextractError
from docextract.intake.discover import discover
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.pages.render import render
from docextract.read.options import ReadOptions
from docextract.read.reader import read
from docextract.types import Fault, PageImage, RenderSpec, Unit

LARGEST_SEED = 400_000
LONGEST_S = 200.0  # opening 60, looking and saving 60, reading 20, drawing 40, and something for a busy machine
UNTYPED = re.compile(r"cannot be read \((\w+: .*)\)")
NUMBERS = re.compile(rb"(?<![\w.])-?\d{1,10}(?![\w.])")
ODD_NUMBERS = [b"0", b"-1", b"1", b"65536", b"2147483647", b"-2147483648", b"4294967296", b"99999999999", b"1e30"]

Mutation = Callable[[bytearray, random.Random], bytearray]


def flip(data: bytearray, chance: random.Random) -> bytearray:
    """A few bits."""
    for _ in range(chance.choice((1, 2, 8, 40))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def overwrite(data: bytearray, chance: random.Random) -> bytearray:
    """A few bytes by ones that matter."""
    for _ in range(chance.choice((1, 3, 12))):
        data[chance.randrange(len(data))] = chance.choice((0, 255, 127, 128, 32, 10, 40, 60, 91))
    return data


def cut(data: bytearray, chance: random.Random) -> bytearray:
    """The end, or a piece of the middle."""
    start = chance.randrange(len(data))
    end = len(data) if chance.random() < 0.3 else min(len(data), start + chance.choice((1, 16, 300, 4096)))
    return data[:start] + data[end:]


def double(data: bytearray, chance: random.Random) -> bytearray:
    """A piece, once or many times, somewhere else."""
    start, length = chance.randrange(len(data)), chance.choice((1, 16, 300, 4096))
    at = chance.randrange(len(data))
    return data[:at] + data[start : start + length] * chance.choice((1, 1, 2, 50)) + data[at:]


def number(data: bytearray, chance: random.Random) -> bytearray:
    """A number of the text of the file."""
    found = list(NUMBERS.finditer(bytes(data)))
    if not found:
        return flip(data, chance)
    for match in sorted(chance.sample(found, min(len(found), 3)), key=lambda each: -each.start()):
        data[match.start() : match.end()] = chance.choice([*ODD_NUMBERS, chance.choice(found)[0]])
    return data


def inside(data: bytearray, chance: random.Random) -> bytearray:
    """A member of a zip, packed again so that its checksum is right."""
    try:
        with zipfile.ZipFile(BytesIO(bytes(data))) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist() if info.file_size < 2_000_000}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, NotImplementedError):
        return flip(data, chance)
    names = [name for name in members if name.endswith((".xml", ".rels")) and members[name]]
    if not names:
        return flip(data, chance)
    name = chance.choice(names)
    members[name] = bytes(chance.choice((flip, overwrite, cut, double, number))(bytearray(members[name]), chance))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    return bytearray(out.getvalue())


MUTATIONS: Sequence[Mutation] = (flip, overwrite, cut, double, number)


def mutated(seeds: Sequence[Path], chance: random.Random) -> tuple[str, bytes]:
    """A file made of one seed, or of two, and the extension that it is given."""
    seed = chance.choice(seeds)
    data = bytearray(seed.read_bytes())
    if chance.random() < 0.1:
        other = chance.choice(seeds).read_bytes()
        at = chance.randrange(len(data))
        data = data[:at] + other[chance.randrange(len(other)) :]
    is_zip = data[:2] == b"PK"
    for _ in range(chance.choice((1, 1, 2, 4))):
        if data:
            data = (inside if is_zip and chance.random() < 0.7 else chance.choice(MUTATIONS))(data, chance)
    return seed.suffix, bytes(data) or b"\x00"


class Account:
    """What came of it."""

    def __init__(self, keep: Path) -> None:
        self.keep = keep
        self.ends: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()

    def found(self, what: str, data: bytes, suffix: str) -> None:
        """Keep one input for each kind of finding."""
        kind = re.sub(r"0x[0-9a-f]+|\d+", "#", what)[:120]
        self.findings[kind] += 1
        if self.findings[kind] == 1:
            name = hashlib.sha256(data).hexdigest()[:12]
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{name}{suffix}").write_bytes(data)
            (self.keep / f"{name}.txt").write_text(what, encoding="utf-8", errors="backslashreplace")
            print(f"FINDING {name}{suffix}: {what}", flush=True)


async def one(path: Path, pools: tuple[Pool, Pool], account: Account, passwords: Sequence[str] = ()) -> str:
    """How one file ends: a code, or ok."""
    (file,) = discover([path])
    unit = Unit(name=file.name, sources=(file,))
    try:
        document = await load(pools[0], unit, PagesOptions(max_pages=3), passwords=passwords)
    except DocextractError as error:
        _check(str(error), path, account)
        return error.code
    numbers = [page.number for page in document.pages]
    words = await read(pools[1], document, numbers, ReadOptions(ocr="off"))
    results: list[object] = list(words.values())
    if document.has_layout:
        spec = RenderSpec(width=120, height=160)
        images = [PageImage(page=number, spec=spec, tokens=1) for number in numbers]
        results += await render(pools[0], document, images)
    faults = [result for result in results if isinstance(result, Fault)]
    for fault in faults:
        _check(fault.message, path, account)
    return f"page {faults[0].code}" if faults else "ok"


def _check(message: str, path: Path, account: Account) -> None:
    untyped = UNTYPED.search(message)
    if untyped is not None:
        account.found(f"untyped: {untyped[1]}", path.read_bytes(), path.suffix)


async def files(seeds: Sequence[Path], account: Account, *, until: float, seed: int, passwords: Sequence[str]) -> None:
    """Mutated files, two at a time, until the time is up."""
    folder = account.keep / "now"
    folder.mkdir(parents=True, exist_ok=True)

    async def worker(lane: int) -> None:
        chance = random.Random(seed * 1000 + lane)
        while time.monotonic() < until:
            suffix, data = mutated(seeds, chance)
            path = folder / f"fuzz-{lane}{suffix}"
            path.write_bytes(data)
            try:
                async with asyncio.timeout(LONGEST_S):
                    end = await one(path, pools, account, passwords)
            except TimeoutError:
                account.found("took longer than all its deadlines", data, suffix)
                end = "HANG"
            except Exception as error:  # noqa: BLE001  what is looked for
                account.found(f"escaped: {type(error).__name__}: {error}", data, suffix)
                end = "ESCAPED"
            account.ends[end] += 1
            path.unlink()

    async with Pool("render", size=2) as drawing, Pool("read", size=2) as reading:
        pools = (drawing, reading)
        async with asyncio.TaskGroup() as group:
            for lane in range(2):
                group.create_task(worker(lane))


def main() -> None:
    """Parse the arguments, fuzz, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("seeds", type=Path, nargs="?", help="folder of documents; without it only values are made")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--values", type=int, default=20_000, help="values for each of parse, merge, place and wire")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--password-file", type=Path, help="passwords of the seeds, one a line")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    asked = parser.parse_args()
    account = Account(asked.keep)
    from fuzz_values import fuzz_values

    fuzz_values(asked.values, asked.seed, account.found)
    account.ends["values"] = 4 * asked.values
    if asked.seeds is not None:
        seeds = [path for path in sorted(asked.seeds.rglob("*")) if path.is_file() and path.suffix != ".json"]
        seeds = [path for path in seeds if 0 < path.stat().st_size <= LARGEST_SEED]
        words = asked.password_file.read_text(encoding="utf-8").splitlines() if asked.password_file else []
        until = time.monotonic() + 60 * asked.minutes
        asyncio.run(files(seeds, account, until=until, seed=asked.seed, passwords=words))
    print(f"{account.ends.total():,} inputs:", ", ".join(f"{n:,} {end}" for end, n in account.ends.most_common()))
    print(
        f"{len(account.findings)} kinds of findings",
        *(f"  {n} {kind}" for kind, n in account.findings.items()),
        sep="\n",
    )
    raise SystemExit(bool(account.findings))


if __name__ == "__main__":
    main()
