import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.types import Evidence
from docextract.types.packed import AT_ONCE, EvidenceList


def evidence(number: int) -> Evidence:
    box = (0.1, number / 7, 0.3, 0.4)
    return Evidence(
        path=f"/rows/{number}/n",
        page=number % 5 or None,
        box=box if number % 3 else None,
        boxes=(box, (0.0, 0.0, 1.0, 1.0)) if number % 3 else (),
        span=(number, number + 2) if not number % 3 else None,
        quote=None if number % 4 else f"Größe {number} \ud800",
        status="verbatim",
        confidence=1 / (number + 1),
    )


SIZES = (0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 7)


@pytest.mark.parametrize("size", SIZES)
def test_it_is_as_a_tuple_of_the_same_evidence(size: int) -> None:
    items = tuple(map(evidence, range(size)))
    held = EvidenceList(items)
    assert tuple(held) == items
    assert held == items
    assert (len(held), bool(held)) == (size, bool(size))
    assert held == EvidenceList(items)
    assert held != (*items, evidence(0))
    assert all(isinstance(each.boxes, tuple) for each in held)
    for index in {0, size // 2, size - 1, -1, -size} if size else ():
        assert held[index] == items[index]
    with pytest.raises(IndexError):
        held[size]
    with pytest.raises(TypeError):
        hash(held)


@given(st.slices(2 * AT_ONCE + 10))
def test_stretches_of_it_are_those_of_a_tuple(stretch: slice) -> None:
    items = tuple(map(evidence, range(0, (2 * AT_ONCE + 10) * 3, 3)))
    assert EvidenceList(items)[stretch] == items[stretch]


def test_no_more_evidence_is_alive_than_one_pack() -> None:
    """Counted by what the collector of cycles knows of: those of a full pack are no objects any more."""
    import gc

    held = EvidenceList(Evidence(path=f"/only here/{n}", status="absent", confidence=0.1) for n in range(5 * AT_ONCE))
    alive = [each for each in gc.get_objects() if isinstance(each, Evidence) and each.path.startswith("/only here/")]
    assert len(alive) <= AT_ONCE
    assert len(held) == 5 * AT_ONCE
