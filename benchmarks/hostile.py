"""Hostile files through `docextract run`: `python benchmarks/hostile.py [FOLDER] --model local|fake --scratch DIR`.

A zoo of bombs (`docextract/testing/hostile.py`), three plain ledgers, a ledger and a letter behind passwords, and the
files of FOLDER go through one run. Held against what is promised: how each ends, what each took, the memory of the
parent and of its children, that nothing prints a traceback, that the ledgers come out as they do alone and what is
behind a password as its plain twin, that page counts agree with most of the probes recorded beside the files of FOLDER
(`FILE.gt.json`: {"password", "probe": {NAME: {"pages"}}}), and that what has a password opens with it.

A document's time in the run counts its waiting for a child while others have them all: one that took too long is run
once more alone, and that time is held against the promise.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.hostile import CASES
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger
from docextract.testing.locked import lock_zipped

DOCUMENT_S = 60.0
PARENT_MB = 300
PASSWORD = "twin of the plain one"  # noqa: S105  of files that are made here
CIPHERS = ("RC4-40", "RC4-128", "AES-128", "AES-256")


@dataclass(slots=True)
class Ran:
    """One run: peaks of resident memory in MB, seconds of each document from its start to its end, wall seconds."""

    code: int = 0
    parent: int = 0
    child: int = 0
    wall: float = 0.0
    took: dict[str, float] = field(default_factory=dict)


def run(inputs: Path, out: Path, options: list[str], variables: dict[str, str]) -> Ran:
    """`docextract run` to its end, watched."""
    command = [sys.executable, "-m", "docextract", "run", str(inputs), "--out", str(out), "--fresh", "--json-events"]
    ran = Ran()
    began = time.monotonic()
    started: dict[str, float] = {}

    def listen(lines: Iterable[bytes]) -> None:
        for line in lines:
            event = json.loads(line)
            if event["event"] == "document_started":
                started[event["name"]] = time.monotonic()
            elif event["event"] == "document_done":
                ran.took[event["name"]] = time.monotonic() - started[event["name"]]

    with out.with_suffix(".stderr").open("wb") as errors:
        process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, stderr=errors, env={**os.environ, **variables}
        )
        listening = threading.Thread(target=listen, args=(process.stdout,))
        listening.start()
        while process.poll() is None:
            ran.parent = max(ran.parent, _peak(process.pid))
            ran.child = max([ran.child, *map(_peak, _below(process.pid))])
            time.sleep(0.05)
        listening.join()
    ran.code, ran.wall = process.returncode, time.monotonic() - began
    return ran


def _peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM")), 0)


def _below(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def end_of(out: Path, name: str) -> tuple[str, Counter[str], dict[str, Any]]:
    """State or error code, pages by state and reason, and the account of one document."""
    meta = json.loads((out / f"{name}.meta.json").read_text())
    pages = Counter(f"{page['state']}: {page['reason']}" if page["reason"] else page["state"] for page in meta["pages"])
    return (meta["error"]["code"] if meta["error"] else meta["state"]), pages, meta


def make_twins(folder: Path, plain: Path) -> list[tuple[str, str]]:
    """A ledger locked by each of PDF's ciphers and a letter locked as Office does; which must equal which."""
    import docx
    from pypdf import PdfReader, PdfWriter

    twins = []
    for cipher in CIPHERS:
        writer = PdfWriter(clone_from=PdfReader(plain / "ledger-0.pdf"))
        writer.encrypt(PASSWORD, algorithm=cipher)
        writer.write(folder / f"locked-{cipher}.pdf")
        twins.append((f"locked-{cipher}.pdf", "ledger-0.pdf"))
    letter, ledger = docx.Document(), make_ledger(7, 12)
    table = letter.add_table(rows=0, cols=3)
    for row in ledger.rows:
        for cell, text in zip(table.add_row().cells, (row.id, row.date, row.amount), strict=True):
            cell.text = str(text)
    letter.save(str(folder / "letter.docx"))
    lock_zipped(folder / "letter.docx", folder / "locked-letter.docx", PASSWORD)
    return [*twins, ("locked-letter.docx", "letter.docx")]


def data_of(out: Path, name: str) -> object:
    """The data of one document, be it complete or partial."""
    found = [path for path in (out / f"{name}.json", out / f"{name}.partial.json") if path.exists()]
    return json.loads(found[0].read_text()) if found else None


def check_zoo(out: Path) -> list[str]:
    """Bombs that ended otherwise than they may."""
    wrong = []
    for case in CASES:
        end, pages, _ = end_of(out, case.name)
        if end not in case.ends:
            wrong.append(f"{case.name}: {end}, not {' or '.join(sorted(case.ends))}")
        wrong += [f"{case.name}: {pages}" for state, count in case.pages if pages[state] != count]
    return wrong


def check_folder(out: Path, folder: Path, names: list[str]) -> tuple[list[str], int]:
    """What differs from the probes, and how many files had two probes or more that agree."""
    wrong, compared = [], 0
    for name in names:
        end, _, meta = end_of(out, f"folder/{name}")
        truth = json.loads((folder / f"{name}.gt.json").read_text())
        if truth["password"] and end == "encrypted":
            wrong.append(f"{name}: its password does not open it")
        counts = Counter(probe["pages"] for probe in truth["probe"].values() if probe.get("pages"))
        most = counts.most_common(1)
        if most and most[0][1] >= 2:
            compared += 1
            if meta["source"]["pages"] != most[0][0]:
                wrong.append(f"{name}: {meta['source']['pages']} pages ({end}), probes say {most[0][0]}")
    return wrong, compared


def main() -> None:
    """Make, run, hold against the promise, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", help="hostile files with their probes")
    parser.add_argument("--model", choices=["local", "fake"], default="local")
    parser.add_argument("--scratch", type=Path, default=Path("hostile-scratch"))
    asked = parser.parse_args()
    shutil.rmtree(asked.scratch, ignore_errors=True)
    inputs, plain = asked.scratch / "in", asked.scratch / "plain"
    inputs.mkdir(parents=True)
    plain.mkdir()
    for number in range(3):
        write_pdf(plain / f"ledger-{number}.pdf", make_ledger(number, 60))
    shutil.copytree(plain, inputs, dirs_exist_ok=True)
    for case in CASES:
        case.make(inputs / case.name)
    names = []
    if asked.folder is not None:
        files = [path for path in sorted(asked.folder.rglob("*")) if path.is_file() and path.suffix != ".json"]
        names = [path.relative_to(asked.folder).as_posix() for path in files]
        for path, name in zip(files, names, strict=True):
            (inputs / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, inputs / "folder" / name)
    (asked.scratch / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA))
    twins = make_twins(inputs, plain)
    passwords = {PASSWORD} | (
        {json.loads((asked.folder / f"{n}.gt.json").read_text())["password"] for n in names} if asked.folder else set()
    )
    (asked.scratch / "passwords").write_text("\n".join(sorted(filter(None, passwords))))
    options = ["--password-file", str(asked.scratch / "passwords"), "--ocr", "off", "--no-report"]
    with FakeEndpoint() if asked.model == "fake" else nullcontext() as endpoint:
        variables = {"ZAI_API_KEY": endpoint.key} if endpoint is not None else {}
        if endpoint is not None:
            options += ["--model", "zai/glm-5v-turbo", "--base-url", endpoint.base_url]
            options += ["--schema", str(asked.scratch / "ledger.json")]
        else:
            options += ["--model", "local", "--schema", "tables"]
        alone = run(plain, asked.scratch / "alone", options, variables)
        ran = run(inputs, asked.scratch / "out", options, variables)
        slow = [name for name, seconds in ran.took.items() if seconds > DOCUMENT_S]
        single = {
            name: run(inputs / name, asked.scratch / f"single-{at}", options, variables).took.get(Path(name).name, 0.0)
            for at, name in enumerate(slow)
        }
    tell(asked, ran, alone, names, twins, single)


def tell(
    asked: argparse.Namespace,
    ran: Ran,
    alone: Ran,
    names: list[str],
    twins: list[tuple[str, str]],
    single: dict[str, float],
) -> None:
    """Print what was found; the exit code says whether all promises hold. `single` are seconds of a run of its own."""
    out = asked.scratch / "out"
    wrong = check_zoo(out)
    for locked, plain in twins:
        if data_of(out, locked) is None or data_of(out, locked) != data_of(out, plain):
            wrong.append(f"{locked} differs from {plain}")
    if b"Traceback" in out.with_suffix(".stderr").read_bytes():
        wrong.append(f"a traceback was printed: {out.with_suffix('.stderr')}")
    told, compared = check_folder(out, asked.folder, names) if asked.folder else ([], 0)
    wrong += told
    for number in range(3):
        name = f"ledger-{number}.pdf.json"
        if (out / name).read_bytes() != (asked.scratch / "alone" / name).read_bytes():
            wrong.append(f"{name} differs from what it is alone")
    wrong += [f"{name} took {seconds:.0f} s alone" for name, seconds in single.items() if seconds > DOCUMENT_S]
    if ran.parent > PARENT_MB:
        wrong.append(f"the parent took {ran.parent} MB")
    ends = Counter(
        end_of(out, name)[0] for name in [case.name for case in CASES] + [f"folder/{name}" for name in names]
    )
    print(f"{len(CASES)} bombs, {len(names)} files, exit {ran.code}, {ran.wall:.0f} s; alone {alone.wall:.0f} s")
    print("ends:", ", ".join(f"{count} {end}" for end, count in ends.most_common()))
    print(f"parent {ran.parent} MB, largest child {ran.child} MB; page counts compared {compared}")
    slowest = sorted(ran.took.items(), key=lambda pair: -pair[1])[:8]
    print("slowest, waiting for a child included:", ", ".join(f"{name} {seconds:.0f} s" for name, seconds in slowest))
    if single:
        longest = sorted(single.items(), key=lambda pair: -pair[1])[:8]
        print(f"{len(single)} over the time there, alone:", ", ".join(f"{name} {took:.0f} s" for name, took in longest))
    print(f"{len(wrong)} promises not kept", *wrong, sep="\n  ")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
