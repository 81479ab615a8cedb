from __future__ import annotations

import io
from collections.abc import Callable

import pytest


@pytest.fixture
def png() -> Callable[[int, int], bytes]:
    def make(width: int, height: int) -> bytes:
        from PIL import Image

        target = io.BytesIO()
        Image.new("L", (width, height), 200).save(target, "PNG")
        return target.getvalue()

    return make
