"""Résumés held against a job text: the text is paid for once, and the ranking is in order.

The answers are the test's own: this is about cache, files and ranking, not about judgement.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import make_ledger

COUNT = 20
JOB = "\n".join(f"{number}. The post asks for skill number {number} and several years of it." for number in range(200))


def fit(number: int, name: str) -> dict[str, Any]:
    met = number % 3 != 0
    requirement: dict[str, Any] = {
        "requirement": "Skill 1",
        "importance": "must",
        "met": "yes" if met else "no",
        "evidence": [],
    }
    return {
        "name": name,  # stands on the page, so nothing is asked twice
        "requirements": [requirement],
        "met": ["Skill 1"] if met else [],
        "missing": [] if met else ["Skill 1"],
        "years_of_experience": number / 2,
        "score": (number * 37) % 101,
        "reasons": ["it says so"],
    }


def test_twenty_resumes_are_ranked_and_the_job_text_is_cached(
    tmp_path: Path,
    answering: Callable[[dict[str, Any]], None],
    run_python: Callable[..., CompletedProcess[str]],
    environment: Any,
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    ledgers = {number: make_ledger(number, 3) for number in range(COUNT)}
    for number, ledger in ledgers.items():
        write_pdf(folder / f"r{number:02d}.pdf", ledger)
    answering({ledger.number: fit(number, ledger.number) for number, ledger in ledgers.items()})
    (tmp_path / "job.md").write_text(JOB, encoding="utf-8")
    with FakeEndpoint("zai") as endpoint:
        words = ["run", "in", "--schema", "resume_fit", "--context", "job.md", "--model", "zai/glm-5v-turbo"]
        words += ["--base-url", endpoint.base_url, "--out", "out", "--quiet"]
        done = run_python(["-m", "docextract", *words], tmp_path, extra=environment(endpoint))
        assert done.returncode == 0, done.stdout + done.stderr
        requests = sorted(endpoint.requests, key=lambda call: call.started)
    assert len(requests) == COUNT
    prefix = min(call.cached_tokens for call in requests[1:])
    assert prefix > len(JOB.split())
    could = sum(call.could_cache for call in requests[1:])
    assert sum(call.cached_tokens for call in requests[1:]) >= 0.9 * could
    done = run_python(["-m", "docextract", "collect", "out", "--to", "ranking.csv", "--sort", "score"], tmp_path)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "ranking.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = sorted(((number * 37) % 101 for number in range(COUNT)), reverse=True)
    assert [int(row["score"]) for row in rows] == wanted
    assert {row["name"] for row in rows} == {ledger.number for ledger in ledgers.values()}
    assert all(row["state"] == "complete" for row in rows)
    with (tmp_path / "ranking.requirements.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == COUNT
