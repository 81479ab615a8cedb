"""`docextract review OUT`: look, accept and correct in a browser. Corrections become gold files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docextract.cli.final import printable
from docextract.errors import ConfigError


def command(values: dict[str, Any]) -> int:
    """Serve until Ctrl-C."""
    from docextract.report.desk import Desk
    from docextract.report.server import HOST, ReviewServer

    out = Path(values["out"])
    gold = Path(values["gold"]) if values["gold"] else out / "gold"
    if not 0 <= values["port"] <= 65535:
        raise ConfigError(f"--port: {values['port']} is no port", hint="leave it out to take a free one")
    desk = Desk(out, gold)
    try:
        try:
            server = ReviewServer(desk, values["port"])
        except OSError as error:
            raise ConfigError(
                f"port {values['port']} of {HOST} cannot be used: {error.strerror}", hint="leave --port out"
            ) from error
        print(f"review    {server.url}", flush=True)
        print(f"gold      {printable(str(gold))}", flush=True)
        print("Ctrl-C ends it; every correction is saved at once", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
        finally:
            server.server_close()
    finally:
        desk.close()
    return 0
