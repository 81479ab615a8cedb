"""Write the example documents and their gold files: `python examples/make_inbox.py [FOLDER]`.

Writes inbox/, gold/, tricky/ and expected.json, by default beside this script. The same versions of the
drawing libraries give the same bytes each time. Needs reportlab, which the extra `dev` brings.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from making import api_page, facts, invoices, more_facts, papers, scan, tricky, word
from making.sheet import pixels

DPI = 200


def documents() -> dict[str, tuple[bytes, str, facts.Facts]]:
    """File name to its bytes, the schema that fits it, and what it says."""
    english = invoices.english_invoice(facts.INVOICE_ENGLISH)
    german = invoices.german_invoice(facts.INVOICE_GERMAN)
    bakery = pixels(papers.bakery_receipt(facts.RECEIPT_BAKERY), DPI)[0]
    hardware = pixels(papers.hardware_receipt(facts.RECEIPT_HARDWARE), DPI + 40)[0]
    stock = pixels(papers.stock_sheets(more_facts.STOCK), DPI)
    return {
        "api-reference.png": (api_page.screenshot(more_facts.API), "openapi", more_facts.API),
        "applications/halvorsen.docx": (word.resume(facts.RESUME_WORD), "resume", facts.RESUME_WORD),
        "applications/rojas.pdf": (papers.resume(facts.RESUME_PDF), "resume", facts.RESUME_PDF),
        "invoice-english.pdf": (english, "invoice", facts.INVOICE_ENGLISH),
        "invoice-german.pdf": (german, "invoice", facts.INVOICE_GERMAN),
        "price-list.pdf": (papers.price_list(more_facts.PRICES), "tables", more_facts.PRICES),
        "receipt-photo.jpg": (
            scan.jpeg(scan.photographed(hardware, 5), DPI + 40),
            "receipt",
            facts.RECEIPT_HARDWARE,
        ),
        "receipt-scan.jpg": (scan.jpeg(scan.scanned(bakery, 4, turn=-2.0), DPI), "receipt", facts.RECEIPT_BAKERY),
        "river-report.pdf": (papers.report(more_facts.READINGS), "tables", more_facts.READINGS),
        "scans/invoice-english.pdf": (_scan(english, 2), "invoice", facts.INVOICE_ENGLISH),
        "scans/invoice-german.pdf": (_scan(german, 3), "invoice", facts.INVOICE_GERMAN),
        "stock-sheets.tiff": (scan.tiff(stock, DPI), "tables", more_facts.STOCK),
    }


def _scan(pdf: bytes, seed: int) -> bytes:
    return scan.image_pdf([scan.scanned(page, seed) for page in pixels(pdf, DPI)], DPI)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def make(folder: Path) -> None:
    """Write everything into `folder`; what is there under the same names is replaced."""
    inbox: dict[str, str] = {}
    for name, (data, schema, truth) in documents().items():
        _write(folder / "inbox" / name, data)
        _write(folder / "gold" / f"{name}.json", _json(truth))
        inbox[name] = schema
    faults: dict[str, str | None] = {}
    for name, (data, code) in tricky.files().items():
        _write(folder / "tricky" / name, data)
        faults[name] = code
    _write(folder / "expected.json", _json({"inbox": inbox, "tricky": faults}))


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
