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

from docextract.cli.colour import coloured


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what, whether it is there, what it is for, and how to get it.

    `group` is one of tools, packages, keys and endpoint. Only an endpoint that was asked for is ever needed.
    """

    name: str
    ok: bool
    detail: str
    mend: str = ""
    group: str = "packages"


_TOOLS = (
    ("pdftoppm", "second PDF renderer", "apt-get install poppler-utils"),
    ("soffice", "DOC, ODT, RTF, PPTX, XLSX and page images of Word files", "apt-get install libreoffice"),
    ("tesseract", "second OCR reader", "apt-get install tesseract-ocr"),
)
_PACKAGES = (
    ("rapidocr", "OCR of scans", "pip install 'docextract[local]'"),
    ("onnxruntime", "OCR of scans", "pip install 'docextract[local]'"),
    ("openpyxl", "tables as XLSX", "pip install 'docextract[table]'"),
    ("pyarrow", "collect to Parquet", "pip install 'docextract[table]'"),
    ("psycopg", "a ledger for several machines", "pip install 'docextract[postgres]'"),
    ("ray", "workers on a Ray cluster", "pip install 'docextract[ray]'"),
    ("fsspec", "inputs and outputs in buckets", "pip install 'docextract[cloud]'"),
)
_TITLES = {"packages": "Python", "tools": "programs", "keys": "keys", "endpoint": "endpoint"}


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
    width = max(len(finding.name) for finding in found)
    for group, title in _TITLES.items():
        members = [finding for finding in found if finding.group == group]
        if members:
            print(title)
        for finding in members:
            # A key of a provider that nobody asks is no fault.
            word, colour = (
                ("ok", "green") if finding.ok else ("unset", "dim") if group == "keys" else ("missing", "red")
            )
            print(f"  {coloured(f'{word:7}', colour)}  {finding.name:{width}}  {finding.detail}")
            if not finding.ok:
                print(f"  {'':7}  {'':{width}}  {finding.mend}")
    print()
    ocr = all(finding.ok for finding in found if finding.name in {"rapidocr", "onnxruntime"})
    print("Ready for: docextract run FOLDER --model local" + ("" if ocr else "  (not for scans: the OCR is missing)"))
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
        return Finding(model, False, str(error), error.hint, "endpoint")
    except httpx.HTTPError as error:
        told = f"{address.origin} does not answer: {type(error).__name__}"
        return Finding(model, False, told, "start the server, or check --base-url and the network", "endpoint")
    if status in {401, 403}:
        mend = f"export {key.variable}=... with a key of this endpoint" if key and key.variable else "pass another key"
        return Finding(model, False, f"{address.origin} refuses the key (HTTP {status})", mend, "endpoint")
    # 404 is an answer too: not every endpoint lists its models.
    return Finding(model, status < 500, f"{address.origin} answers (HTTP {status})", "try again later", "endpoint")


def findings() -> list[Finding]:
    """What is there. Keys are reported as set or not, never shown."""
    from docextract.model.profiles import known

    found = [Finding("python", True, platform.python_version())]
    for name, purpose, mend in _PACKAGES:
        there = importlib.util.find_spec(name) is not None
        version = f" ({importlib.metadata.version(name)})" if there else ""
        found.append(Finding(name, there, purpose + version, mend))
    for name, purpose, mend in _TOOLS:
        path = shutil.which(name)
        found.append(Finding(name, path is not None, f"{purpose} ({path})" if path else purpose, mend, "tools"))
    keys = {profile.provider: profile.key_env for profile in known() if profile.key_env}
    for provider, variables in keys.items():
        set_ = next((variable for variable in variables if os.environ.get(variable)), None)
        name = set_ or variables[0]
        found.append(Finding(name, set_ is not None, f"key for {provider}/...", f"export {name}=...", "keys"))
    return found
