"""The messages between a pool and its children: a length-prefixed JSON header, then raw blobs. No pickle.

    4 bytes   length of the header, big-endian
    header    UTF-8 JSON object; its key `blobs` lists the length of every blob
    blobs     one after the other

Strings may carry undecodable file name bytes as surrogates: JSON escapes them, so they survive.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

from docextract.pages.limits import BLOB_BYTES, HEADER_BYTES

PREFIX_BYTES = 4


class ChannelError(Exception):
    """A message that cannot be one: the other side wrote something else on the channel, or too much."""


def pack(header: dict[str, Any], blobs: Sequence[bytes]) -> list[bytes]:
    """A message as the pieces to write, blobs not copied."""
    text = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}, ensure_ascii=True).encode("ascii")
    if len(text) > HEADER_BYTES or sum(map(len, blobs)) > BLOB_BYTES:
        raise ChannelError("message larger than the channel takes")
    return [struct.pack(">I", len(text)) + text, *blobs]


def header_length(prefix: bytes) -> int:
    """Length of the header that follows; ChannelError where it cannot be one."""
    (length,) = struct.unpack(">I", prefix)
    if not 2 <= length <= HEADER_BYTES:
        raise ChannelError("not a message")
    return int(length)


def unpack_header(data: bytes) -> tuple[dict[str, Any], list[int]]:
    """The header and the lengths of the blobs that follow; ChannelError where it is none."""
    try:
        header = json.loads(data)
        sizes = header.pop("blobs")
    except (ValueError, RecursionError, KeyError, AttributeError, TypeError) as error:
        raise ChannelError("not a message") from error
    if not isinstance(sizes, list) or not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise ChannelError("not a message")
    if sum(sizes) > BLOB_BYTES:
        raise ChannelError("message larger than the channel takes")
    return header, sizes
