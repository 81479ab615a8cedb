from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.read.detect import Detector, in_rows, quads
from docextract.read.seen import Quad


class Drawn:
    """A session whose map is 1 where the picture is dark; keeps the shapes it was given."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def get_inputs(self) -> list[Drawn]:
        return [self]

    name = "x"

    def run(self, _: None, values: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]) -> list[object]:
        (given,) = values.values()
        self.shapes.append(given.shape)
        return [(given[:, :1] < 0).astype(np.float32)]


def box(x: float, y: float, width: float = 100, height: float = 20) -> Quad:
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def core(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    probability = np.zeros((200, 400), np.float32)
    probability[100 : 100 + height, 50 : 50 + width] = 0.9
    return probability


def test_a_core_is_widened_by_its_area_over_its_circumference() -> None:
    (found,) = quads(core(200, 10), (800, 400))  # a picture of twice the size
    across, down = 200, 10  # outlines run through the middle of pixels, the dilation adds one
    more = across * down * 1.6 / (across + down) / 2
    wanted = (2 * (50 - more), 2 * (100 - more), 2 * (250 + more), 2 * (110 + more))
    assert (*found[0], *found[2]) == pytest.approx(wanted, abs=4)


@pytest.mark.parametrize(("width", "height"), [(200, 2), (2, 60)])
def test_specks_are_no_lines(width: int, height: int) -> None:
    assert quads(core(width, height), (400, 200)) == []


def test_faint_cores_are_no_lines() -> None:
    assert quads(core(200, 10) * 0.5, (400, 200)) == []
    assert len(quads(core(200, 10) * 0.7, (400, 200))) == 1


def test_corners_stay_on_the_picture() -> None:
    probability = np.zeros((64, 320), np.float32)
    probability[0:20, 0:320] = 1.0
    (found,) = quads(probability, (640, 128))
    assert all(0 <= x <= 639 and 0 <= y <= 127 for x, y in found)


def test_strips_get_margins_and_boxes_lie_on_the_strip() -> None:
    strip = np.full((24, 600, 3), 255, np.uint8)
    strip[8:16, 20:500] = 0
    session = Drawn()
    (found,) = Detector(session).boxes(strip)
    assert session.shapes[0][2] >= 128, "no ground above and below"
    ys = [y for _, y in found]
    assert min(ys) < 8
    assert 16 < max(ys) <= 23


def test_large_pictures_are_made_smaller_by_their_longer_side() -> None:
    session = Drawn()
    Detector(session).boxes(np.full((2000, 1000, 3), 255, np.uint8))
    assert session.shapes == [(1, 3, 1280, 640)]


def test_rows_are_read_from_the_left_though_their_tops_differ() -> None:
    right, left, below = box(300, 100), box(10, 104), box(10, 140)
    assert in_rows([below, right, left]) == [left, right, below]
    assert in_rows([]) == []


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 3000)), max_size=40))
def test_rows_hold_every_box_once(places: list[tuple[int, int]]) -> None:
    boxes = [box(x, y) for x, y in places]
    assert sorted(in_rows(boxes)) == sorted(boxes)
