from collections.abc import Callable, Sequence
from typing import Any

import pytest

from docextract.types import Word, Words

PageMaker = Callable[..., Words]


@pytest.fixture
def make_page() -> PageMaker:
    """Words of a page from rows of (x, text): 10 points a line, 5 points a letter, words split at spaces."""

    def make(*rows: Sequence[tuple[float, str]] | str, number: int = 1, **more: Any) -> Words:
        words = []
        for line, row in enumerate(rows):
            for x, text in [(20.0, row)] if isinstance(row, str) else row:
                left = x
                for part in text.split():
                    words.append(Word(part, left, 20 + line * 12, left + 5 * len(part), 30 + line * 12, 10))
                    left += 5 * len(part) + 4
        return Words(page=number, width=600, height=800, words=tuple(words), source="text", **more)

    return make
