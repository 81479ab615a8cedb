"""Any filled-in form, field by field. Copy this file and name the fields that you know.

docextract run forms --schema form
{"title": "Application for leave", "number": "HR-12", "fields":
 [{"section": "Applicant", "label": "Surname", "value": "Berg", "kind": "text"},
  {"section": "Leave", "label": "Unpaid", "value": "X", "kind": "checkbox"}]}
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Evidence, Merge


class Entry(BaseModel):
    """One field of the form."""

    section: Annotated[
        str | None,
        Field(title="Section", description="The heading that the field stands under, as printed."),
        Aliases("Section", "Part", "Abschnitt", "Teil", "Partie", "Sección"),
    ] = None
    label: Annotated[
        str | None,
        Field(title="Label", description="The field's label as printed, without its colon and number."),
        Aliases("Label", "Field", "Question", "Feld", "Frage", "Champ", "Campo"),
    ] = None
    value: Annotated[
        str | None,
        Field(
            title="Value",
            description="What was filled in, as written; of boxes to tick the text of the one that is ticked; "
            "null where it was left empty.",
        ),
        Aliases("Value", "Answer", "Antwort", "Réponse", "Respuesta"),
    ] = None
    kind: Annotated[
        Literal["text", "date", "number", "checkbox", "choice", "signature"] | None,
        Field(title="Kind", description="What kind of field it is."),
        Evidence.inferred,
    ] = None


class Form(BaseModel):
    """A filled-in form: every field that it asks for, with what was entered."""

    model_config = ConfigDict(json_schema_extra={"x-reader": "fields", "x-auto": False})

    title: Annotated[
        str | None,
        Field(title="Title", description="Name of the form as printed at its head."),
        Aliases("Title", "Form", "Formular", "Formulaire", "Formulario", "Modulo"),
        Merge.first,
    ] = None
    number: Annotated[
        str | None,
        Field(title="Form number", description="The form's own number or edition as printed."),
        Aliases("Form number", "Form no.", "Form", "Formular-Nr.", "Formulaire n°", "Cerfa", "Formulario n.º"),
        Merge.first,
    ] = None
    date: Annotated[
        dt.date | None,
        Field(title="Date", description="Day on which it was filled in or signed."),
        Aliases("Date", "Date signed", "Datum", "Fecha", "Data"),
        Merge.last,
    ] = None
    fields: Annotated[
        list[Entry],
        Field(title="Fields", description="Every field in the order printed, empty ones too."),
        Aliases("Fields", "Felder", "Champs", "Campos", "Campi"),
    ] = []
