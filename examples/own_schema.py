"""Your own schema, one document: `python examples/own_schema.py [FILE]`. No key, no network.

The model's field names, descriptions and aliases are what is looked for; what is not on the page stays None.
"""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from docextract import Aliases, extract


class Position(BaseModel):
    """One row of the table."""

    article: Annotated[str | None, Aliases("Description", "Bezeichnung")] = None
    amount: Annotated[Decimal | None, Aliases("Amount", "Betrag")] = None


class Bill(BaseModel):
    """What a bookkeeper wants to know of a bill."""

    bill_number: Annotated[str | None, Aliases("Invoice number", "Rechnungsnummer")] = None
    pay_until: Annotated[date | None, Aliases("Due date", "Fällig am")] = None
    total: Annotated[
        Decimal | None, Field(description="What is to be paid, tax included."), Aliases("Gesamtbetrag")
    ] = None
    iban: str | None = None
    positions: list[Position] = []


file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "inbox" / "invoice-german.pdf"
result = extract(file, Bill, model="local")
print(result.state, *(f"page {page.page}: {page.state}" for page in result.pages))
print(result.data.model_dump_json(indent=2) if result.data else result.error)
for item in result.evidence:
    print(f"{item.path:22} {item.status:10} page {item.page}  {item.quote}")
