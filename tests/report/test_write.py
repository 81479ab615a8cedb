"""report.html: whole or not there, safe whatever a document says, bounded in memory and size, fit to be sent on."""

from __future__ import annotations

import json
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.cli.main import main
from docextract.report.entry import COLUMNS
from docextract.report.facts import facts_of
from docextract.report.html import policy, safe_json, script, style
from docextract.report.lines import run_head, run_lines
from docextract.report.write import ReportFile, Room
from tests.report.conftest import HOSTILE, INVOICE, evidence, many, put, sidecar


def blocks(file: Path) -> dict[str, Any]:
    """The data of a report, by id."""
    found = re.findall(
        r'<script type="application/json" id="([^"]+)">(.*?)</script>', file.read_text("utf-8"), re.DOTALL
    )
    return {name: json.loads(text) for name, text in found}


def write(out: Path, room: Room | None = None) -> dict[str, Any]:
    with ReportFile(out, room=room) as report:
        for line in run_lines(out):
            report.add(line)
        return blocks(report.finish(facts_of(out, run_head(out), {})))


def column(found: dict[str, Any], name: str) -> list[Any]:
    return [row[[*COLUMNS].index(name)] for row in found["rows"]]


def test_the_run_has_written_a_report_of_every_document_page_and_value(ran: Path) -> None:
    found = blocks(ran / "report.html")
    totals = found["run"]["totals"]
    run = json.loads((ran / "run.json").read_text(encoding="utf-8"))
    assert totals["documents"] == {state: count for state, count in run["documents"].items() if count}
    assert totals["pages"] == run["pages"]
    assert sorted(column(found, "name")) == sorted(["empty.pdf", INVOICE, HOSTILE, "people/halvorsen.docx"])
    at = column(found, "name").index(INVOICE)
    meta = json.loads((ran / f"{INVOICE}.meta.json").read_text(encoding="utf-8"))
    assert [each[0] for each in found[f"d{at}"]["evidence"]] == [each["path"] for each in meta["evidence"]]
    assert found[f"p{at}-1"].startswith("data:image/jpeg;base64,/9j/")
    assert found["run"]["seconds"] > 0
    assert found["run"]["live"] is False
    assert totals["failures"][0]["code"] == "empty_file"


def test_nothing_of_this_machine_is_in_it(ran: Path) -> None:
    text = (ran / "report.html").read_text(encoding="utf-8")
    for place in (str(ran), str(ran.parent), str(Path.home()) + "/", str(ran.parents[-4])):
        assert place not in text


def test_nothing_is_loaded_from_anywhere(ran: Path) -> None:
    text = (ran / "report.html").read_text(encoding="utf-8")
    head = text[: text.index("<body>")]
    assert policy(served=False) in head
    assert "'unsafe" not in head
    assert "connect-src" not in head
    for part in (script(), style()):
        assert not re.search(
            r"@import|url\(|\bimport\s*\(|\beval\b|innerHTML|outerHTML|insertAdjacent|document\.write", part
        )
        assert re.findall(r"https?://[^\s\"']+", part) in ([], ["http://www.w3.org/2000/svg"])
        assert "</" not in part
        assert "<!--" not in part
    assert not re.search(r"<[a-z]+ [^>]*\bon[a-z]+=", text[: text.index('<script type="application/json"')])


@given(st.recursive(st.none() | st.text() | st.floats(allow_nan=False, allow_infinity=False), st.lists, max_leaves=5))
def test_json_in_a_page_reads_back_and_opens_no_tag(value: Any) -> None:
    text = safe_json(value)
    assert "<" not in text
    assert json.loads(text) == json.loads(json.dumps(value).encode("utf-8", "replace"))


@pytest.mark.parametrize("evil", ["</script>", "<!--<script>", "\u2028", "\ud800", "&lt;", "]]>"])
def test_what_a_document_says_stays_data(tmp_path: Path, evil: str) -> None:
    meta = sidecar("a.pdf", evidence=[evidence("/number", quote=evil)], issues=[_issue(evil)])
    line = put(tmp_path, meta, {"number": evil})
    (tmp_path / "run.json").write_text(json.dumps({"inputs": [evil], "results": [line]}), encoding="utf-8")
    found = write(tmp_path)
    wanted = evil.encode("utf-8", "replace").decode()
    assert found["d0"]["data"]["number"] == wanted
    assert found["d0"]["issues"][0][2] == wanted


def _issue(message: str) -> dict[str, Any]:
    return {"path": "/number", "code": "audit_failed", "message": message, "page": 1}


def test_what_needs_eyes_is_counted_with_its_reasons(tmp_path: Path) -> None:
    meta = sidecar(
        "a.pdf",
        evidence=[
            evidence("/a", "absent"),
            evidence("/b", "contradicted", confidence=0.15),
            evidence("/c", confidence=0.4),
            evidence("/d"),
            evidence("/e", "inferred", confidence=0.1),
        ],
        conflicts=[{"path": "/d", "kept": 1, "other": [{"value": 2, "page": 3}]}],
        issues=[_issue("does not add up"), {"path": "", "code": "schema_guessed", "message": "x", "page": None}],
    )
    put(tmp_path, meta, {})
    found = write(tmp_path)
    assert found["d0"]["look"] == {
        "/a": ["absent"],
        "/b": ["contradicted"],
        "/c": ["low"],
        "/d": ["conflict"],
        "/number": ["audit"],
    }
    assert column(found, "look") == [5]
    assert column(found, "why") == [["absent", "audit", "conflict", "contradicted", "low"]]
    assert {each["code"] for each in found["run"]["totals"]["issues"]} == {"audit_failed", "schema_guessed"}


def test_memory_does_not_grow_with_the_run(tmp_path: Path) -> None:
    peaks = []
    for count in (100, 800):
        out = many(tmp_path / str(count), count)
        write(out)
        tracemalloc.start()
        with ReportFile(out) as report:
            for line in run_lines(out):
                report.add(line)
            report.finish({})
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 400_000


def test_the_file_has_a_limit_and_keeps_its_last_quarter_for_what_needs_eyes(tmp_path: Path) -> None:
    out = many(tmp_path / "out", 200)
    found = write(out, Room(accounts=60_000))
    held = [row[-1] for row in found["rows"]]
    looks = column(found, "look")
    assert found["run"]["left_out"]["accounts"] == held.count(0) > 50
    sizes = [len(safe_json(found[name])) for name in found if re.fullmatch(r"d\d+", name)]
    assert sum(sizes) <= 60_000
    cut = held.index(0)
    late = [look for look, is_held in zip(looks[cut:], held[cut:], strict=True) if is_held]
    assert late
    assert all(late[:-1]) or all(look > 0 for look in late if look)


def test_pictures_have_a_limit_too(ran: Path) -> None:
    with ReportFile(ran, room=Room(pictures=1000)) as report:
        for line in run_lines(ran):
            report.add(line)
        assert report._left_out["pictures"] == 1


def test_a_report_that_is_not_finished_leaves_the_one_before(out: Path) -> None:
    before = (out / "report.html").read_bytes()
    files = {path for path in out.rglob("*") if path.is_file()}

    def broken() -> None:
        with ReportFile(out) as report:
            for line in run_lines(out):
                report.add(line)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert (out / "report.html").read_bytes() == before
    assert {path for path in out.rglob("*") if path.is_file()} == files


def test_a_link_in_its_place_is_replaced_and_not_followed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine", encoding="utf-8")
    (out / "report.html").unlink()
    (out / "report.html").symlink_to(tmp_path / "other")
    assert main(["report", str(out)]) == 0
    assert (tmp_path / "other").read_text(encoding="utf-8") == "mine"
    assert not (out / "report.html").is_symlink()


def test_without_run_json_the_sidecars_tell(out: Path) -> None:
    (out / "run.json").unlink()
    assert main(["report", str(out)]) == 0
    found = blocks(out / "report.html")
    assert len(found["rows"]) == 4
    assert found["run"]["totals"]["documents"] == {"complete": 3, "failed": 1}


@pytest.mark.parametrize("command", ["report", "review"])
def test_a_folder_that_is_not_there_is_told(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, str(tmp_path / "none")]) == 2
    assert "pass the --out folder of a run" in capsys.readouterr().err


def test_a_sidecar_that_was_spoilt_does_not_spoil_the_report(out: Path) -> None:
    (out / f"{INVOICE}.meta.json").write_text("{", encoding="utf-8")
    assert main(["report", str(out)]) == 0
    assert len(blocks(out / "report.html")["rows"]) == 4


def test_a_calibration_is_shown_where_there_is_one(out: Path) -> None:
    bins = [{"low": 0.9, "high": 1.0, "n": 4, "confidence": 0.95, "right": 0.75}]
    file = out / ".docextract/calibration.json"
    file.write_text(json.dumps({"version": 1, "n": 4, "ece": 0.2, "bins": bins, "points": []}), encoding="utf-8")
    assert main(["report", str(out)]) == 0
    assert blocks(out / "report.html")["run"]["calibration"] == {"n": 4, "ece": 0.2, "bins": bins}
