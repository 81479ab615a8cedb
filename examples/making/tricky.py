"""Files that cannot be used, each for a reason of its own, and good ones between them."""

from __future__ import annotations

from reportlab.lib.pdfencrypt import StandardEncryption

from making import facts, invoices
from making.sheet import Sheet

PASSWORD = "open sesame"  # noqa: S105 - told in examples/README.md


def files() -> dict[str, tuple[bytes, str | None]]:
    """File name to its bytes and the error code it must end with (None: it is extracted)."""
    good = invoices.english_invoice(facts.INVOICE_ENGLISH)
    locked = Sheet("Locked", encrypt=StandardEncryption(PASSWORD, strength=128))
    locked.text(60, 90, "Invoice number: L-1", size=12)
    return {
        "cut-short.pdf": (good[: len(good) // 3], "corrupt"),
        "empty.pdf": (b"", "empty_file"),
        "good.pdf": (good, None),
        "locked.pdf": (locked.close(), "encrypted"),
        "misnamed.docx": (invoices.german_invoice(facts.INVOICE_GERMAN), None),
        "prices.csv": (b"article,price\nnail,0.10\nscrew,0.15\n", "unsupported"),
    }
