"""The command on real folders: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docextract.cli.main import main

WANTED = {"number": "A-1", "grand_total": 119.0, "lines": [{"description": "Nails", "quantity": 2}]}
WRONG = {"number": "A-7", "grand_total": 119.0, "lines": [{"description": "Nails", "quantity": 2}]}


def write(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value), encoding="utf-8")


def leaf(path: str, confidence: float, status: str = "verbatim") -> dict[str, Any]:
    return {"path": path, "page": 1, "status": status, "confidence": confidence}


def sidecar(state: str, *evidence: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "state": state, "schema": {"name": "invoice"}, "evidence": list(evidence)}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Three gold files: one right, one with a wrong number, one without output; and an output without gold."""
    out, gold = tmp_path / "out", tmp_path / "gold"
    for name in ("a.pdf", "sub/b.pdf", "c.pdf"):
        write(gold / f"{name}.json", WANTED)
    write(out / "a.pdf.json", WANTED)
    write(out / "a.pdf.meta.json", sidecar("complete", leaf("/number", 1.0), leaf("/grand_total", 0.9)))
    write(out / "sub/b.pdf.json", WRONG)
    write(out / "sub/b.pdf.meta.json", sidecar("complete", leaf("/number", 0.35, "contradicted")))
    write(out / "other.pdf.json", WANTED)
    write(out / "run.json", {})
    return out, gold


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["eval", *arguments, "--schema", "invoice", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_figures_by_hand(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    value = run(capsys, *map(str, folders))
    assert value["documents"] == 3
    assert value["states"] == {"complete": 2, "missing": 1}
    assert value["without_gold"] == ["other.pdf"]
    # 12 leaves wanted, 8 given, 7 right.
    assert (value["precision"], value["recall"]) == (7 / 8, 7 / 12)
    assert value["figures"]["field_f1"]["value"] == 14 / 20
    assert value["figures"]["field_f1_macro"]["value"] == pytest.approx((1 + 6 / 8 + 0) / 3)
    assert value["figures"]["document_exact"]["value"] == 1 / 3
    # Of b's four leaves three are whole, and A-7 is two thirds of A-1.
    assert value["figures"]["anls_star"]["value"] == pytest.approx((1 + (3 + 2 / 3) / 4 + 0) / 3)
    number = value["fields"]["invoice"]["number"]
    assert (number["right"], number["wanted"], number["got"], number["f1"]) == (1, 3, 2, 2 / 5)


def test_confusions_name_the_place(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    rows = run(capsys, *map(str, folders))["confusions"]
    assert [(row["document"], row["path"], row["verdict"]) for row in rows] == [
        ("c.pdf", "/number", "missing"),
        ("c.pdf", "/grand_total", "missing"),
        ("c.pdf", "/lines/0/description", "missing"),
        ("c.pdf", "/lines/0/quantity", "missing"),
        ("sub/b.pdf", "/number", "wrong"),
    ]
    assert {key: rows[-1][key] for key in ("wanted", "got", "status", "confidence", "page")} == {
        "wanted": "A-1", "got": "A-7", "status": "contradicted", "confidence": 0.35, "page": 1,
    }  # fmt: skip


def test_what_a_person_reads(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", *map(str, folders), "--schema", "invoice"]) == 0
    shown = capsys.readouterr().out
    assert "3 documents with gold (2 complete, 1 missing)" in shown
    assert "1 outputs have no gold file" in shown
    assert "sub/b.pdf  /number: 'A-7', wanted 'A-1'  (contradicted, 0.35, page 1)" in shown


def test_calibration_is_written_and_shown(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    out, gold = folders
    assert main(["eval", str(out), str(gold), "--schema", "invoice", "--calibrate"]) == 0
    assert "3 leaves with evidence" in capsys.readouterr().out
    kept = json.loads((out / ".docextract/calibration.json").read_text(encoding="utf-8"))
    assert (kept["version"], kept["n"]) == (1, 3)
    assert kept["statuses"] == {"contradicted": [1, 0.0], "verbatim": [2, 1.0]}
    assert kept["ece"] == pytest.approx((0.35 + 2 * 0.05) / 3)


def test_a_partial_output_counts(folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    out, gold = folders
    write(out / "c.pdf.partial.json", {"number": "A-1"})
    write(out / "c.pdf.meta.json", sidecar("partial"))
    value = run(capsys, str(out), str(gold))
    assert value["states"] == {"complete": 2, "partial": 1}
    assert value["recall"] == 8 / 12


def test_several_schemas_and_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "gold/a.pdf.json", WANTED)
    out = tmp_path / "out/a.pdf.invoice.yaml"
    out.parent.mkdir()
    out.write_text(
        "number: A-1\nissue_date: 2024-03-09\ngrand_total: 119.0\nlines:\n- {description: Nails, quantity: 2}\n"
    )
    value = run(capsys, str(tmp_path / "out"), str(tmp_path / "gold"))
    assert [(row["path"], row["got"]) for row in value["confusions"]] == [("/issue_date", "2024-03-09")]
    assert value["without_gold"] == []


def test_auto_goes_by_the_gold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "gold/a.pdf.json", {"name": "Ann", "skills": ["Go"], "experience": []})
    write(tmp_path / "out/a.pdf.json", {"number": "A-1"})
    write(tmp_path / "out/a.pdf.meta.json", sidecar("complete"))
    assert main(["eval", str(tmp_path / "out"), str(tmp_path / "gold"), "--schema", "auto", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["per_document"]
    assert (row["schema"], row["read_as"], row["right"], row["wanted"], row["got"]) == ("resume", "invoice", 0, 2, 1)


@pytest.mark.parametrize(("out", "gold", "said"), [("no", "gold", "no folder"), ("out", "empty", "no gold file")])
def test_what_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str, gold: str, said: str) -> None:
    for name in ("out", "gold", "empty"):
        (tmp_path / name).mkdir()
    write(tmp_path / "gold/a.pdf.json", WANTED)
    assert main(["eval", str(tmp_path / out), str(tmp_path / gold), "--schema", "invoice"]) == 2
    assert said in capsys.readouterr().err


def test_gold_that_is_no_json_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("out", "gold"):
        (tmp_path / name).mkdir()
    (tmp_path / "gold/a.pdf.json").write_text("{", encoding="utf-8")
    assert main(["eval", str(tmp_path / "out"), str(tmp_path / "gold"), "--schema", "invoice"]) == 2
    assert "a.pdf.json is not JSON" in capsys.readouterr().err
