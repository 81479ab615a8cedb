"""`docextract eval OUT GOLD`: outputs held against gold files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def command(values: dict[str, Any]) -> int:
    """Score and print; with --calibrate also write OUT/.docextract/calibration.json. 0 whatever the score is."""
    from docextract.evaluate.calibrate import as_json, calibrate, judged
    from docextract.evaluate.files import data_files, pairs
    from docextract.evaluate.present import calibration_text, evaluation, text
    from docextract.evaluate.score import score_document
    from docextract.schema.load import load

    out, gold = Path(values["out"]), Path(values["gold"])
    goals = [target for spec in values["schema"] for target in load(spec, base=Path.cwd())]
    found = pairs(out, gold, [goal.name for goal in goals])
    names = {pair.name for pair in found}
    names |= {f"{pair.name}.{goal.name}" for pair in found for goal in goals}
    documents = [score_document(pair, goals) for pair in found]
    # Gold that the review has written stands below OUT: it is no output.
    inside = gold.resolve()
    outputs = (name for name, file in data_files(out) if not file.resolve().is_relative_to(inside))
    value = evaluation(documents, sorted(name for name in outputs if name not in names))
    calibration = calibrate(judged(documents)) if values["calibrate"] else None
    if calibration is not None:
        _write(out / ".docextract" / "calibration.json", as_json(calibration))
    if values["json"]:
        value |= {"calibration": as_json(calibration)} if calibration is not None else {}
        print(json.dumps(value, indent=2, ensure_ascii=False))
        return 0
    print("\n".join(text(value)))
    if calibration is not None:
        print("\n" + "\n".join(calibration_text(calibration)))
    return 0


def _write(file: Path, value: Any) -> None:
    from docextract.errors import OutputError
    from docextract.output.json_yaml import dump_json

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(dump_json(value))
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror}") from error
