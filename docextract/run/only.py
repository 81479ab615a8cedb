"""--only NAME: this run works on the documents named and leaves all others as they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from docextract.journal.rows import Known, UnitRow
from docextract.output.sidecar import shown

Checked = tuple[UnitRow, bool, bool]
"""A unit with whether it is done, and whether it is urgent."""


def narrowed(checked: Sequence[Checked], known: Mapping[str, Known], only: Collection[str]) -> list[Checked]:
    """The units named, to be done whatever their state; of the others those that have results, as they were.

    What the journal says of the others (fingerprint, signature) stays, so that the next whole run finds out
    by itself whether they changed.
    """
    kept: list[Checked] = []
    for row, _, _ in checked:
        if shown(row.name) in only:
            kept.append((row, False, True))
            continue
        before = known.get(row.name)
        if before is not None and before.results and before.state == "done":
            kept.append((replace(row, fingerprint=before.fingerprint, signature=before.signature), True, False))
    return kept
