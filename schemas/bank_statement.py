"""A bank account's statement. Copy this file and change it as you like.

docextract run statements --schema bank_statement --model local
{"account_holder": "Ada Berg", "iban": "DE89...", "opening_balance": 120.5, "closing_balance": 95.5,
 "transactions": [{"date": "2024-05-02", "description": "Rent", "amount": -25.0, "balance": 95.5}]}
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Audit, Merge


class Transaction(BaseModel):
    """One movement of money."""

    date: Annotated[
        dt.date | None,
        Field(title="Date", description="Booking date of the movement."),
        Aliases("Date", "Booking date", "Posting date", "Datum", "Buchungstag", "Buchung", "Date opération", "Fecha",
                "Data"),
    ] = None  # fmt: skip
    value_date: Annotated[
        dt.date | None,
        Field(title="Value date", description="Day from which it counts, where it is printed beside the date."),
        Aliases("Value date", "Valuta", "Wertstellung", "Date valeur", "Fecha valor", "Data valuta", "Rentedatum"),
    ] = None
    description: Annotated[
        str | None,
        Field(title="Description", description="What it was for and with whom, as printed, in one line."),
        Aliases("Description", "Details", "Particulars", "Transaction", "Verwendungszweck", "Buchungstext", "Libellé",
                "Concepto", "Descrizione", "Omschrijving"),
    ] = None  # fmt: skip
    amount: Annotated[
        Decimal | None,
        Field(
            title="Amount",
            description="The amount with its sign: negative for money that left the account (debit, paid out, Soll).",
        ),
        Aliases("Amount", "Betrag", "Umsatz", "Montant", "Importe", "Importo", "Bedrag", "Debit", "Credit"),
    ] = None
    balance: Annotated[
        Decimal | None,
        Field(title="Balance", description="Balance after the movement, where it is printed on its row."),
        Aliases("Balance", "Running balance", "Saldo", "Kontostand", "Solde"),
    ] = None


class BankStatement(BaseModel):
    """A statement of a bank account: whose, from when to when, balances and every movement."""

    model_config = ConfigDict(title="Bank statement", json_schema_extra={"x-reader": "fields", "x-auto": False})

    bank: Annotated[
        str | None,
        Field(title="Bank", description="Name of the bank as printed."),
        Aliases("Bank", "Banque", "Banco", "Banca", "Kreditinstitut"),
    ] = None
    account_holder: Annotated[
        str | None,
        Field(title="Account holder", description="Whose account it is."),
        Aliases("Account holder", "Account name", "Kontoinhaber", "Titulaire", "Titular", "Intestatario"),
    ] = None
    account_number: Annotated[
        str | None,
        Field(title="Account number", description="The national account number as printed, where it is no IBAN."),
        Aliases("Account number", "Account no.", "Kontonummer", "Numéro de compte", "Número de cuenta"),
    ] = None
    iban: Annotated[
        str | None,
        Field(title="IBAN", description="IBAN without spaces."),
        Aliases("IBAN"),
        Audit.check_digits("iban"),
    ] = None
    currency: Annotated[
        str | None,
        Field(title="Currency", description="ISO 4217 code of the account's currency.", pattern=r"^[A-Z]{3}$"),
        Aliases("Currency", "Währung", "Devise", "Moneda", "Valuta"),
    ] = None
    statement_number: Annotated[
        str | None,
        Field(title="Statement number", description="Number of the statement as printed."),
        Aliases("Statement number", "Statement no.", "Auszug Nr.", "Kontoauszug", "Relevé n°", "Extracto"),
    ] = None
    period_start: Annotated[
        dt.date | None,
        Field(title="Period from", description="First day of the statement."),
        Aliases("From", "Period from", "Von", "Zeitraum von", "Du", "Desde", "Dal"),
        Merge.first,
    ] = None
    period_end: Annotated[
        dt.date | None,
        Field(title="Period to", description="Last day of the statement."),
        Aliases("To", "Period to", "Statement date", "Bis", "Au", "Hasta", "Al"),
        Merge.last,
        Audit.not_before("period_start"),
    ] = None
    opening_balance: Annotated[
        Decimal | None,
        Field(title="Opening balance", description="Balance before the first movement, with its sign."),
        Aliases("Opening balance", "Previous balance", "Balance brought forward", "Alter Kontostand", "Anfangssaldo",
                "Solde initial", "Saldo anterior", "Saldo iniziale", "Beginsaldo"),
        Merge.first,
    ] = None  # fmt: skip
    transactions: Annotated[
        list[Transaction],
        Field(title="Transactions", description="Every movement in the order printed; carried-over sums are none."),
        Aliases("Transactions", "Movements", "Umsätze", "Buchungen", "Opérations", "Movimientos", "Movimenti"),
    ] = []
    closing_balance: Annotated[
        Decimal | None,
        Field(title="Closing balance", description="Balance after the last movement, with its sign."),
        Aliases("Closing balance", "New balance", "Balance carried forward", "Neuer Kontostand", "Endsaldo",
                "Nouveau solde", "Saldo final", "Saldo finale", "Eindsaldo"),
        Merge.last,
        Audit.sum_of("opening_balance", "transactions/*/amount"),
    ] = None  # fmt: skip
