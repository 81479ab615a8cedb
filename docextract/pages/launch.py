"""How a child is started: its command, its environment without secrets, and the import path it shares with us."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from docextract.errors import ConfigError
from docextract.pages.limits import LIMITS_VARIABLE

PASSED = {
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "USER", "LOGNAME", "SHELL", "VIRTUAL_ENV", "CONDA_PREFIX",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE",
    "PYTHONNOUSERSITE", "PYTHONUTF8", "SYSTEMROOT", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "XDG_DATA_DIRS",
    "TESSDATA_PREFIX", "COVERAGE_PROCESS_START",
}  # fmt: skip
"""Variables that a child gets. An allow-list: what is not named here (keys, tokens, proxies) stays out."""

ONE_THREAD = {
    "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    "ORT_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
}  # fmt: skip
"""The pool has a child for every core: threads inside them would only get in each other's way."""


def command(kind: str, memory_mb: int) -> list[str]:
    """The argument list of a child. `-P` keeps the current folder, which may hold anybody's files, off its path."""
    if not sys.executable:
        raise ConfigError("no Python interpreter to start child processes with", hint="run it with a plain python")
    return [sys.executable, "-P", "-m", "docextract.pages.child", kind, str(memory_mb), str(os.getpid())]


def environment(scratch: Path, limits: Mapping[str, int]) -> dict[str, str]:
    """The child's variables: the allowed ones of ours, one thread each, its own temporary folder, the run's limits."""
    passed = {name: value for name, value in os.environ.items() if name in PASSED or name.startswith("LC_")}
    return {
        **passed,
        **ONE_THREAD,
        "TMPDIR": str(scratch),
        LIMITS_VARIABLE: json.dumps(dict(limits)),
        "PYTHONPATH": os.pathsep.join(import_path()),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }


def import_path() -> list[str]:
    """Our `sys.path` in its own order, so that the child finds what we found (editable, zip, notebook).

    Without relative entries and without the current folder, unless this package itself lives there.
    """
    own = str(Path(__file__).resolve().parents[2])  # where the package stands, be it a folder or a zip
    here = os.path.realpath(Path.cwd())
    path = [
        entry
        for entry in sys.path
        if Path(entry).is_absolute()
        and os.pathsep not in entry
        and (os.path.realpath(entry) != here or os.path.realpath(entry) == own)
    ]
    return path if any(os.path.realpath(entry) == own for entry in path) else [*path, own]
