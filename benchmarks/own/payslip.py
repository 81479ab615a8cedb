"""A user's own schema that fits none of the documents."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel

from docextract import Aliases


class Payslip(BaseModel):
    """A month's pay of one person."""

    employee: Annotated[str | None, Aliases("Employee", "Mitarbeiter")] = None
    staff_number: Annotated[str | None, Aliases("Employee ID", "Personalnummer")] = None
    paid_on: Annotated[dt.date | None, Aliases("Pay date", "Zahltag")] = None
    gross: Annotated[Decimal | None, Aliases("Gross pay", "Brutto")] = None
    net: Annotated[Decimal | None, Aliases("Net pay", "Netto")] = None
    tax_class: Annotated[str | None, Aliases("Tax code", "Steuerklasse")] = None
