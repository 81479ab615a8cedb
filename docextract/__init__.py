"""A folder of documents in, validated JSON or YAML out, with an account of every page and every value.

The names below are the public ones; each is imported when it is first used, so that
`import docextract` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docextract.version import __version__ as __version__

if TYPE_CHECKING:
    from docextract.api import Extraction, aextract, extract, extract_folder
    from docextract.config.job import Job
    from docextract.errors import DocextractError
    from docextract.schema.audits import Audit
    from docextract.schema.marks import Aliases, Merge
    from docextract.types import Evidence

__all__ = [
    "Aliases",
    "Audit",
    "DocextractError",
    "Evidence",
    "Extraction",
    "Job",
    "Merge",
    "aextract",
    "extract",
    "extract_folder",
]

_HOMES = {
    "Aliases": "docextract.schema.marks",
    "Audit": "docextract.schema.audits",
    "DocextractError": "docextract.errors",
    "Evidence": "docextract.types",
    "Extraction": "docextract.api",
    "Job": "docextract.config.job",
    "Merge": "docextract.schema.marks",
    "aextract": "docextract.api",
    "extract": "docextract.api",
    "extract_folder": "docextract.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'docextract' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
