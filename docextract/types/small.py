"""Plain values held in few bytes for a while, by this process and for it alone."""

from __future__ import annotations

import marshal
import zlib
from typing import Any


def small(value: Any) -> bytes:
    """Lists, tuples, objects, texts, numbers and None, packed. Raises ValueError for anything else in them."""
    # Never read by another interpreter than this one: marshal's form may change with it.
    return zlib.compress(marshal.dumps(value), 1)


def whole(packed: bytes) -> Any:
    """What `small` was given."""
    return marshal.loads(zlib.decompress(packed))  # noqa: S302 - made by this very process
