"""Whole runs against the fake endpoint, as the tests of the room `run` make them."""

from __future__ import annotations

from tests.run.conftest import few, make_shelf, planned, run, shelf, start

__all__ = ["few", "make_shelf", "planned", "run", "shelf", "start"]
