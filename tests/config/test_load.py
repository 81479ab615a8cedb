"""Flags beat environment beats file, and what is wrong is named in the user's words."""

import dataclasses
from pathlib import Path

import pytest

from docextract.cli.arguments import parser
from docextract.config.job import Job
from docextract.config.load import load_job
from docextract.errors import ConfigError


def test_defaults_are_those_of_the_reference() -> None:
    job = load_job({}, environ={})
    assert (job.schema, job.out, job.format, job.max_pages, job.group) == (("auto",), "out", "json", 1000, "none")
    assert (job.max_tokens_per_image, job.retries, job.overlap, job.workers) == (2800, 3, 0, 1)
    assert (job.renderer, job.ocr, job.page_input, job.thinking, job.verify) == (
        "pdfium",
        "local",
        "image",
        "auto",
        "text",
    )
    assert (job.concurrency, job.max_cost, job.fallback, job.model) == (None, None, None, None)


def test_flags_beat_environment_beats_file(tmp_path: Path) -> None:
    file = tmp_path / "job.toml"
    file.write_text('inputs = ["file"]\nretries = 1\nmax-pages = 5\nformat = "yaml"\n')
    environ = {"DOCEXTRACT_RETRIES": "2", "DOCEXTRACT_MAX_PAGES": "6"}
    job = load_job({"retries": "7"}, job_file=file, environ=environ)
    assert (job.inputs, job.retries, job.max_pages, job.format) == (("file",), 7, 6, "yaml")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"format": "xml"}, "--format"),
        ({"retries": "many"}, "--retries"),
        ({"workers": 0}, "--workers: must be at least 1"),
        ({"max_cost": -1}, "--max-cost"),
    ],
)
def test_a_wrong_value_is_named_by_its_flag(values: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_job(values, environ={})


def test_an_unknown_key_in_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "job.toml"
    file.write_text("retires = 1\n")
    with pytest.raises(ConfigError, match="retires"):
        load_job({}, job_file=file, environ={})


def test_every_option_is_a_flag_of_run() -> None:
    values = vars(parser().parse_args(["run", "x"]))
    assert values == {"command": "run", "inputs": ["x"]}, "a flag that was not given must not hide file or environment"
    names = {each.name for each in dataclasses.fields(Job) if each.metadata}
    arguments = ["run", "x"]
    for name in sorted(names):
        flag = "--" + name.replace("_", "-")
        hint = {each.name: each.type for each in dataclasses.fields(Job)}[name]
        default = {each.name: each.default for each in dataclasses.fields(Job)}[name]
        if hint == "bool":
            arguments.append(flag)
        elif "Literal" in str(hint):
            arguments += [flag, str(hint).split("[")[1].split("]")[0].split(",")[0].strip(" '\"")]
        else:
            arguments += [flag, "1" if default is None or isinstance(default, int | float) else "v"]
    parsed = vars(parser().parse_args(arguments))
    assert names <= set(parsed)
