"""How alike two texts are, and ANLS*: how alike two answers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rapidfuzz.distance import Levenshtein

from docextract.evaluate.assign import assign
from docextract.evaluate.normal import plain_number
from docextract.types import Json

THRESHOLD = 0.5
"""Below this likeness two texts count as different (ANLS: Biten et al. 2019)."""


def similarity(left: str, right: str) -> float:
    """1 - edit distance / length of the longer text; 1 for two empty texts."""
    longer = max(len(left), len(right))
    return 1.0 - Levenshtein.distance(left, right) / longer if longer else 1.0


def anls_star(wanted: Json, got: Json) -> float:
    """ANLS* of an answer against its gold, 0 to 1 (Peer et al. 2024, arXiv:2402.03848).

    The likenesses of all leaves, divided by the number of leaves of both sides together: dicts by key
    (a key that is not there is null, and null agrees with null), lists by the best pairing, leaves by
    edit distance of their text in lower case with single spaces, nought below one half.
    """
    score, length = _score(wanted, got)
    return score / length if length else 1.0


def _score(wanted: Json, got: Json) -> tuple[float, int]:
    """Sum of the likenesses of the leaves, and how many leaves they stand for."""
    if wanted == got:
        same = _length(wanted)
        return float(same), same
    if _is_nothing(wanted) and _is_nothing(got):
        return (0.0, 0) if isinstance(wanted, list | dict) and isinstance(got, list | dict) else (1.0, 1)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return _dicts(wanted, got)
    if isinstance(wanted, list) and isinstance(got, list):
        return _lists(wanted, got)
    if isinstance(wanted, dict | list | None) or isinstance(got, dict | list | None):
        return 0.0, max(_length(wanted), _length(got))
    alike = similarity(_text(wanted), _text(got))
    return (alike if alike >= THRESHOLD else 0.0), 1


def _dicts(wanted: Mapping[str, Json], got: Mapping[str, Json]) -> tuple[float, int]:
    parts = [_score(wanted.get(key), got.get(key)) for key in dict.fromkeys([*wanted, *got])]
    return sum(score for score, _ in parts), sum(length for _, length in parts)


def _lists(wanted: Sequence[Json], got: Sequence[Json]) -> tuple[float, int]:
    table = [[_score(left, right) for right in got] for left in wanted]
    shares = [[score / length if length else 1.0 for score, length in row] for row in table]
    pairs = assign(shares)
    left_over = dict.fromkeys(range(len(wanted)))
    right_over = dict.fromkeys(range(len(got)))
    score, length = 0.0, 0
    for i, j in pairs:
        score, length = score + table[i][j][0], length + table[i][j][1]
        del left_over[i], right_over[j]
    # Pairs that share nothing are pairs all the same: as many leaves as the longer of the two.
    for i, j in zip(list(left_over), list(right_over), strict=False):
        length += table[i][j][1]
        del left_over[i], right_over[j]
    length += sum(_length(wanted[i]) for i in left_over) + sum(_length(got[j]) for j in right_over)
    return score, length


def _length(value: Json) -> int:
    if isinstance(value, dict):
        return sum(_length(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(_length(inner) for inner in value)
    return 1


def _is_nothing(value: Json) -> bool:
    return value is None or value in ("", [], {})


def _text(value: Json) -> str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{plain_number(Decimal(str(value))):f}"
    return " ".join(str(value).lower().split())
