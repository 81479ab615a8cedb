"""What the user wants, in one frozen value: every flag of `run` is a field, with its default and help.

A plain dataclass, so that the command line can list the options without importing pydantic;
`config.load` checks the values. The same names are keys of job.toml and `DOCEXTRACT_*` variables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


def option(default: Any, help_text: str, *, group: str, short: str | None = None) -> Any:
    """A field with what the command line shows of it."""
    metadata = {"help": help_text, "group": group, "short": short}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run. `inputs` are files, folders or globs; `schema` built-in names, `file.py:Model`, `auto`, ..."""

    inputs: tuple[str, ...] = ()
    schema: tuple[str, ...] = option(
        ("auto",), "repeatable: NAME, file.py:Model, module:Model, schema.json, auto", group="what"
    )
    out: str = option("out", "folder to write to", group="output", short="-o")
    format: Literal["json", "yaml"] = option("json", "data files as JSON or YAML", group="output", short="-f")

    pages: str | None = option(None, "only these pages, for instance 1-3,7", group="pages")
    max_pages: int = option(1000, "pages over this cap are skipped and the document is partial", group="pages")
    group: Literal["folder", "none"] = option("none", "every folder is one document", group="pages")
    split: Literal["auto", "none"] = option("none", "several documents in one file", group="pages")
    keep_duplicates: bool = option(False, "send pages whose content equals an earlier page", group="pages")
    page_input: Literal["image", "text", "both", "auto"] = option("image", "what is sent of a page", group="pages")
    renderer: Literal["pdfium", "poppler"] = option("pdfium", "what renders PDF pages", group="pages")
    ocr: Literal["local", "glm-ocr", "tesseract", "off"] = option(
        "local", "what reads pages without a text layer", group="pages"
    )
    verify: Literal["text", "ocr"] = option("text", "ground on the text layer, or always on OCR", group="pages")
    password_file: str | None = option(None, "passwords for encrypted files, one a line", group="pages")

    model: str | None = option(
        None, "provider/name, or local (default: zai/glm-5v-turbo with ZAI_API_KEY, else local)", group="model"
    )
    base_url: str | None = option(None, "what stands before /chat/completions", group="model")
    api_key_env: str | None = option(None, "the variable that holds the key", group="model")
    sign_key: bool = option(False, "send a short-lived token signed with the key (Z.ai's JWT)", group="model")
    tokenizer: bool = option(
        False, "count the fixed prompt by the provider's tokenizer, where it has one", group="model"
    )
    allow_http: bool = option(False, "accept plain http for hosts other than this machine", group="model")
    max_tokens_per_image: int = option(2800, "the image is rendered to fit", group="model")
    window_pages: int | None = option(None, "pages asked about at once (default: as many as fit)", group="model")
    overlap: int = option(0, "pages that two windows share", group="model")
    context: str | None = option(None, "file with fixed text for the cached prefix", group="model")
    examples: str | None = option(None, "folder of gold examples for the cached prefix", group="model")
    thinking: Literal["off", "on", "auto"] = option("auto", "auto: only where a window is asked again", group="model")
    retries: int = option(3, "further answers asked for after a bad one, per window", group="model")
    fallback: str | None = option(None, "model asked when the attempts are used up", group="model")
    second_look: Literal["auto", "off"] = option("auto", "targeted re-ask where an audit failed", group="model")
    first_pass: Literal["local"] | None = option(
        None, "ask the model only where the embedded engine falls short", group="model"
    )

    concurrency: int | None = option(None, "calls in flight (default: starts at 2 and adapts up to 64)", group="limits")
    rpm: int | None = option(None, "requests a minute, over all workers", group="limits")
    tpm: int | None = option(None, "tokens a minute, over all workers", group="limits")
    max_outage: float = option(900.0, "seconds to wait out rate limits and a vanished network", group="limits")
    max_cost: float | None = option(None, "USD; worst case is reserved before each call", group="limits")

    limit: tuple[str, ...] = option(
        (), "repeatable: NAME=VALUE raises or lowers a limit on documents; SECURITY.md lists them", group="limits"
    )

    models: dict[str, Any] = field(default_factory=dict)
    """Facts about models that beat the built-in ones: `[models."zai/glm-5v-turbo"]` in a job file."""

    workers: int = option(1, "processes on this machine", group="scale")
    ray: str | None = option(None, "address of a Ray cluster, or auto", group="scale")
    journal: str | None = option(
        None, "journal URL, or :memory: (default: a file under the output folder)", group="scale"
    )
    batch: Literal["submit", "poll"] | None = option(
        None, "ask by the provider's batch endpoint: send, or take what has come", group="scale"
    )

    strict: bool = option(False, "unresolved issues make a document partial", group="run")
    only: tuple[str, ...] = option(
        (), "repeatable: do this document again (its name in run.json) and leave the others as they are", group="run"
    )
    fresh: bool = option(False, "forget the journal of this output folder first", group="run")
    recover: bool = option(
        False,
        "where the journal is damaged: keep it, and make a new one from what it and the outputs hold",
        group="run",
    )
    fail_fast: bool = option(False, "stop at the first failed document", group="run")
    no_report: bool = option(False, "write no report.html", group="run")
    json_events: bool = option(False, "one JSON object a line on standard output", group="run")
    quiet: bool = option(False, "print errors only", group="run")
    verbose: bool = option(False, "print more", group="run")
