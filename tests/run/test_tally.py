"""The account beyond counts: causes that add up, with what to do; the slowest documents; lines in any number."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docextract.cli.final import final_lines
from docextract.errors import CODES
from docextract.run.summary import Summary
from docextract.run.tally import Lines, Tally
from docextract.testing.endpoint import FakeEndpoint


def line(name: str, ms: int = 0, code: str | None = None, **reasons: int) -> dict[str, Any]:
    error = {"code": code, "message": "m", "hint": "do this", "scope": "file"} if code else None
    return {"name": name, "schema": "s", "ms": ms, "pages": {"extracted": 2}, "error": error, "reasons": reasons}


@given(st.lists(st.integers(0, 50), max_size=30))
def test_the_slowest_are_the_slowest(times: list[int]) -> None:
    tally = Tally()
    for number, ms in enumerate(times):
        tally.take(line(f"{number}.pdf", ms))
    found = [(one["ms"], one["name"]) for one in tally.slowest()]
    ordered = sorted(((-ms, number) for number, ms in enumerate(times) if ms))
    assert found == [(-ms, f"{number}.pdf") for ms, number in ordered[:5]]


@given(st.lists(st.sampled_from(["", "corrupt", "encrypted"]), max_size=20))
def test_causes_count_every_document_once(codes: list[str]) -> None:
    tally = Tally()
    for number, code in enumerate(codes):
        tally.take(line(f"{number}.pdf", 0, code or None))
    causes = tally.as_json()
    assert sum(cause["documents"] for cause in causes) == len([code for code in codes if code])
    assert [cause["documents"] for cause in causes] == sorted((c["documents"] for c in causes), reverse=True)
    assert all(cause["hint"] == "do this" and 1 <= len(cause["names"]) <= 3 for cause in causes)


def test_pages_that_were_lost_are_a_cause_of_their_own_but_not_of_a_document_that_failed_by_the_same() -> None:
    tally = Tally()
    tally.take(line("a.pdf", render_timed_out=2))
    tally.take(line("b.pdf", 0, "corrupt", corrupt=4))
    found = {cause["code"]: (cause["documents"], cause["pages"]) for cause in tally.as_json()}
    assert found == {"render_timed_out": (0, 2), "corrupt": (1, 0)}


@given(st.lists(st.text(max_size=20), max_size=20))
def test_lines_are_the_elements_of_an_array(texts: list[str]) -> None:
    lines = Lines()
    for text in texts:
        lines.add(json.dumps(text))
    assert json.loads(b"[" + b"".join(lines.pieces()) + b"]") == texts


def test_the_final_table_says_what_took_long_and_what_to_do_about_each_cause() -> None:
    summary = Summary(exit_code=1)
    for one in (line("slow\x1b[2J.pdf", 90_000), line("quick.pdf", 10), line("x.pdf", 0, "corrupt")):
        summary.tally.take(one)
    text = "\n".join(final_lines(summary, "again"))
    assert "slowest    90 s  slow\\x1b[2J.pdf  2 pages" in text
    assert "quick.pdf" not in text
    assert "failed     1 document: corrupt (x.pdf)\n           do this" in text


def test_a_run_groups_its_failures_by_cause(few: Any, tmp_path: Path, run: Any) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in few.ledgers:
        (folder / name).write_bytes((few.folder / name).read_bytes())
    (folder / "a.bin").write_bytes(os.urandom(100))
    (folder / "b.bin").write_bytes(os.urandom(100))
    (folder / "c.pdf").write_bytes(b"%PDF-1.7\nnothing that follows is a PDF")
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path / "out", inputs=[folder], schema=[few.schema])
    account = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    causes = {cause["code"]: (cause["documents"], sorted(cause["names"])) for cause in account["causes"]}
    assert causes == {"unsupported": (2, ["a.bin", "b.bin"]), "corrupt": (1, ["c.pdf"])}
    assert all(cause["hint"] for cause in account["causes"])
    assert account["failures"] == {"unsupported": 2, "corrupt": 1}
    assert len(account["results"]) == sum(account["documents"].values()) == len(few.ledgers) + 3
    assert f"2 documents: unsupported (a.bin, b.bin)\n{'':10} {CODES['unsupported']}" in "\n".join(
        final_lines(done.summary, "")
    )
