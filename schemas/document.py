"""The text of a document in its sections, also as one Markdown file. Copy this file and change it as you like.

docextract run papers --schema document
{"title": "Rivers", "sections": [{"level": 1, "heading": "North", "text": "The river ..."}]}
and paper.pdf.document.md: "# Rivers", "## North", "The river ..."
"""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Evidence, Merge


class Section(BaseModel):
    """A heading and the text up to the next heading."""

    level: Annotated[
        int | None,
        Field(title="Level", description="1 for a chapter, 2 for a part of one, at most 6.", ge=1, le=6),
        Evidence.inferred,
    ] = None
    heading: Annotated[
        str | None,
        Field(
            title="Heading", description="The heading as printed; null for text before the first or from a page before."
        ),
        Aliases("Heading", "Chapter", "Section", "Kapitel", "Chapitre", "Capítulo"),
    ] = None
    text: Annotated[
        str | None,
        Field(
            title="Text",
            description="The text as Markdown: paragraphs parted by an empty line, lists with -, tables as Markdown "
            "tables; words as printed, page headers, footers and page numbers left out.",
        ),
        Aliases("Text"),
    ] = None


class Document(BaseModel):
    """A document to be read or written from: title, authors, and every section with its text."""

    model_config = ConfigDict(json_schema_extra={"x-artifacts": ["markdown"], "x-auto": False})

    title: Annotated[
        str | None,
        Field(title="Title", description="Title as printed."),
        Aliases("Title", "Titel", "Titre", "Título", "Titolo"),
        Merge.first,
    ] = None
    authors: Annotated[
        list[str],
        Field(title="Authors", description="Names of the authors as printed."),
        Aliases("Author", "By", "Autor", "Auteur", "Autore"),
        Merge.union,
    ] = []
    date: Annotated[
        dt.date | None,
        Field(title="Date", description="Day of publication."),
        Aliases("Date", "Published", "Datum", "Fecha", "Data"),
        Merge.first,
    ] = None
    sections: Annotated[
        list[Section],
        Field(title="Sections", description="Every section in reading order; together they hold the whole text."),
        Aliases("Contents", "Inhalt", "Sommaire", "Índice"),
    ] = []
