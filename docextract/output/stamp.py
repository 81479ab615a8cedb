"""How a file is known again that was written: what the journal keeps of every output."""

from __future__ import annotations

from typing import Any

Stamp = list[Any]
"""[size, mtime_ns, sha256] of a file as it was written."""
