"""Runs against the fake endpoint: undisturbed, with every fault kind in turn, and with all of them mixed.

    python benchmarks/endpoint_faults.py [--documents 200] [--only clean each 0.25 0.4] [--kinds K ...] [--seed 1]

Generated ledgers of 1 to 12 pages under a schema of a list of rows. A line a run: exit code, documents and
pages by state, calls, and what must be zero: rows that are wrong on a page not named as failed (`silent`).
Ends with 1 where a run was silent, or asked a window for more answers than --retries allows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio

from docextract.config.job import Job
from docextract.config.load import load_job
from docextract.run.batch import run_job
from docextract.run.plan import plan_job
from docextract.testing import script
from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, Ledger, make_ledger, rows_per_page
from docextract.testing.troubles import KINDS

STOPS = {"balance", "usage_limit", "wrong_key", "locked", "no_model"}
"""Kinds that rightly end a run at once."""

DATA = {"rows_dropped", "rows_swapped", "digit_changed"}
"""Kinds that lie about the page in sound JSON. No client can see that; audits and grounding must name it."""

RETRIES = 3


class Shelf:
    """Ledgers with their truth, written once for all runs."""

    def __init__(self, base: Path, count: int, most: int = 12) -> None:
        self.folder, self.schema = base / "in", base / "ledger.json"
        self.folder.mkdir()
        self.schema.write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
        chance = random.Random(1)
        self.ledgers: dict[str, Ledger] = {}
        self.pages: dict[str, int] = {}
        self._plans: dict[str, dict[str, Any]] = {}
        for number in range(count):
            name = f"l{number:03d}.pdf"
            ledger = make_ledger(number, chance.randint(1, most) * rows_per_page() - chance.randint(0, 10))
            self.ledgers[name], self.pages[name] = ledger, write_pdf(self.folder / name, ledger)

    def plan(self, job: Job) -> dict[str, Any]:
        """What is planned, once for all runs that ask alike."""
        asked = str(job.window_pages)
        if asked not in self._plans:
            self._plans[asked] = anyio.run(plan_job, job).as_json()
        return self._plans[asked]

    def silent(self, out: Path, *, flagged: bool = False) -> Iterator[str]:
        """What is wrong without being named; with `flagged`, an issue in the sidecar is a name too."""
        for name, ledger in self.ledgers.items():
            meta = json.loads((out / f"{name}.meta.json").read_text(encoding="utf-8"))
            states = {entry["page"]: entry["state"] for entry in meta["pages"]}
            if meta["state"] == "failed":
                if not meta["error"]:
                    yield f"{name}: failed without a cause"
                continue
            if sorted(states) != list(range(1, self.pages[name] + 1)):
                yield f"{name}: pages {sorted(states)}"
            if (meta["state"] == "complete") != (set(states.values()) == {"extracted"}):
                yield f"{name}: {meta['state']} with {states}"
            suffix = "json" if meta["state"] == "complete" else "partial.json"
            rows = json.loads((out / f"{name}.{suffix}").read_text(encoding="utf-8"))["rows"]
            size = rows_per_page()
            told = bool(meta["issues"]) and flagged
            if not told and rows != [
                row for at, row in enumerate(ledger.data["rows"]) if states.get(1 + at // size) == "extracted"
            ]:
                yield f"{name}: rows differ"


def once(shelf: Shelf, title: str, chance: tuple[float, list[str]], **options: Any) -> dict[str, Any]:
    """One run, fresh, and what the endpoint and the outputs say of it."""
    share, kinds = chance
    spoil = script.share(share, kinds, seed=options.pop("seed", 1)) if kinds else None
    with (
        tempfile.TemporaryDirectory(prefix="docextract-bench-") as out,
        FakeEndpoint("zai", script=spoil, hang_s=0.5 if kinds else 30.0) as endpoint,
    ):
        os.environ["ZAI_API_KEY"] = endpoint.key
        given = {"inputs": [str(shelf.folder)], "schema": [str(shelf.schema)], "out": out, "retries": RETRIES}
        given |= {"model": "zai/glm-5v-turbo", "base_url": endpoint.base_url, "concurrency": 8, "no_report": True}
        job = load_job({**given, **options}, environ={})
        plan = shelf.plan(job)
        begun = time.monotonic()
        summary = anyio.run(run_job, job, lambda _: None)
        took = time.monotonic() - begun
        calls = endpoint.requests
        silent = list(shelf.silent(Path(out), flagged=bool(DATA & set(kinds))))
        metas = [json.loads(file.read_text(encoding="utf-8")) for file in Path(out).glob("*.meta.json")]
        peak = endpoint.peak_in_flight
    paid = [call for call in calls if call.status == 200]
    images = Counter(image for call in calls for image in call.images)
    return {
        "run": title,
        "exit": summary.exit_code,
        "documents": {state: n for state, n in summary.documents.items() if n},
        "pages": dict(summary.pages),
        "calls": len(calls),
        "planned": plan["calls"],
        "peak": peak,
        "spoiled": sum(1 for call in calls if call.trouble),
        "kinds": len({call.trouble for call in calls if call.trouble}),
        "images_sent_again": sum(n - 1 for n in images.values()),
        "tokens": sum(call.input_tokens for call in paid),
        "planned_tokens": plan["tokens"],
        "cached": round(sum(c.cached_tokens for c in paid) / max(1, sum(c.could_cache for c in paid)), 4),
        "most_answers_a_window": max((a["n"] for meta in metas for a in meta["attempts"]), default=0),
        "silent": silent[:5],
        "seconds": round(took, 1),
    }


def runs(shelf: Shelf, wanted: list[str], kinds: list[str], seed: int) -> Iterator[dict[str, Any]]:
    """The runs asked for."""
    for name in wanted:
        if name == "clean":
            yield once(shelf, "clean", (0.0, []))
        elif name == "each":
            for kind in kinds:
                yield once(shelf, f"{kind} 10 %", (0.1, [kind]), seed=seed, window_pages=3)
        else:
            mixed = [kind for kind in kinds if kind not in DATA]
            yield once(shelf, f"all mixed {float(name):.0%}", (float(name), mixed), seed=seed, window_pages=3)


def main() -> int:
    """Print a line of JSON a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--only", nargs="+", default=["clean", "each", "0.25", "0.4"])
    parser.add_argument("--kinds", nargs="+", default=[kind for kind in KINDS if kind not in STOPS])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="docextract-bench-") as base:
        shelf = Shelf(Path(base), asked.documents)
        for row in runs(shelf, asked.only, asked.kinds, asked.seed):
            print(json.dumps(row), flush=True)
            bad += bool(row["silent"]) or row["most_answers_a_window"] > RETRIES + 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
