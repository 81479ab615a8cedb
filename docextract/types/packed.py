"""Evidence of very many leaves held small: packed some hundreds at a time, and made anew when it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import starmap
from operator import attrgetter
from typing import Any, overload

from docextract.types.asking import Evidence
from docextract.types.small import small, whole

_NAMES = tuple(each.name for each in fields(Evidence))
_ROW = attrgetter(*_NAMES)

AT_ONCE = 512
"""So many are packed together; a document with fewer leaves keeps its evidence as it is."""


class EvidenceList(Sequence[Evidence]):
    """Grows at its end and is otherwise as a tuple. One leaf takes some 50 bytes where the object takes 600."""

    def __init__(self, items: Iterable[Evidence] = ()) -> None:
        self._packed: list[bytes] = []
        self._open: list[Evidence] = []
        for item in items:
            self.append(item)

    def append(self, item: Evidence) -> None:
        """Put one more at the end."""
        self._open.append(item)
        if len(self._open) == AT_ONCE:
            self._packed.append(small([_ROW(each) for each in self._open]))
            self._open = []

    def __len__(self) -> int:
        return len(self._packed) * AT_ONCE + len(self._open)

    def __iter__(self) -> Iterator[Evidence]:
        for packed in self._packed:
            yield from _unpacked(packed)
        yield from self._open

    @overload
    def __getitem__(self, index: int) -> Evidence: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Evidence, ...]: ...
    def __getitem__(self, index: int | slice) -> Evidence | tuple[Evidence, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(f"no evidence {index} among {len(self)}")
        part, place = divmod(number, AT_ONCE)
        return _unpacked(self._packed[part])[place] if part < len(self._packed) else self._open[place]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EvidenceList | tuple | list):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # it grows

    def __repr__(self) -> str:
        return f"<evidence of {len(self)} leaves>"


def _unpacked(packed: bytes) -> list[Evidence]:
    return list(starmap(_evidence, whole(packed)))


def _evidence(*values: Any) -> Evidence:
    return Evidence(**dict(zip(_NAMES, values, strict=True)))
