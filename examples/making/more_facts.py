"""What the example reports, lists and the API page say. See facts.py."""

from __future__ import annotations

from random import Random

from making.facts import Facts


def table(title: str, pages: list[int], columns: list[str], rows: list[list[str | None]]) -> Facts:
    """One table as the `tables` schema has it, with a single header row."""
    return {
        "title": title,
        "pages": pages,
        "header": [list(columns)],
        "columns": list(columns),
        "rows": rows,
        "notes": [],
    }


def _readings() -> list[list[str | None]]:
    """Forty-six rows of a measuring round, some cells empty: enough for a second page."""
    dice = Random(7)
    places = ("Alder Weir", "Birch Ford", "Cold Spring", "Deer Bridge", "Elm Sluice", "Fox Pool")
    rows: list[list[str | None]] = []
    for number in range(46):
        day = f"2024-{4 + number // 16:02d}-{1 + (number * 2) % 28:02d}"
        oxygen = f"{dice.uniform(6.1, 11.9):.1f}" if number % 9 != 4 else None
        rows.append(
            [
                f"S{101 + number}",
                places[number % len(places)],
                day,
                f"{dice.uniform(7.8, 16.4):.1f}",
                f"{dice.uniform(6.6, 8.3):.2f}",
                oxygen,
            ]
        )
    return rows


READINGS: Facts = {
    "tables": [
        table(
            "Table 1: Readings of the second quarter 2024",
            [1, 2],
            ["Sample", "Station", "Date", "Temperature (°C)", "pH", "Oxygen (mg/l)"],
            _readings(),
        )
    ]
}

PRICES: Facts = {
    "tables": [
        table(
            "Workshop prices",
            [1],
            ["Service", "Duration", "Price"],
            [
                ["Bicycle safety check", "30 min", "25.00"],
                ["Brake pads, front and rear", "45 min", "38.50"],
                ["Wheel truing", "40 min", "32.00"],
                ["Full service", "180 min", "119.00"],
            ],
        ),
        table(
            "Rental prices",
            [3],
            ["Model", "Half day", "Full day", "Weekend"],
            [
                ["City bicycle", "9.00", "15.00", "27.00"],
                ["Cargo bicycle", "22.00", "38.00", "70.00"],
                ["Child trailer", "7.50", "12.00", None],
                ["Helmet", "2.00", "3.50", "6.00"],
            ],
        ),
    ]
}

STOCK: Facts = {
    "tables": [
        table(
            "Goods received",
            [1],
            ["Article", "Supplier", "Boxes", "Weight (kg)"],
            [
                ["Copper pipe 15 mm", "Tubeline", "12", "184.0"],
                ["Elbow joint", "Tubeline", "30", "45.5"],
                ["Ball valve", "Aquafit", "8", "20.8"],
                ["Pipe clip", "Fastwell", "64", "38.4"],
            ],
        ),
        table(
            "Goods returned",
            [2],
            ["Article", "Reason", "Boxes"],
            [
                ["Elbow joint", "wrong size", "2"],
                ["Ball valve", "leaking", "1"],
                ["Thermostat", "ordered twice", "3"],
            ],
        ),
    ]
}


def _parameter(name: str, place: str, kind: str, description: str, *, required: bool = False) -> Facts:
    return {"name": name, "in": place, "required": required, "type": kind, "description": description}


def _operation(
    method: str, path: str, summary: str, parameters: list[Facts], responses: list[tuple[str, str]]
) -> Facts:
    return {
        "method": method,
        "path": path,
        "summary": summary,
        "tags": ["Loans"] if path.startswith("/loans") else ["Books"],
        "parameters": parameters,
        "request_body": None,
        "responses": [
            {"status": status, "description": text, "fields": [], "example": None} for status, text in responses
        ],
        "deprecated": False,
    }


API: Facts = {
    "title": "Village Library API",
    "version": "1.2.0",
    "description": "Find books and lend them.",
    "servers": ["https://api.library.example.com/v1"],
    "security": [],
    "operations": [
        _operation(
            "GET",
            "/books",
            "List the books on the shelves",
            [
                _parameter("author", "query", "string", "Only books by this author"),
                _parameter("limit", "query", "integer", "How many books to return"),
            ],
            [("200", "A page of books"), ("400", "A parameter is not valid")],
        ),
        _operation(
            "GET",
            "/books/{book_id}",
            "Show one book",
            [_parameter("book_id", "path", "string", "The number on the spine", required=True)],
            [("200", "The book"), ("404", "No such book")],
        ),
        _operation(
            "DELETE",
            "/loans/{loan_id}",
            "Give a book back",
            [
                _parameter("loan_id", "path", "integer", "The number of the loan", required=True),
                _parameter("X-Reader-Card", "header", "string", "The card of the reader", required=True),
            ],
            [("204", "The book is back"), ("409", "The book was not lent")],
        ),
    ],
    "models": [],
}
