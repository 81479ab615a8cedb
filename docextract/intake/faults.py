"""What is wrong with a file of no use, in words for a person."""

from __future__ import annotations

from docextract.errors import CODES
from docextract.intake.sniff import Sniffed
from docextract.types import Fault

EMPTY = Fault(code="empty_file", message="the file has no bytes", hint=CODES["empty_file"])


def fault_of(told: Sniffed) -> Fault | None:
    """What is wrong, then what to do: a foreign kind's detail carries both, parted by a colon. None where sound."""
    if told.kind != "unsupported":
        return None
    if told.code == "corrupt":
        return Fault(code="corrupt", message=told.detail, hint=CODES["corrupt"])
    what, _, advice = told.detail.partition(": ")
    return Fault(code=told.code, message=f"this is {what}", hint=advice or CODES[told.code])


def unreadable(message: str) -> Fault:
    """A file that is there and cannot be read."""
    return Fault(code="unreadable", message=message, hint=CODES["unreadable"])
