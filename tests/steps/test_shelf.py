from typing import Any

import pytest

from docextract.steps.shelf import FEW, Shelf
from docextract.types import Fault, Record, Window, WindowResult


def result(index: int, value: Any) -> WindowResult:
    window = Window(document="d", index=index, of=1, pages=(index + 1,))
    return WindowResult(window=window, record=Record(window=window, value=value))


@pytest.mark.parametrize("windows", [3, FEW + 1])
def test_results_come_back_as_they_were_and_in_order(windows: int) -> None:
    shelf = Shelf(windows)
    value = {"rows": [{"n": 1.25, "t": "Größe \ud800", "z": None, "b": True, "i": 10**30}], "x": []}
    fault = WindowResult(window=result(1, None).window, fault=Fault(code="refused", message="no", hint=""))
    given = {0: [result(0, value), result(0, {"more": 1})], 1: [fault]}
    given |= {index: [result(index, {"n": index})] for index in range(2, windows)}
    for index in reversed(range(windows)):
        shelf.put(index, given[index])
    assert shelf.take() == [each for index in range(windows) for each in given[index]]
    assert shelf.take() == []


def test_of_many_windows_no_answer_is_held_as_objects() -> None:
    import gc

    class Text(str):
        __slots__ = ()

    shelf = Shelf(FEW + 1)
    for index in range(FEW + 1):
        shelf.put(index, [result(index, {"only in this test": [{"n": index}] * 3})])
    held = [each for each in gc.get_objects() if isinstance(each, dict) and "only in this test" in each]
    assert not held
    shelf.put(0, [result(0, {"odd": Text("kept as it is")})])
    assert len(shelf.take()) == FEW + 1
