"""LibreOffice without a window: old and other office files become PDFs."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from pathlib import Path

from docextract.errors import InputError, PageError
from docextract.pages.preflight import check_archive
from docextract.types import Kind

DEADLINE_S = 50.0
"""Seconds for one conversion; the first start of a fresh profile takes about 5 of them."""

ZIPPED: frozenset[Kind] = frozenset({"docx", "odt", "pptx", "xlsx"})
_MANIFEST = "META-INF/manifest.xml"
_NAMES = ("soffice", "libreoffice")
_PLACES = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("/usr/lib/libreoffice/program/soffice"),
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetNoProxy" oor:op="fuse"><value></value></prop></item>
</oor:items>
"""
"""No link is followed, no macro runs, and what is fetched all the same goes to a proxy that is not there (port 9)."""

SUFFIX: dict[str, str] = {kind: f".{kind}" for kind in ("doc", "docx", "odt", "rtf", "pptx", "xlsx")}


def soffice_path() -> str | None:
    """LibreOffice's program, or None where it is not installed."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((str(place) for place in _PLACES if place.is_file()), None)


def convert(path: str | Path, kind: Kind, out_dir: str | Path, deadline_s: float = DEADLINE_S) -> Path:
    """The file as a PDF in `out_dir` (made if need be).

    It runs in its own process group with a profile of its own, so that no window, no lock and no macro
    setting of the user is touched and nothing that the file names is fetched, and is killed with all its
    children after `deadline_s` seconds.
    InputError missing_tool, encrypted or corrupt; PageError render_timed_out.
    """
    program = soffice_path()
    if program is None:
        raise InputError(
            f"a {kind} file needs LibreOffice, which is not installed",
            code="missing_tool",
            hint="install LibreOffice (`apt install libreoffice`), or save the file as PDF or DOCX",
        )
    if kind in ZIPPED:
        check_archive(path)
    if kind == "odt" and _is_locked(path):
        raise InputError(
            "the odt file is encrypted, and its kind of password cannot be given",
            code="encrypted",
            hint="open it in LibreOffice and save it without a password",
        )
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="docextract-office-") as work:
        # Its own name, so that no odd character and no wrong extension reaches the command line.
        source = Path(work) / f"document{SUFFIX.get(kind, '')}"
        shutil.copyfile(path, source)
        profile = Path(work) / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
            "--convert-to", "pdf", "--outdir", work, str(source),
        ]  # fmt: skip
        said = _run(command, deadline_s)
        made = Path(work) / "document.pdf"
        if not made.is_file() or made.stat().st_size == 0:
            told = " ".join(said.split())[-200:]
            if "password" in told.lower():
                raise InputError(f"the {kind} file is encrypted", code="encrypted")
            raise InputError(f"LibreOffice cannot convert the {kind} file ({told or 'it said nothing'})")
        target = out / f"{Path(path).stem[:100]}.pdf"
        shutil.move(made, target)
    return target


def _is_locked(path: str | Path) -> bool:
    """Whether an OpenDocument file says in its manifest that its parts are encrypted (ODF 1.3 part 2, 3.4.1)."""
    with zipfile.ZipFile(path) as archive:  # looked through just before
        names = set(archive.namelist()) & {_MANIFEST}
        return any(b"encryption-data" in archive.read(name) for name in names)


def _run(command: list[str], deadline_s: float) -> str:
    """Run to the end or kill the whole group. What it printed."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            printed, _ = process.communicate(timeout=deadline_s)
        except subprocess.TimeoutExpired as error:
            raise PageError(
                f"LibreOffice took longer than {deadline_s:.0f} s", code="render_timed_out", scope="file"
            ) from error
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return printed.decode("utf-8", "replace")
