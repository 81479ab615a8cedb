"""The page around the data: one file, its script and style named by digest, nothing fetched, nothing evaluated."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from docextract.types import Json

STYLES = ("tokens.css", "frame.css", "table.css", "document.css", "review.css")
SCRIPTS = (
    "dom.js", "data.js", "list.js", "plots.js", "glance.js", "table.js", "values.js", "sheet.js",
    "document.js", "edits.js", "review.js", "main.js",
)  # fmt: skip
"""In the order they are joined: plain scripts in one scope, each using what stands before it."""

_FOLDER = Path(__file__).parent / "page"


@cache
def style() -> str:
    """The whole style sheet."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in STYLES)


@cache
def script() -> str:
    """The whole script, in a scope of its own."""
    parts = "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();\n'


def policy(*, served: bool) -> str:
    """The Content-Security-Policy: this script and this style, pictures from the page, and nothing else.

    `served` also allows the review server that the page came from. Nothing may be framed, posted or loaded.
    """
    own = " 'self'" if served else ""
    rules = [
        "default-src 'none'",
        f"script-src '{_digest(script())}'",
        f"style-src '{_digest(style())}'",
        f"img-src data:{own}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join([*rules, *(["connect-src 'self'"] if served else [])])


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def safe_json(value: Json) -> str:
    """JSON that can stand in a script element whatever it holds: no `<`, so no tag and no comment begins in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").encode("utf-8", "replace").decode()


def data(name: str, text: str) -> str:
    """A block of data under an id; `text` is from `safe_json` (or base64 in quotes)."""
    return f'<script type="application/json" id="{name}">{text}</script>\n'


def opening(*, served: bool) -> str:
    """From the doctype to where the data begins."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(served=served)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>docextract</title>\n<style>{style()}</style>\n</head>\n<body>\n"
        '<div id="app"></div>\n<noscript>This page shows its data with a script of its own; nothing is loaded '
        "from anywhere. Allow scripts to read it, or read run.json and the .meta.json files beside it.</noscript>\n"
    )


def closing() -> str:
    """After the data."""
    return f"<script>{script()}</script>\n</body>\n</html>\n"
