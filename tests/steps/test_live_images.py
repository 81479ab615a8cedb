"""Pictures in memory: as many as may be under way and two windows more, however long the document."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from docextract.steps.obtain import HeldImages
from docextract.testing.endpoint import FakeEndpoint
from docextract.types import PageImage, RenderedPage


def test_no_more_pictures_are_held_than_windows_under_way_and_two(
    make_shelf: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gc.collect()  # what an earlier test left is not counted here
    live: set[int] = set()
    most = 0
    images, gone = HeldImages.images, []

    async def counted(self: HeldImages, asked: Sequence[PageImage]) -> tuple[RenderedPage, ...]:
        nonlocal most
        found = await images(self, asked)
        live.add(id(self))
        most = max(most, len(live))
        return found

    def ended(self: HeldImages) -> None:
        live.discard(id(self))
        gone.append(1)

    monkeypatch.setattr(HeldImages, "images", counted)
    monkeypatch.setattr(HeldImages, "__del__", ended, raising=False)
    long = make_shelf(2, 12, least=12)
    with FakeEndpoint("openai", latency_s=0.05) as endpoint:
        done = run(
            endpoint, tmp_path / "out", inputs=[long.folder], schema=[long.schema], window_pages=1, concurrency=3
        )
    assert done.wrong(long) == []
    assert len(gone) == 24, "pictures of a window outlive it"
    assert 2 <= most <= 3 + 2
