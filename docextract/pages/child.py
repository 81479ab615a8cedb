"""What runs in a child: `python -m docextract.pages.child KIND` reads a message, answers it, and waits for the next.

The channel comes in as standard input and output and is moved away at once, so that native code that prints
cannot write on it. The child leaves when its channel closes or its parent dies, and holds itself to a memory
ceiling. Anything that goes wrong in a handler goes back as data.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

if sys.platform == "linux":
    import fcntl

from docextract.errors import CODES, DocextractError
from docextract.pages.bounds import bound, how_to_raise, use
from docextract.pages.channel import PREFIX_BYTES, header_length, pack, unpack_header
from docextract.pages.limits import FILE_BYTES, LIMITS_VARIABLE, OPEN_FILES
from docextract.types import Fault

MODULES = {"render": "docextract.read.visit", "read": "docextract.read.service"}
"""The module whose `handle(op, args, blobs) -> (result, blobs)` answers, by KIND. Any other KIND is a module's name."""

PIPE_BYTES = 1 << 20  # as much as Linux grants anybody
PR_SET_PDEATHSIG = 1  # linux/prctl.h

Handle = Callable[[str, dict[str, Any], list[bytes]], tuple[dict[str, Any], list[bytes]]]


def main(argv: list[str]) -> int:
    """KIND, memory ceiling in MiB, the parent's process id. Returns when the channel is closed."""
    kind, memory_mb, parent = argv[1], int(argv[2]), int(argv[3])
    incoming, outgoing = _take_channel()
    _die_with(parent)
    _limit(memory_mb)
    gc.set_threshold(20_000)  # words are many objects and no cycles
    use(json.loads(os.environ.get(LIMITS_VARIABLE, "{}")))
    handle: Handle = importlib.import_module(MODULES.get(kind, kind)).handle
    _write(outgoing, {"hello": kind}, [])
    while (request := _read(incoming)) is not None:
        header, blobs = request
        answer, answer_blobs = _answer(handle, header, blobs)
        del blobs, request
        _write(outgoing, answer, answer_blobs)
    return 0


def _answer(handle: Handle, header: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        result, result_blobs = handle(header["op"], header["args"], blobs)
    except DocextractError as error:
        return {"fault": fault_data(error.fault), "retryable": error.retryable}, []
    except MemoryError:
        name = "read_memory" if "read" in sys.argv[1:2] else "render_memory"
        message = f"needs more memory than the limit {name} of {bound(name):,} bytes"
        fault = Fault(code="limit_reached", message=message, hint=how_to_raise(name))
        return {"fault": fault_data(fault), "retryable": False, "spent": True}, []
    except Exception as error:  # noqa: BLE001  the top of the child: what a parser raises on hostile bytes is open-ended
        message = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        fault = Fault(code="corrupt", message=f"cannot be read ({message})", hint=CODES["corrupt"])
        return {"fault": fault_data(fault), "retryable": False, "spent": True}, []
    return {"result": result}, result_blobs


def fault_data(fault: Fault) -> dict[str, str]:
    """A Fault as a JSON object."""
    return {"code": fault.code, "message": fault.message, "hint": fault.hint, "scope": fault.scope}


def _take_channel() -> tuple[BinaryIO, BinaryIO]:
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    if sys.platform == "linux":  # a page in one or two pieces; in many where the system grants no more
        with contextlib.suppress(OSError):
            fcntl.fcntl(outgoing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what is printed goes where errors go: the parent keeps its last lines
    os.close(nothing)
    return incoming, outgoing


def _die_with(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to decide
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent and os.getppid() == 1:  # it died before the call above could take hold
            raise SystemExit(0)


def _limit(memory_mb: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    ceiling = memory_mb << 20
    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, OPEN_FILES), (resource.RLIMIT_FSIZE, FILE_BYTES)]
    if sys.platform == "linux":  # elsewhere the call succeeds and means nothing, or refuses
        limits.append((resource.RLIMIT_AS, ceiling))
    for name, value in limits:
        _, hard = resource.getrlimit(name)
        resource.setrlimit(name, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _read(incoming: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    prefix = incoming.read(PREFIX_BYTES)
    if len(prefix) < PREFIX_BYTES:
        return None
    header, sizes = unpack_header(incoming.read(header_length(prefix)))
    return header, [incoming.read(size) for size in sizes]


def _write(outgoing: BinaryIO, header: dict[str, Any], blobs: list[bytes]) -> None:
    for piece in pack(header, blobs):
        view = memoryview(piece)
        while view:
            view = view[outgoing.write(view) :]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv))
