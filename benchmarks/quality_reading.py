"""Words of the corpora's documents, read by the product's own children and kept between runs.

What is kept stands under the digest of the file and of the code that reads, so that a change of the
layout or the engine costs no second OCR, and a change of the reader is never measured on old words.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import resource
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import docextract
from docextract.errors import DocextractError
from docextract.intake.discover import discover
from docextract.local.engine import extract
from docextract.pages.loader import load
from docextract.pages.options import PagesOptions
from docextract.pages.pool import Pool
from docextract.read.options import ReadOptions
from docextract.read.reader import read
from docextract.read.wire import words_from_json, words_to_json
from docextract.schema.load import load as load_schema
from docextract.schema.target import Target
from docextract.types import Fault, Json, Unit, Words

_OPTIONS = ReadOptions(page_deadline_s=180.0)
"""As a run reads, but for the deadline: a busy machine must not pass for a bad reader."""

_BATCH = 4
"""Documents that share one start of the children; an interrupted run keeps the batches before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A document of a corpus: its files (several where every page is a picture), its truth, its words.

    `reading_s` is the CPU time that reading it took, seconds, its share of the batch that it was read in.
    """

    name: str
    files: tuple[Path, ...]
    truth: Json
    words: tuple[Words, ...] = ()
    reading_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A sample with the engine's validated answer, and the CPU time that the engine took, seconds."""

    sample: Sample
    value: Json
    engine_s: float

    @property
    def cpu_s(self) -> float:
        """Reading and engine together."""
        return self.sample.reading_s + self.engine_s


def cpu_per_page(answers: Iterable[Answered]) -> float:
    """Seconds of CPU a page, reading included."""
    known = list(answers)
    return sum(each.cpu_s for each in known) / max(1, sum(len(each.sample.words) for each in known))


class Reader:
    """Reads samples with `jobs` children of each kind; keeps words below `scratch`."""

    def __init__(self, scratch: Path, *, jobs: int) -> None:
        self.scratch = scratch
        self._jobs = jobs
        self._kept = scratch / "words"
        self._kept.mkdir(parents=True, exist_ok=True)
        self._code = _digest_of_code()

    def read(self, samples: Sequence[Sample]) -> list[Sample]:
        """The samples with their words, in the same order. What cannot be read has none, and is scored as such."""
        missing = [sample for sample in samples if not self._file(sample).exists()]
        if missing:
            self._read_missing(missing)
        return [self._with_words(sample) for sample in samples]

    def _read_missing(self, samples: Sequence[Sample]) -> None:
        for start in range(0, len(samples), _BATCH):
            batch = samples[start : start + _BATCH]
            before = _cpu()
            found = asyncio.run(self._words_of(batch))
            spent = (_cpu() - before) / max(1, sum(len(pages) for pages in found))
            for sample, pages in zip(batch, found, strict=True):
                kept = {"cpu_s": spent * len(pages), "pages": [words_to_json(page) for page in pages]}
                self._file(sample).write_text(json.dumps(kept), encoding="utf-8", errors="surrogatepass")

    async def _words_of(self, batch: Sequence[Sample]) -> list[list[Words]]:
        async with Pool("render", size=self._jobs) as render, Pool("read", size=self._jobs) as reading:
            return [await _words(sample, render, reading, _OPTIONS) for sample in batch]

    def _with_words(self, sample: Sample) -> Sample:
        kept = json.loads(self._file(sample).read_text(encoding="utf-8", errors="surrogatepass"))
        words = tuple(words_from_json(page) for page in kept["pages"])
        return Sample(name=sample.name, files=sample.files, truth=sample.truth, words=words, reading_s=kept["cpu_s"])

    def _file(self, sample: Sample) -> Path:
        digest = hashlib.sha256(self._code.encode())
        for file in sample.files:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return self._kept / f"{digest.hexdigest()[:32]}.json"


async def _words(sample: Sample, render: Pool, reading: Pool, options: ReadOptions) -> list[Words]:
    sources = tuple(source for file in sample.files for source in discover([str(file)]))
    try:
        document = await load(render, Unit(name=sample.name, sources=sources), PagesOptions())
    except DocextractError as error:
        print(f"  {sample.name}: {error}")
        return []
    found = await read(reading, document, [page.number for page in document.pages], options)
    for number, page in found.items():
        if isinstance(page, Fault):
            print(f"  {sample.name}, page {number}: {page.message}")
    return [page for page in found.values() if isinstance(page, Words)]


def schema(name: str) -> Target:
    """A built-in schema."""
    return load_schema(name)[0]


def answer(sample: Sample, target: Target) -> Answered:
    """What the embedded engine makes of the words, as the schema writes it."""
    before = time.process_time()
    value, _ = extract(target.json_schema, sample.words) if sample.words else (None, ())
    spent = time.process_time() - before
    outcome = target.validate(value if value is not None else {})
    return Answered(sample=sample, value=outcome.data, engine_s=spent)


def _cpu() -> float:
    """CPU seconds of this process and of its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _digest_of_code() -> str:
    digest = hashlib.sha256()
    package = Path(docextract.__file__).parent
    for room in ("pages", "read"):
        for file in sorted((package / room).glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
