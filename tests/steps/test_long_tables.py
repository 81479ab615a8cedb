"""Tables over three pages, their header repeated and a row cut by each break: one table, all rows, once."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from docextract.testing import script
from docextract.testing.answers import Answer
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.seen import Question, parts_of
from docextract.testing.spoil import SPOILED

THINGS = ("galvanised steel pipe", "tinned copper wire", "planed oak board", "tempered glass pane", "boiled lamp oil")


@dataclass(frozen=True, slots=True, kw_only=True)
class Long:
    """A table: where its columns begin (points), its header, its rows, and the column whose text a break cuts."""

    edges: tuple[float, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text: int
    ruled: bool = False


def stock() -> Long:
    rows = tuple(
        (f"A-{100 + n}", f"{THINGS[n % 5].capitalize()}, bundle {n}", str(3 + n % 9), f"{12.5 + 3.75 * n:.2f}")
        for n in range(36)
    )
    header = ("Item", "Description", "Pieces", "Amount")
    return Long(edges=(60, 130, 380, 460), header=header, rows=rows, text=1, ruled=True)


def measures() -> Long:
    rows = tuple(
        (
            f"M{n + 1:02d}",
            f"2024-0{1 + n % 9}-1{n % 10}",
            f"Level of {THINGS[n % 5]} in store",
            f"{7 + n * 37 % 91 / 10:.1f}",
        )
        for n in range(60)
    )
    return Long(edges=(60, 120, 220, 470), header=("No.", "Day", "What was measured", "Level"), rows=rows, text=2)


def tasks() -> Long:
    rows = tuple(
        (str(n + 1), f"Bring the {THINGS[n % 5]} to yard {n + 1}", ("Miller", "Novak", "Ortiz")[n % 3], f"{n + 2} h")
        for n in range(33)
    )
    return Long(edges=(60, 110, 360, 450), header=("Nr", "Task", "Who", "Time"), rows=rows, text=1, ruled=True)


def prices() -> Long:
    """The text that is cut stands in the first column."""
    rows = tuple((f"One {THINGS[n % 5]} of lot {n}", str(2 + n % 7), f"{11 + n * 53 % 97 / 4:.2f}") for n in range(54))
    return Long(edges=(60, 380, 460), header=("Article", "Pieces", "Price"), rows=rows, text=0, ruled=True)


LONG = {"prices": prices, "stock": stock, "measures": measures, "tasks": tasks}


def pages_of(long: Long) -> list[list[list[str]]]:
    """Cells of each page's rows, header left out: the last row of a page has the rest of its text on the next one."""
    size = len(long.rows) // 3
    pages = [[list(row) for row in long.rows[start : start + size]] for start in (0, size, 2 * size)]
    for page, following in pairwise(pages):
        words = page[-1][long.text].split()
        page[-1][long.text] = " ".join(words[:2])
        rest = [""] * len(long.header)
        rest[long.text] = " ".join(words[2:])
        following.insert(0, rest)
    return pages


def write(path: Path, long: Long) -> None:
    canvas = Canvas(str(path), pagesize=(595, 842))
    right = 545.0
    for number, rows in enumerate(pages_of(long), start=1):
        canvas.setFont("Helvetica", 10)
        if number == 1:
            canvas.drawString(60, 790, "Quarterly list")
        # The table fills every page down to its last line but one.
        top = 760.0 if number == 1 else 800.0
        step = (top - 70) / (len(rows) + 1)
        for line, row in enumerate([list(long.header), *rows]):
            y = top - step * line
            canvas.setFont("Helvetica-Bold" if line == 0 else "Helvetica", 10)
            for x, text in zip(long.edges, row, strict=True):
                canvas.drawString(x + 3, y - step * 0.65, text)
            if long.ruled or line == 0:
                canvas.line(long.edges[0], y, right, y)
                canvas.line(long.edges[0], y - step, right, y - step)
        if long.ruled:
            for x in (*long.edges, right):
                canvas.line(x, top, x, top - step * (len(rows) + 1))
        canvas.drawString(280, 30, f"Page {number} of 3")
        canvas.showPage()
    canvas.save()


def whole(long: Long) -> list[list[str]]:
    return [list(row) for row in long.rows]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The three documents."""
    found = tmp_path / "in"
    found.mkdir()
    for name, make in LONG.items():
        write(found / f"{name}.pdf", make())
    return found


def spell(rows: Sequence[Sequence[str | None]]) -> list[list[str]]:
    return [["" if cell is None else " ".join(cell.split()) for cell in row] for row in rows]


def test_the_embedded_engine_gives_one_table_with_all_rows(folder: Path, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[folder], schema=["tables"], model="local")
    for name, make in LONG.items():
        long = make()
        [table] = done.data(f"{name}.pdf")["tables"]
        assert spell(table["header"]) == [list(long.header)], name
        assert spell(table["rows"]) == whole(long), name
        assert table["pages"] == [1, 2, 3], name


@pytest.mark.parametrize("name", sorted(LONG))
def test_windows_of_a_model_give_one_table_with_all_rows(
    name: str, folder: Path, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = LONG[name]()
    answers = [
        {
            "tables": [
                {
                    "title": "Quarterly list" if number == 1 else None,
                    "pages": [number],
                    "header": [list(long.header)],
                    "columns": list(long.header),
                    "rows": [[cell or None for cell in row] for row in rows],
                    "notes": [],
                }
            ]
        }
        for number, rows in enumerate(pages_of(long), start=1)
    ]
    kinds = ["fences", "box", "schema_echo"]
    for kind, value in zip(kinds, answers, strict=True):
        monkeypatch.setitem(SPOILED, kind, fixed(value))
    rules = [script.when(shows(number), kind) for number, kind in enumerate(kinds, start=1)]
    with FakeEndpoint("zai", script=rules[0] + rules[1] + rules[2]) as endpoint:
        options = {"schema": ["tables"], "window_pages": 1}
        done = run(endpoint, tmp_path / "out", inputs=[folder / f"{name}.pdf"], **options)
    assert len(done.requests) == 3
    [table] = done.data(f"{name}.pdf")["tables"]
    assert spell(table["rows"]) == whole(long)
    assert table["header"] == [list(long.header)]
    assert table["pages"] == [1, 2, 3]
    meta = done.meta(f"{name}.pdf")
    assert [issue for issue in meta["issues"] if issue["code"].startswith("rows_")] == []
    located = {item["path"]: item["status"] for item in meta["evidence"]}
    size = len(long.rows) // 3
    for cut in (size - 1, 2 * size - 1):
        assert located[f"/tables/0/rows/{cut}/{long.text}"] in ("verbatim", "normalised")


def shows(page: int) -> Callable[[Question], bool]:
    """Whether a question shows this page."""

    def asked(question: Question) -> bool:
        texts = [str(part.get("text") or "") for message in question.body["messages"] for part in parts_of(message)]
        return any(text.startswith(f"Page {page}:") for text in texts)

    return asked


def fixed(value: dict[str, Any]) -> Any:
    """An answer that says this, whatever was seen."""

    def spoil(answer: Answer) -> Answer:
        return replace(answer, text=json.dumps(copy.deepcopy(value)))

    return spoil
