"""Every table of a document, cell by cell. Copy this file and change it as you like."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Evidence, Merge


class Table(BaseModel):
    """One table; one that goes on over a page break is one table, its repeated header left out."""

    title: Annotated[
        str | None,
        Field(title="Title", description="The caption as printed above or below the table."),
        Aliases("Table", "Tabelle", "Tableau", "Tabla", "Tabella", "Tabel"),
    ] = None
    pages: Annotated[
        list[int],
        Field(title="Pages", description="Numbers of the pages that the table stands on, 1-based."),
        Aliases("Page", "Seite", "Página", "Pagina"),
        Evidence.inferred,
    ] = []
    header: Annotated[
        list[list[str | None]],
        Field(
            title="Header rows",
            description="The header rows as printed, each with one cell per column. A spanning cell stands once, in "
            "its first column and row; null where a cell is empty or covered.",
        ),
        Aliases("Header", "Kopfzeile", "En-tête", "Encabezado", "Intestazione", "Koptekst"),
    ] = []
    columns: Annotated[
        list[str],
        Field(title="Columns", description="One name per column: the header cells above it joined by ' / '."),
        Aliases("Column", "Spalte", "Colonne", "Columna", "Colonna", "Kolom"),
        Evidence.inferred,
    ] = []
    rows: Annotated[
        list[list[str | None]],
        Field(
            title="Rows",
            description="Every body row in order, each with one cell per column: the text as printed, null where "
            "empty. Totals and subheadings are rows too.",
        ),
        Aliases("Row", "Zeile", "Ligne", "Fila", "Riga", "Rij"),
    ] = []
    notes: Annotated[
        list[str],
        Field(title="Notes", description="Footnotes and source lines that belong to the table, as printed."),
        Aliases("Note", "Source", "Anmerkung", "Quelle", "Remarque", "Nota", "Fuente", "Fonte", "Bron"),
    ] = []


class Tables(BaseModel):
    """Every table of the document in reading order, cells as text exactly as printed."""

    # Cells as printed in a CSV file for each table, numbers as numbers in one workbook.
    model_config = ConfigDict(
        json_schema_extra={"x-reader": "tables", "x-artifacts": [{"csv": {"numbers": False}}, "xlsx"]}
    )

    tables: Annotated[
        list[Table],
        Field(title="Tables", description="Every table in reading order."),
        Aliases("Tables", "Tabellen", "Tableaux", "Tablas", "Tabelle"),
        Merge.continued("rows", header="header", pages="pages"),
    ] = []
