"""A contract: who agreed to what, from when, for how long. Copy this file and change it as you like.

docextract run contracts --schema contract
{"title": "Lease", "effective_date": "2024-03-01", "parties": [{"name": "Ada Berg", "role": "Tenant"}],
 "notice_period": "three months", "clauses": [{"number": "1", "heading": "Rent", "text": "..."}]}
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Audit, Merge


class Party(BaseModel):
    """One side of the contract."""

    name: Annotated[
        str | None,
        Field(title="Name", description="Full name as printed, legal form included."),
        Aliases("Name", "Party", "Vertragspartei", "Partie", "Parte"),
    ] = None
    role: Annotated[
        str | None,
        Field(title="Role", description="What the contract calls it: Tenant, Supplier, Auftraggeber."),
        Aliases("Hereinafter", "Referred to as", "Nachfolgend", "Ci-après", "En adelante"),
    ] = None
    address: Annotated[
        str | None,
        Field(title="Address", description="Address in one line."),
        Aliases("Address", "Registered office", "Anschrift", "Sitz", "Siège", "Domicilio"),
    ] = None
    signatory: Annotated[
        str | None,
        Field(title="Signatory", description="Who signs or signed for it, as printed."),
        Aliases("Signed by", "Represented by", "Vertreten durch", "Représentée par", "Representada por"),
    ] = None


class Clause(BaseModel):
    """One numbered part."""

    number: Annotated[
        str | None,
        Field(title="Number", description="Its number as printed, for instance 4.2 or § 7."),
        Aliases("Clause", "Section", "Article", "§", "Artikel", "Artículo"),
    ] = None
    heading: Annotated[
        str | None,
        Field(title="Heading", description="Its heading as printed."),
        Aliases("Heading", "Überschrift", "Titre", "Título"),
    ] = None
    text: Annotated[
        str | None,
        Field(title="Text", description="Its whole text as printed, without the parts that have numbers of their own."),
        Aliases("Text", "Texte", "Texto"),
    ] = None


class Contract(BaseModel):
    """A contract: parties, dates, money, how it ends, and its clauses."""

    model_config = ConfigDict(json_schema_extra={"x-reader": "fields", "x-auto": False})

    title: Annotated[
        str | None,
        Field(title="Title", description="What it is called at its head."),
        Aliases("Agreement", "Contract", "Vertrag", "Contrat", "Contrato", "Contratto"),
        Merge.first,
    ] = None
    number: Annotated[
        str | None,
        Field(title="Number", description="Number of the contract as printed."),
        Aliases("Contract number", "Agreement no.", "Vertragsnummer", "Contrat n°", "Contrato n.º"),
        Merge.first,
    ] = None
    date: Annotated[
        dt.date | None,
        Field(title="Date", description="Day on which it was made or signed."),
        Aliases("Date", "Dated", "Date of agreement", "Datum", "Fait le", "Fecha"),
        Merge.first,
    ] = None
    effective_date: Annotated[
        dt.date | None,
        Field(title="Effective date", description="Day from which it holds."),
        Aliases("Effective date", "Commencement date", "Start date", "Vertragsbeginn", "Date d'effet", "Inicio"),
        Merge.first,
    ] = None
    end_date: Annotated[
        dt.date | None,
        Field(title="End date", description="Day on which it ends, where one is printed."),
        Aliases("End date", "Expiry date", "Termination date", "Vertragsende", "Date de fin", "Vencimiento"),
        Merge.first,
        Audit.not_before("effective_date"),
    ] = None
    term: Annotated[
        str | None,
        Field(title="Term", description="For how long, as printed: two years, unbefristet."),
        Aliases("Term", "Duration", "Laufzeit", "Durée", "Duración", "Durata"),
        Merge.first,
    ] = None
    notice_period: Annotated[
        str | None,
        Field(title="Notice period", description="Notice needed to end it, as printed."),
        Aliases("Notice period", "Notice", "Kündigungsfrist", "Préavis", "Preaviso"),
        Merge.first,
    ] = None
    parties: Annotated[
        list[Party],
        Field(title="Parties", description="Every party in the order printed."),
        Aliases("Parties", "Between", "Zwischen", "Entre", "Tra"),
        Merge.by_key("name"),
    ] = []
    amount: Annotated[
        Decimal | None,
        Field(title="Amount", description="The price, rent or fee that is agreed, where there is one."),
        Aliases("Amount", "Price", "Fee", "Rent", "Vergütung", "Kaufpreis", "Miete", "Prix", "Precio"),
        Merge.first,
    ] = None
    currency: Annotated[
        str | None,
        Field(title="Currency", description="ISO 4217 code of the amount.", pattern=r"^[A-Z]{3}$"),
        Aliases("Currency", "Währung", "Devise", "Moneda"),
        Merge.first,
    ] = None
    payment_terms: Annotated[
        str | None,
        Field(title="Payment terms", description="When and how it is to be paid, as printed."),
        Aliases("Payment terms", "Payment", "Zahlungsbedingungen", "Modalités de paiement", "Forma de pago"),
        Merge.first,
    ] = None
    governing_law: Annotated[
        str | None,
        Field(title="Governing law", description="The law that applies, as printed."),
        Aliases("Governing law", "Applicable law", "Anwendbares Recht", "Droit applicable", "Ley aplicable"),
        Merge.first,
    ] = None
    clauses: Annotated[
        list[Clause],
        Field(title="Clauses", description="Every clause in the order printed."),
        Aliases("Clauses", "Terms and conditions", "Bestimmungen", "Articles", "Cláusulas"),
    ] = []
