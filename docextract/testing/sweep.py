"""A run made to fail at every point, one after the other, resumed, and compared with one that was left alone.

What is held, for each fault: the resumed run's data, evidence, pages, conflicts and issues are those of the
run that was left alone, byte for byte; what was stored when the fault came is asked for exactly 0 times
more; and no more calls were lost than were in flight.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.launcher import Ended, Launcher
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger

IN_FLIGHT = 2
_PROMISED = ("state", "error", "pages", "evidence", "conflicts", "issues")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How one fault went. `wrong` is what was promised and did not hold; `reached` whether it happened at all."""

    fault: str
    reached: bool
    code: int
    lost: int = 0
    wrong: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Sweep:
    """One set of documents, one endpoint, and what an undisturbed run makes of them.

    `where` gives the journal's URL for an output folder (None: the file that is used by itself), `stored`
    how many answers the journal of an output folder holds.
    """

    launcher: Launcher
    endpoint: FakeEndpoint
    base: Path
    where: Callable[[Path], str | None] = lambda _: None
    stored: Callable[[Path], int] = field(default_factory=lambda: stored_in_file)
    signature: dict[str, bytes] = field(default_factory=dict)
    calls: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    def learn(self, documents: int = 3) -> None:
        """Make the documents (1 and 2 pages in turn), run once undisturbed, and count the points it passes."""
        folder = self.base / "in"
        folder.mkdir(parents=True)
        for number in range(documents):
            write_pdf(folder / f"l{number}.pdf", make_ledger(number, 2 + 2 * (number % 2)), per_page=2)
        (self.base / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
        out = self.base / "undisturbed"
        log = self.base / "passed"
        ended = self.run(out, log=str(log))
        if ended.code != 0:
            raise AssertionError(f"the undisturbed run ended with {ended.code}: {ended.said}")
        self.signature = signature(out)
        self.calls = len(self.endpoint.requests)
        self.passed = Counter(log.read_text(encoding="ascii").split())

    def run(self, out: Path, *, fault: str | None = None, log: str | None = None, more: Sequence[str] = ()) -> Ended:
        """One run of the command line into `out`."""
        journal = self.where(out)
        words = ["run", str(self.base / "in"), "--schema", str(self.base / "ledger.json"), "--out", str(out)]
        words += ["--model", "zai/glm-5v-turbo", "--base-url", self.endpoint.base_url, "--window-pages", "1"]
        words += ["--concurrency", str(IN_FLIGHT), "--no-report", *(["--journal", journal] if journal else []), *more]
        return self.launcher.run(words, extra={"ZAI_API_KEY": self.endpoint.key}, fault=fault, log=log)

    def times(self, point: str, *, every: bool) -> Iterator[int]:
        """The first, second and last time that a point is passed, or every one."""
        last = self.passed[point]
        yield from range(1, last + 1) if every else sorted({1, min(2, last), last} - {0})

    def after(self, fault: str, codes: Sequence[int]) -> Found:
        """Run with the fault, then the same command again; `codes` are the exit codes the first may end with."""
        return self.chain([fault], codes)[0]

    def chain(self, faults: Sequence[str], codes: Sequence[int]) -> list[Found]:
        """One run after the other into the same folder, each ended by its fault, and at last one that is left alone.

        The first that its fault does not end is the last.
        """
        self._number += 1
        out = self.base / f"out{self._number}"
        found: list[Found] = []
        stored = 0
        for fault in faults:
            before = len(self.endpoint.requests)
            ended = self.run(out, fault=fault)
            # What its process sent before it ended may still be on its way through the endpoint's sockets.
            wait_until(lambda: not self.endpoint.open_connections, within_s=20)
            asked = len(self.endpoint.requests) - before
            if ended.code == 0:  # so late, or so seldom, that it did not happen
                return [*found, Found(fault=fault, reached=False, code=0, wrong=self._differs(out))]
            earlier, stored = stored, self.stored(out) if asked else stored
            wrong = _ended_badly(ended, codes)
            lost = asked - (stored - earlier)
            if not 0 <= lost <= IN_FLIGHT or asked > self.calls - earlier:
                wrong += (f"{asked} calls were made, and the answers stored went from {earlier} to {stored}",)
            found.append(Found(fault=fault, reached=True, code=ended.code, lost=lost, wrong=wrong))
        found[-1] = replace(found[-1], wrong=found[-1].wrong + self._resumes(out, stored))
        return found

    def _resumes(self, out: Path, stored: int) -> tuple[str, ...]:
        """What is wrong once the same command has run to its end, with this many answers stored before."""
        wrong = []
        before = len(self.endpoint.requests)
        again = self.run(out)
        bought = len(self.endpoint.requests) - before
        if again.code != 0:
            wrong.append(f"the last run ended with {again.code}: {again.said[-800:]}")
        if bought != self.calls - stored:
            wrong.append(f"{stored} of {self.calls} answers were stored, and {bought} were asked for again")
        return (*wrong, *self._differs(out))

    def _differs(self, out: Path) -> tuple[str, ...]:
        found = signature(out)
        names = [name for name in sorted(found | self.signature) if found.get(name) != self.signature.get(name)]
        left = [str(file) for file in out.rglob("*.tmp")]
        return tuple([f"{name} differs" for name in names] + [f"{name} was left behind" for name in left])


def _ended_badly(ended: Ended, codes: Sequence[int]) -> tuple[str, ...]:
    wrong = [] if ended.code in codes else [f"exit {ended.code}: {ended.said[-500:]}"]
    if "Traceback" in ended.said:
        wrong.append(f"a traceback: {ended.said[-800:]}")
    return tuple(wrong)


def signature(out: Path) -> dict[str, bytes]:
    """Every file of an output folder that is promised to be equal, as far as it is."""
    found = {}
    for file in sorted(out.rglob("*")):
        name = file.relative_to(out).as_posix()
        if not file.is_file() or name.startswith(".docextract/") or name in {"run.json", "report.html"}:
            continue
        content = file.read_bytes()
        if name.endswith(".meta.json"):
            meta = json.loads(content)
            content = json.dumps({key: meta[key] for key in _PROMISED}, sort_keys=True).encode()
        found[name] = content
    return found


def stored_in_file(out: Path) -> int:
    """Answers in the journal under an output folder."""
    path = out / ".docextract" / "journal.db"
    if not path.exists():
        return 0
    db = sqlite3.connect(path)
    try:
        return int(db.execute("SELECT COUNT(*) FROM reply").fetchone()[0])
    finally:
        db.close()
