"""A report may be sent to anybody: what names a place on this machine is taken out of its messages."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


class Scrub:
    """Takes the folders of this machine out of texts that docextract wrote (never out of values)."""

    def __init__(self, out: Path, inputs: Iterable[str] = ()) -> None:
        home = os.path.expanduser("~")  # noqa: PTH111 - compared as text
        folders = [os.path.abspath(path) for path in (str(out), *inputs)]  # noqa: PTH100 - links are not followed
        folders += [os.path.dirname(path) for path in folders]  # noqa: PTH120
        folders.append(os.getcwd())  # noqa: PTH109
        known = {folder for folder in folders if len(folder) > 1}
        self._pairs = [(f"{folder}{os.sep}", "") for folder in sorted(known, key=len, reverse=True)]
        if len(home) > 1:
            self._pairs.append((f"{home}{os.sep}", "~/"))

    def __call__(self, text: object) -> str:
        """The text without them."""
        told = "" if text is None else str(text)
        for folder, instead in self._pairs:
            told = told.replace(folder, instead)
        return told
