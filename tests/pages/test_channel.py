from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.pages.channel import PREFIX_BYTES, ChannelError, header_length, pack, unpack_header

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text().filter(lambda key: key != "blobs"), VALUES), st.lists(st.binary()))
def test_what_is_packed_is_unpacked(header: dict[str, object], blobs: list[bytes]) -> None:
    wire = b"".join(pack(header, blobs))
    length = header_length(wire[:PREFIX_BYTES])
    got, sizes = unpack_header(wire[PREFIX_BYTES : PREFIX_BYTES + length])
    assert got == header
    assert sizes == [len(blob) for blob in blobs]
    assert wire[PREFIX_BYTES + length :] == b"".join(blobs)


def test_names_of_undecodable_bytes_survive() -> None:
    wire = b"".join(pack({"path": "/a/\udcff\udcfe\n"}, []))
    assert unpack_header(wire[PREFIX_BYTES:])[0] == {"path": "/a/\udcff\udcfe\n"}


@pytest.mark.parametrize(
    "sizes", [[1 << 40], [-1], ["3"], None, [1 << 29, 1 << 29]], ids=["huge", "negative", "text", "none", "sum"]
)
def test_sizes_that_make_no_sense_are_refused(sizes: object) -> None:
    with pytest.raises(ChannelError):
        unpack_header(json.dumps({"blobs": sizes}).encode())


@pytest.mark.parametrize("data", [b"\xff", b"[]", b"{}", b"[" * 100_000])
def test_what_is_no_header_is_refused(data: bytes) -> None:
    with pytest.raises(ChannelError):
        unpack_header(data)


@pytest.mark.parametrize("prefix", [b"\0\0\0\0", b"\xff\xff\xff\xff"])
def test_lengths_that_cannot_be_are_refused(prefix: bytes) -> None:
    with pytest.raises(ChannelError):
        header_length(prefix)
