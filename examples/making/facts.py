"""What the example documents say: the drawings print it and the gold files hold it, so the two cannot differ.

Everyone and everything here is invented. The dictionaries have the field names of the built-in schemas.
"""

from __future__ import annotations

from typing import Any

Facts = dict[str, Any]


def _line(*row: str | float) -> Facts:
    return dict(zip(("description", "quantity", "unit", "unit_price", "net_amount", "tax_rate"), row, strict=True))


INVOICE_ENGLISH: Facts = {
    "number": "HF-2024-0187",
    "issue_date": "2024-03-18",
    "due_date": "2024-04-17",
    "seller": {
        "name": "Harbour & Finch Ltd",
        "address": "14 Quay Street, Bristol BS1 4DJ",
        "vat_id": "GB990001252",
    },
    "buyer": {"name": "Old Mill Museum", "address": "2 Weir Lane, Bath BA2 3FP", "vat_id": None},
    "currency": "GBP",
    "lines": [
        _line("Oak display shelf", 4, "pcs", 145.0, 580.0, 20),
        _line("Wall bracket", 12, "pair", 18.5, 222.0, 20),
        _line("Delivery and fitting", 6.5, "hour", 42.0, 273.0, 20),
        _line("Printed guide book", 30, "pcs", 7.2, 216.0, 0),
    ],
    "net_total": 1291.0,
    "tax_total": 215.0,
    "grand_total": 1506.0,
    "amount_due": 1506.0,
    "iban": "GB29NWBK60161331926819",
    "purchase_order": "PO-77120",
}

INVOICE_GERMAN: Facts = {
    "number": "RE-2024-1093",
    "issue_date": "2024-06-05",
    "due_date": "2024-06-19",
    "seller": {
        "name": "Kaltenbach Werkzeuge GmbH",
        "address": "Industriestraße 7, 72070 Tübingen",
        "vat_id": "DE900000127",
    },
    "buyer": {"name": "Möbelhaus Sommer KG", "address": "Lindenallee 22, 04109 Leipzig", "vat_id": "DE900000276"},
    "currency": "EUR",
    "lines": [
        _line("Akku-Bohrschrauber 18 V", 3, "Stk", 189.9, 569.7, 19),
        _line("Sägeblatt 210 mm", 10, "Stk", 34.5, 345.0, 19),
        _line("Schutzbrille klar", 25, "Stk", 6.8, 170.0, 19),
        _line("Wartung vor Ort", 2.5, "Std", 85.0, 212.5, 19),
    ],
    "net_total": 1297.2,
    "tax_total": 246.47,
    "grand_total": 1543.67,
    "amount_due": 1543.67,
    "iban": "DE89370400440532013000",
    "purchase_order": "4500018872",
}

RECEIPT_BAKERY: Facts = {
    "company": "Corner Bakehouse",
    "address": "218 Alder Street, Portland, ME 04101",
    "date": "2024-02-19",
    "time": "08:42",
    "currency": "USD",
    "items": [
        {"description": "Sourdough loaf", "quantity": 1, "amount": 6.2},
        {"description": "Cinnamon bun", "quantity": 3, "amount": 9.6},
        {"description": "Flat white", "quantity": 2, "amount": 8.5},
        {"description": "Oat cookie", "quantity": 4, "amount": 7.0},
    ],
    "subtotal": 31.3,
    "tax": 2.5,
    "total": 33.8,
    "payment_method": "VISA",
}

RECEIPT_HARDWARE: Facts = {
    "company": "STATION HARDWARE",
    "address": "9 Bridge Road, Leeds LS1 4AP",
    "date": "2023-11-21",
    "time": "16:05",
    "currency": "GBP",
    "items": [
        {"description": "Masking tape", "quantity": 2, "amount": 7.98},
        {"description": "Paint brush set", "quantity": 1, "amount": 12.49},
        {"description": "White gloss paint", "quantity": 1, "amount": 18.95},
        {"description": "Sandpaper", "quantity": 5, "amount": 6.25},
    ],
    "subtotal": None,
    "tax": 7.61,
    "total": 45.67,
    "payment_method": "Cash",
}


def _job(company: str, position: str, location: str, period: tuple[str, str | None], highlights: list[str]) -> Facts:
    return {
        "company": company,
        "position": position,
        "location": location,
        "start_date": period[0],
        "end_date": period[1],
        "highlights": highlights,
    }


RESUME_WORD: Facts = {
    "name": "Ingrid Halvorsen",
    "headline": "Structural Engineer",
    "email": "ingrid.halvorsen@example.com",
    "phone": "+47 22 34 56 78",
    "location": "Oslo, Norway",
    "urls": ["https://halvorsen.example.com"],
    "summary": "Structural engineer with eleven years of work on timber and steel bridges.",
    "experience": [
        _job(
            "Fjordbro Engineering",
            "Senior Engineer",
            "Oslo",
            ("2018-03", None),
            ["Led the design of nine footbridges", "Cut steel use by 14 percent on the Nordal crossing"],
        ),
        _job(
            "Bergen Havn",
            "Site Engineer",
            "Bergen",
            ("2013-08", "2018-02"),
            ["Inspected 42 quays and wrote the repair plan"],
        ),
    ],
    "education": [
        {
            "institution": "Norwegian Institute of Building",
            "area": "Civil Engineering",
            "degree": "MSc",
            "start_date": "2008",
            "end_date": "2013",
        }
    ],
    "skills": ["Finite elements", "Timber design", "Eurocode 3", "Python"],
    "languages": ["Norwegian", "English", "German"],
    "certifications": ["Chartered Engineer"],
    "projects": [],
}

RESUME_PDF: Facts = {
    "name": "Mateo Rojas",
    "headline": "Data Analyst",
    "email": "mateo.rojas@example.org",
    "phone": "+34 612 345 678",
    "location": "Valencia, Spain",
    "urls": ["https://rojas.example.org"],
    "summary": "Analyst who turns messy public data into tables that people can use.",
    "experience": [
        _job(
            "Mercado Abierto",
            "Data Analyst",
            "Valencia",
            ("2021-05", None),
            ["Built the weekly price index for 60 markets", "Trained twelve colleagues in SQL"],
        ),
        _job(
            "Clima Sur",
            "Junior Analyst",
            "Seville",
            ("2018-09", "2021-04"),
            ["Cleaned thirty years of rainfall records"],
        ),
    ],
    "education": [
        {
            "institution": "University of Granada",
            "area": "Statistics",
            "degree": "BSc",
            "start_date": "2014",
            "end_date": "2018",
        }
    ],
    "skills": ["SQL", "Python", "Cartography", "Survey design"],
    "languages": ["Spanish", "English"],
    "certifications": [],
    "projects": [],
}
