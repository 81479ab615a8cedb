"""`docextract doctor`: what is installed, which keys are set, and the command that mends what is missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what, whether it is there, what it is for, and how to get it."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


_TOOLS = (
    ("pdftoppm", "second PDF renderer", "apt-get install poppler-utils"),
    ("soffice", "DOC, ODT, RTF, PPTX, XLSX and page images of Word files", "apt-get install libreoffice"),
    ("tesseract", "second OCR reader", "apt-get install tesseract-ocr"),
)
_PACKAGES = (
    ("rapidocr", "OCR of scans", "pip install 'docextract[local]'"),
    ("onnxruntime", "OCR of scans", "pip install 'docextract[local]'"),
    ("openpyxl", "collect to XLSX", "pip install 'docextract[table]'"),
    ("pyarrow", "collect to Parquet", "pip install 'docextract[table]'"),
)
_KEYS = (
    "ZAI_API_KEY",
    "OPENAI_API_KEY",
    "OPENROUTER_API_KEY",
    "ANTHROPIC_API_KEY",
    "GEMINI_API_KEY",
    "MISTRAL_API_KEY",
)


def command(values: dict[str, Any]) -> int:
    """Print the findings; returns 0: everything listed is optional for the embedded engine on born-digital files."""
    found = findings()
    if values["json"]:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
        return 0
    for finding in found:
        mark = "ok     " if finding.ok else "missing"
        print(f"{mark}  {finding.name:14} {finding.detail}")
        if not finding.ok and finding.mend:
            print(f"{'':9}{'':14} {finding.mend}")
    print("\nWith --model local nothing leaves this machine. With any other model, page images (or their text)")
    print("and the schema are sent to that endpoint's host and nowhere else.")
    return 0


def findings() -> list[Finding]:
    """What is there. Keys are reported as set or not, never shown."""
    found = [Finding("python", True, platform.python_version())]
    for name, purpose, mend in _TOOLS:
        path = shutil.which(name)
        found.append(Finding(name, path is not None, f"{purpose} ({path})" if path else purpose, mend))
    for name, purpose, mend in _PACKAGES:
        there = importlib.util.find_spec(name) is not None
        version = f" ({importlib.metadata.version(name)})" if there else ""
        found.append(Finding(name, there, purpose + version, mend))
    found += [Finding(key, bool(os.environ.get(key)), "key for its provider", f"export {key}=...") for key in _KEYS]
    return found
