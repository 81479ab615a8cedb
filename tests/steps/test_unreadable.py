"""A document that can only go as words, and whose words cannot be read, is failed and never asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docextract.testing.bombs_other import html_spans, text_flood
from docextract.testing.bombs_word import word_deep
from docextract.testing.endpoint import FakeEndpoint
from tests.run.conftest import Shelf


@pytest.mark.parametrize("page_input", ["image", "text", "both", "auto"])
def test_what_cannot_be_read_is_not_asked_about(
    few: Shelf, tmp_path: Path, run: Callable[..., Any], page_input: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    word_deep(folder / "deep.docx", depth=1_000)
    text_flood(folder / "flood.txt", mebibytes=17)
    html_spans(folder / "spans.html", rows=20, cells=50)
    (folder / "sound.txt").write_text("Ledger 12\n")
    with FakeEndpoint() as endpoint:
        ran = run(endpoint, tmp_path / "out", inputs=[folder], schema=[few.schema], page_input=page_input)
    ends = {"deep.docx": "corrupt", "flood.txt": "limit_reached", "spans.html": "limit_reached"}
    for name, code in ends.items():
        meta = ran.meta(name)
        assert (meta["state"], meta["error"]["code"]) == ("failed", code)
        assert [(page["state"], page["reason"]) for page in meta["pages"]] == [("failed", code)]
        assert meta["usage"]["calls"] == 0
        assert ran.data(name) is None
    assert "--limit text_bytes=" in ran.meta("flood.txt")["error"]["hint"]
    assert len({call.digest for call in ran.requests}) == 1
