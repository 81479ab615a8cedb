"""A letter or e-mail on paper. Copy this file and change it as you like.

docextract run post --schema letter
{"date": "2024-05-02", "sender": {"name": "Town Hall"}, "recipient": {"name": "Ada Berg"},
 "subject": "Your application", "salutation": "Dear Ms Berg,", "body": ["Thank you for ..."]}
"""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Merge


class Correspondent(BaseModel):
    """Who writes, or who is written to."""

    name: Annotated[
        str | None,
        Field(title="Name", description="Person as printed; the organisation where no person is named."),
        Aliases("Name", "From", "To", "Attention", "Von", "An", "De", "À", "Para"),
    ] = None
    organisation: Annotated[
        str | None,
        Field(title="Organisation", description="Company, office or association as printed."),
        Aliases("Company", "Organisation", "Firma", "Société", "Empresa"),
    ] = None
    address: Annotated[
        str | None,
        Field(title="Address", description="Postal address in one line."),
        Aliases("Address", "Anschrift", "Adresse", "Dirección", "Indirizzo"),
    ] = None
    email: Annotated[
        str | None,
        Field(title="E-mail", description="E-mail address."),
        Aliases("E-mail", "Email", "Mail"),
    ] = None
    phone: Annotated[
        str | None,
        Field(title="Phone", description="Telephone number as printed."),
        Aliases("Phone", "Tel.", "Telephone", "Telefon", "Téléphone", "Teléfono"),
    ] = None


class Letter(BaseModel):
    """A letter: from whom, to whom, when, about what, and its text."""

    model_config = ConfigDict(json_schema_extra={"x-reader": "fields", "x-auto": False})

    date: Annotated[
        dt.date | None,
        Field(title="Date", description="Date of the letter."),
        Aliases("Date", "Datum", "Le", "Fecha", "Data"),
        Merge.first,
    ] = None
    sender: Annotated[
        Correspondent | None,
        Field(title="Sender", description="Who wrote it."),
        Aliases("Sender", "From", "Absender", "Von", "Expéditeur", "Remitente", "Mittente", "Afzender"),
    ] = None
    recipient: Annotated[
        Correspondent | None,
        Field(title="Recipient", description="To whom it was written."),
        Aliases("Recipient", "To", "Empfänger", "An", "Destinataire", "Destinatario", "Aan"),
    ] = None
    reference: Annotated[
        str | None,
        Field(title="Reference", description="Reference or file number as printed."),
        Aliases("Reference", "Our ref.", "Your ref.", "Unser Zeichen", "Aktenzeichen", "Nos réf.", "Referencia"),
        Merge.first,
    ] = None
    subject: Annotated[
        str | None,
        Field(title="Subject", description="The subject line as printed."),
        Aliases("Subject", "Re", "Betreff", "Objet", "Asunto", "Oggetto", "Onderwerp"),
        Merge.first,
    ] = None
    salutation: Annotated[
        str | None,
        Field(title="Salutation", description="How the recipient is addressed, as printed."),
        Aliases("Dear", "Sehr geehrte", "Madame, Monsieur", "Estimado", "Gentile", "Geachte"),
        Merge.first,
    ] = None
    body: Annotated[
        list[str],
        Field(title="Body", description="The text between salutation and closing, one item a paragraph, as printed."),
        Aliases("Text", "Body"),
    ] = []
    closing: Annotated[
        str | None,
        Field(title="Closing", description="The closing phrase as printed."),
        Aliases("Yours sincerely", "Kind regards", "Mit freundlichen Grüßen", "Cordialement", "Atentamente"),
        Merge.last,
    ] = None
    signed_by: Annotated[
        list[str],
        Field(title="Signed by", description="Names below the closing, as printed, with their office."),
        Aliases("Signed", "Signature", "Unterschrift", "Firma"),
        Merge.union,
    ] = []
    enclosures: Annotated[
        list[str],
        Field(title="Enclosures", description="What is said to be enclosed, one item each."),
        Aliases("Enclosures", "Encl.", "Attachments", "Anlagen", "Pièces jointes", "Anexos", "Allegati"),
        Merge.union,
    ] = []
