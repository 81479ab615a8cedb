"""`python -m docextract.cluster.launch`: the process that talks to Ray, one JSON line an event on standard output.

It stands between the run and the cluster because Ray ends the process that it is part of when the
cluster goes away: the run itself lives on, sums up, and says how to go on. Its order comes as JSON in
the one argument; SIGTERM drains, and so does the death of the run.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
from typing import Any

from docextract.cluster.stopped import stopped_event
from docextract.errors import ConfigError, DocextractError

CONNECT_S = 60.0
_PORT_S = 10.0


def main(text: str) -> int:
    """Connect, place, work. Returns the exit code; what went wrong is an event."""
    say = _take_standard_output()
    request = json.loads(text)
    try:
        _connect(request["address"], say)
        from docextract.cluster.fleet import Fleet, Order

        order = request["order"]
        fleet = Fleet(Order(**{**order, "paths": tuple(order["paths"])}), say)
        signal.signal(signal.SIGTERM, lambda *_: fleet.stop())
        fleet.place()
        fleet.work()
    except DocextractError as error:
        say(stopped_event(error))
        return error.exit_code
    import ray

    ray.shutdown()
    return 0


def _take_standard_output() -> Any:
    """Only events go to the pipe: what Ray prints goes to standard error."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lock = threading.Lock()

    def say(event: dict[str, Any]) -> None:
        with lock:
            print(json.dumps(event), file=pipe, flush=True)

    return say


def _connect(address: str, say: Any) -> None:
    """Join the cluster at `address`, or with `auto` the one of this machine, started if there is none."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a run tells nobody that it runs
    os.environ.setdefault("RAY_DEDUP_LOGS", "0")
    try:
        import ray
    except ImportError as error:
        raise ConfigError(f"--ray: Ray cannot be used: {error}", hint="pip install 'docextract[ray]'") from error
    _knock(address)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "namespace": "docextract"}
    # The call cannot be interrupted, and an address where nothing fits is tried for minutes.
    watch = threading.Timer(CONNECT_S, _too_late, (address, say))
    watch.daemon = True
    watch.start()
    try:
        ray.init(address=address, **quiet)
    except ConnectionError as error:
        if address != "auto":
            raise ConfigError(
                f"--ray {address}: no cluster answers: {error}", hint="check the address with `ray status`"
            ) from error
        ray.init(include_dashboard=False, object_store_memory=100 << 20, **quiet)  # pages never go through Ray
    except (RuntimeError, ValueError) as error:
        raise ConfigError(f"--ray {address}: {error}", hint="the cluster needs the same Ray and Python") from error
    finally:
        watch.cancel()


def _knock(address: str) -> None:
    """Raises ConfigError at once where nothing listens at HOST:PORT."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if address == "auto":
        return
    if not host or not port.isdecimal():
        raise ConfigError(f"--ray {address}: not an address", hint="type --ray HOST:6379, or --ray auto")
    try:
        socket.create_connection((host, int(port)), timeout=_PORT_S).close()
    except OSError as error:
        raise ConfigError(
            f"--ray {address}: nothing answers there: {error.strerror or error}",
            hint="start the head with `ray start --head`, or check the address",
        ) from error


def _too_late(address: str, say: Any) -> None:
    message = f"--ray {address}: the cluster did not take us in within {CONNECT_S:.0f} s"
    hint = "check the address with `ray status`; firewalls must let Ray's ports through"
    say(stopped_event(ConfigError(message, hint=hint)))
    os._exit(ConfigError.exit_code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
