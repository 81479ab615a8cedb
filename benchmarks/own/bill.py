"""A user's own schema for bills, in the place of the built-in one: fewer fields, other names."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from docextract import Aliases


class Line(BaseModel):
    """One row of the bill."""

    article: Annotated[str | None, Aliases("Description", "Bezeichnung")] = None
    amount: Annotated[Decimal | None, Aliases("Amount", "Betrag")] = None


class Bill(BaseModel):
    """A bill of a supplier."""

    bill_number: Annotated[str | None, Aliases("Invoice no.", "Rechnungsnummer", "Facture no")] = None
    supplier: Annotated[str | None, Field(description="Who is to be paid.")] = None
    billed_on: Annotated[dt.date | None, Aliases("Invoice date", "Rechnungsdatum", "Date de facture")] = None
    total: Annotated[Decimal | None, Field(description="Tax included."), Aliases("Grand total", "Gesamtbetrag")] = None
    tax: Annotated[Decimal | None, Aliases("VAT", "MwSt", "TVA")] = None
    lines: list[Line] = []
