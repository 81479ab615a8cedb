"""Packages that one form of output needs and an installation may lack."""

from __future__ import annotations

from importlib.util import find_spec

from docextract.errors import ConfigError

_NEEDED = {".xlsx": "openpyxl", ".parquet": "pyarrow"}


def is_installed(form: str) -> bool:
    """Whether this installation can write files with this ending."""
    return form not in _NEEDED or find_spec(_NEEDED[form]) is not None


def require(form: str) -> None:
    """Raises ConfigError missing_tool, which says what to install, where `is_installed` is false."""
    if not is_installed(form):
        raise ConfigError(
            f"{form} needs {_NEEDED[form]}, which is not installed",
            code="missing_tool",
            hint="pip install 'docextract[table]', or write .csv or .jsonl",
        )
