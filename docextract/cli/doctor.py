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
    """Print the findings. Returns 1 where a model was named and its endpoint does not answer with this key."""
    found = findings()
    endpoint = _endpoint(values["model"], values["base_url"]) if values["model"] else None
    if endpoint is not None:
        found.append(endpoint)
    if values["json"]:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        _print(found)
    return int(endpoint is not None and not endpoint.ok)


def _print(found: list[Finding]) -> None:
    for finding in found:
        mark = "ok     " if finding.ok else "missing"
        print(f"{mark}  {finding.name:18} {finding.detail}")
        if not finding.ok and finding.mend:
            print(f"{'':9}{'':18} {finding.mend}")
    print("\nWith --model local nothing leaves this machine. With any other model, page images (or their text), the")
    print("schema and any --context or --examples go to that endpoint's host and nowhere else.")


def _endpoint(model: str, base_url: str | None) -> Finding:
    """Whether the endpoint of a model can be reached and takes the key. Asks for its list of models: costs nothing."""
    import httpx

    from docextract.errors import DocextractError
    from docextract.model.address import check_address, find_key
    from docextract.model.profiles import resolve

    try:
        profile = resolve(model, base_url=base_url)
        address = check_address(profile.base_url, allow_http=True)
        key = find_key(profile, address, os.environ)
        headers = {"Authorization": key.header(address.origin)} if key is not None else {}
        status = httpx.get(
            f"{address.base_url}/models", headers=headers, timeout=20, trust_env=False, follow_redirects=False
        ).status_code
    except DocextractError as error:
        return Finding(model, ok=False, detail=str(error), mend=error.hint)
    except httpx.HTTPError as error:
        return Finding(
            model, ok=False, detail=f"no answer: {type(error).__name__}", mend="check --base-url and network"
        )
    if status in {401, 403}:
        return Finding(
            model, ok=False, detail=f"{address.origin} refuses the key (HTTP {status})", mend="set another key"
        )
    # 404 is an answer too: not every endpoint lists its models.
    return Finding(model, ok=status < 500, detail=f"{address.origin} answers (HTTP {status})", mend="try again later")


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
