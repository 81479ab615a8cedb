"""What is wanted of every document: a fixed schema, or `auto` over some candidates."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docextract.errors import SchemaError
from docextract.schema.load import load
from docextract.schema.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One --schema. `target` is fixed, or None where one of `candidates` is picked for each document."""

    target: Target | None = None
    candidates: tuple[Target, ...] = ()

    @property
    def name(self) -> str:
        """What the schema is called before it is known which one it is."""
        return self.target.name if self.target is not None else "auto"

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every schema that may be used."""
        return (self.target,) if self.target is not None else self.candidates

    @property
    def digest(self) -> str:
        """Changes when any of the schemas in question changes, its audits and validators included."""
        parts = [part for target in self.targets for part in (target.sha256, target.rules)]
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def wanted_from(specs: Sequence[str], *, base: Path | None = None) -> tuple[Wanted, ...]:
    """Load every --schema. Raises SchemaError, also where two of them would share a name."""
    found: list[Wanted] = []
    for spec in specs:
        if spec == "auto" or spec.startswith("auto:"):
            names = [name for name in spec.removeprefix("auto").removeprefix(":").split(",") if name]
            candidates = [target for name in names or ("auto",) for target in load(name, base=base)]
            found.append(Wanted(candidates=_with_tables(candidates)))
        else:
            found.extend(Wanted(target=target) for target in load(spec, base=base))
    names = [wanted.name for wanted in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise SchemaError(f"--schema: {', '.join(sorted(twice))} given twice", hint="give each schema once")
    return tuple(found)


def _with_tables(candidates: list[Target]) -> tuple[Target, ...]:
    """What fits none of the candidates becomes `tables`, so it is always at hand."""
    if any(target.name == "tables" for target in candidates):
        return tuple(candidates)
    return (*candidates, *load("tables", base=None))
