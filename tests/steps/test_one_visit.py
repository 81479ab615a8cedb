"""What a page of a sound PDF costs the children of a run: one visit, which draws it and reads its words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from docextract.pages.pool import Pool
from docextract.testing.endpoint import FakeEndpoint


def test_a_page_is_drawn_and_read_in_one_visit(
    make_shelf: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Counter[tuple[str, str]] = Counter()
    call = Pool.call

    async def counted(self: Pool, op: str, args: dict[str, Any], *rest: Any, **options: Any) -> Any:
        asked[self.kind, op] += len(args["pages"]) if op == "render" else 1
        return await call(self, op, args, *rest, **options)

    monkeypatch.setattr(Pool, "call", counted)
    shelf = make_shelf(3, 2, least=2)
    with FakeEndpoint("openai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[shelf.folder], schema=[shelf.schema], window_pages=1)
    assert done.wrong(shelf) == []
    assert asked == {("render", "digest"): 3, ("render", "describe"): 3, ("render", "look"): 3, ("render", "render"): 6}
