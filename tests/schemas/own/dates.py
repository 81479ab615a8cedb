"""Dates, spans, pairs and sets."""

import datetime as dt

from pydantic import BaseModel


class When(BaseModel):
    day: dt.date | None = None
    at: dt.datetime | None = None
    took: dt.timedelta | None = None
    pair: tuple[int, str] | None = None
    bag: set[str] = set()
