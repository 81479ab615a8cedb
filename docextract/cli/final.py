"""The table at the end of a run: counts that add up, failures by cause with what to do, how to go on."""

from __future__ import annotations

from typing import TextIO

from docextract.errors import EXIT_OK
from docextract.run.summary import Summary

_SLOW_MS = 10_000


def print_final(summary: Summary, resume: str, out: TextIO) -> None:
    """Plain text, aligned, no colour: it reads the same in a log."""
    for line in final_lines(summary, resume):
        print(line, file=out, flush=True)


def final_lines(summary: Summary, resume: str) -> list[str]:
    """The lines of the table."""
    if summary.error is not None and not any(summary.documents.values()):
        return [f"stopped    {printable(summary.error.message)}", f"{'':10} {summary.error.hint}"]
    lines = ["", _counts("documents", dict(summary.documents)), _counts("pages", dict(summary.pages))]
    if not any(summary.documents.values()):
        nothing = "nothing was found: hidden files and the output folder are left out"
        lines.append(f"{'':10} {'no document was left for this worker' if summary.is_joined else nothing}")
    usage = summary.usage
    if usage.input_tokens:
        share = usage.cached_tokens / usage.input_tokens
        lines.append(f"{'tokens':10} {usage.input_tokens:,} in ({share:.0%} cached), {usage.output_tokens:,} out")
        lines.append(f"{'cost':10} ${usage.cost_usd:.4f} in {usage.calls:,} calls{_spent(summary)}")
        if summary.cache.share is not None:
            found = f"{summary.cache.share:.0%} of what could be found in the prefix cache"
            lines.append(f"{'cache':10} {found}, ${summary.cache.saved_usd:.4f} saved")
    if summary.first_pass:
        first = summary.first_pass
        kept = f"{first['kept']:,} of {first['kept'] + first['asked']:,} ended by the embedded engine"
        spared = f"{first['calls_spared']:,} calls spared, ${first['usd_low']:.4f} to ${first['usd_high']:.4f}"
        lines.append(f"{'first pass':10} {kept}: {spared}")
    if summary.in_doubt.calls:
        doubt = f"{summary.in_doubt.calls} calls of a run that was cut off may have been billed"
        lines.append(f"{'in doubt':10} {doubt}, at most ${summary.in_doubt.cost:.4f}")
    lines += _slowest(summary)
    lines += _causes(summary)
    if summary.error is not None:
        lines.append(f"{'stopped':10} {summary.error.message}")
        lines.append(f"{'':10} {summary.error.hint}")
    if summary.waiting:
        waiting = summary.waiting
        counts = f"{waiting['documents']:,} documents, {waiting['calls']:,} answers in {waiting['batches']:,} batches"
        lines.append(f"{'waiting':10} {counts}: run the same command with --batch poll later")
    if summary.documents["pending"] > summary.waiting.get("documents", 0):
        lines.append(f"{'to go on':10} {resume}")
    if summary.exit_code != EXIT_OK:
        lines.append(f"{'exit':10} {summary.exit_code}")
    return lines


def _spent(summary: Summary) -> str:
    """What this run alone has spent, where that is not the price of its documents (some were bought before)."""
    if summary.is_joined or f"{summary.spent_usd:.4f}" == f"{summary.usage.cost_usd:.4f}":
        return ""
    return f"; ${summary.spent_usd:.4f} spent by this run"


def _slowest(summary: Summary) -> list[str]:
    """Only where some document took much longer than the table is worth."""
    slow = [one for one in summary.tally.slowest() if one["ms"] >= _SLOW_MS]
    names = [f"{one['ms'] / 1000:.0f} s  {printable(one['name'])}  {one['pages']} pages" for one in slow]
    return [f"{'slowest' if index == 0 else '':10} {name}" for index, name in enumerate(names)]


def _causes(summary: Summary) -> list[str]:
    """Each cause with how often it was met, by which documents, and what to do."""
    lines = []
    for cause in summary.tally.as_json():
        counts = [(cause["documents"], "document"), (cause["pages"], "page")]
        met = ", ".join(f"{count:,} {noun}{'s' if count != 1 else ''}" for count, noun in counts if count)
        names = ", ".join(printable(name) for name in cause["names"])
        more = ", ..." if cause["documents"] > len(cause["names"]) else ""
        lines.append(f"{'failed' if cause['documents'] else 'lost':10} {met}: {cause['code']} ({names}{more})")
        if cause["hint"]:
            lines.append(f"{'':10} {cause['hint']}")
    return lines


def _counts(name: str, counts: dict[str, int]) -> str:
    total = sum(counts.values())
    parts = ", ".join(f"{count:,} {state}" for state, count in sorted(counts.items()) if count)
    return f"{name:10} {total:,}" + (f": {parts}" if parts else "")


def printable(text: str) -> str:
    """Text without control characters and direction overrides: a file name cannot drive a terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
