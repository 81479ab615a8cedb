"""Which schemas are built in: the files of `schemas/`. Imports nothing heavy, so that a shell may ask at every start.

They stand inside the package when it was installed from a wheel, beside the package in an editable install.
"""

from __future__ import annotations

from pathlib import Path


def builtin_folder() -> Path | None:
    """Where the built-in schemas stand, or None where the installation lacks them."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "schemas_builtin", package.parent / "schemas"):
        if (folder / "tables.py").is_file():
            return folder
    return None


def builtin_names() -> tuple[str, ...]:
    """Names of the built-in schemas, sorted."""
    folder = builtin_folder()
    if folder is None:
        return ()
    return tuple(sorted(file.stem for file in folder.glob("*.py") if not file.name.startswith("_")))
