"""Two invoices that look nothing alike: English with a ruled table, German with white space alone."""

from __future__ import annotations

from datetime import date

from making.facts import Facts
from making.sheet import BOLD, Sheet, ruled_table


def long_date(iso: str) -> str:
    """18 March 2024."""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B} {day.year}"


def german_date(iso: str) -> str:
    """18.03.2024."""
    return f"{date.fromisoformat(iso):%d.%m.%Y}"


def english(amount: float) -> str:
    """1,506.00."""
    return f"{amount:,.2f}"


def german(amount: float) -> str:
    """1.543,67."""
    return english(amount).translate(str.maketrans(",.", ".,"))


def plain(quantity: float) -> str:
    """4, or 6.5."""
    return f"{quantity:g}"


def grouped(iban: str) -> str:
    """In fours, as printed."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def english_invoice(facts: Facts) -> bytes:
    """Letterhead left, numbers in a block on the right, every cell ruled."""
    sheet = Sheet(f"Invoice {facts['number']}")
    seller, buyer = facts["seller"], facts["buyer"]
    street, town = seller["address"].split(", ", 1)
    sheet.text(50, 66, seller["name"], size=18, font=BOLD)
    sheet.text(50, 84, street)
    sheet.text(50, 98, town)
    sheet.text(50, 112, f"VAT No. {seller['vat_id']}")
    sheet.right(545, 66, "INVOICE", size=20, font=BOLD)
    pairs = (
        ("Invoice number:", facts["number"]),
        ("Invoice date:", long_date(facts["issue_date"])),
        ("Due date:", long_date(facts["due_date"])),
        ("Purchase order:", facts["purchase_order"]),
    )
    for row, (label, words) in enumerate(pairs):
        sheet.text(345, 98 + 15 * row, label, font=BOLD)
        sheet.text(445, 98 + 15 * row, words)
    street, town = buyer["address"].split(", ", 1)
    for row, words in enumerate(("Bill to", buyer["name"], street, town)):
        sheet.text(50, 180 + 15 * row, words, font=BOLD if row == 0 else "Helvetica")
    cells: list[list[str | None]] = [["Description", "Quantity", "Unit", "Unit price", "VAT %", "Amount"]]
    cells += [
        [
            line["description"],
            plain(line["quantity"]),
            line["unit"],
            english(line["unit_price"]),
            plain(line["tax_rate"]),
            english(line["net_amount"]),
        ]
        for line in facts["lines"]
    ]
    end = ruled_table(sheet, (50, 260), [185, 60, 50, 70, 55, 75], cells)
    totals = (
        ("Subtotal", facts["net_total"]),
        ("VAT", facts["tax_total"]),
        ("Total", facts["grand_total"]),
        ("Amount due", facts["amount_due"]),
    )
    for row, (label, amount) in enumerate(totals):
        font = BOLD if row >= 2 else "Helvetica"
        sheet.text(390, end + 26 + 16 * row, label, font=font)
        sheet.right(541, end + 26 + 16 * row, f"£{english(amount)}", font=font)
    sheet.text(50, 700, f"Please pay by bank transfer. IBAN: {grouped(facts['iban'])}")
    sheet.text(50, 716, "All amounts in GBP. Thank you for your order.")
    return sheet.close()


def german_invoice(facts: Facts) -> bytes:
    """Window-envelope address, labels above their values, a table held together by white space."""
    sheet = Sheet(f"Rechnung {facts['number']}")
    seller, buyer = facts["seller"], facts["buyer"]
    sheet.right(540, 56, seller["name"], size=15, font=BOLD)
    street, town = seller["address"].split(", ", 1)
    sheet.right(540, 72, street, size=9)
    sheet.right(540, 84, town, size=9)
    sheet.right(540, 96, f"USt-IdNr.: {seller['vat_id']}", size=9)
    street, town = buyer["address"].split(", ", 1)
    for row, words in enumerate((buyer["name"], street, town, f"USt-IdNr.: {buyer['vat_id']}")):
        sheet.text(60, 140 + 14 * row, words, size=10.5)
    sheet.text(60, 232, "Rechnung", size=20, font=BOLD)
    columns = (
        ("Rechnungsnummer", facts["number"]),
        ("Rechnungsdatum", german_date(facts["issue_date"])),
        ("Fällig am", german_date(facts["due_date"])),
        ("Bestellnummer", facts["purchase_order"]),
    )
    for column, (label, words) in enumerate(columns):
        sheet.text(60 + 122 * column, 258, label, size=8.5, font=BOLD)
        sheet.text(60 + 122 * column, 272, words)
    rights = (270, 330, 350, 445, 490, 540)
    sheet.text(60, 312, "Bezeichnung", size=9, font=BOLD)
    for x, words in zip(
        (rights[0], rights[3], rights[4], rights[5]), ("Menge", "Einzelpreis", "USt %", "Betrag"), strict=True
    ):
        sheet.right(x, 312, words, size=9, font=BOLD)
    sheet.text(300, 312, "Einheit", size=9, font=BOLD)
    base = 312.0
    for line in facts["lines"]:
        base += 19
        sheet.text(60, base, line["description"])
        sheet.right(rights[0], base, plain(line["quantity"]).replace(".", ","))
        sheet.text(300, base, line["unit"])
        sheet.right(rights[3], base, german(line["unit_price"]))
        sheet.right(rights[4], base, plain(line["tax_rate"]))
        sheet.right(rights[5], base, german(line["net_amount"]))
    totals = (
        ("Summe netto", facts["net_total"]),
        ("Umsatzsteuer 19 %", facts["tax_total"]),
        ("Gesamtbetrag", facts["grand_total"]),
        ("Zahlbetrag", facts["amount_due"]),
    )
    for row, (label, amount) in enumerate(totals):
        font = BOLD if row >= 2 else "Helvetica"
        sheet.text(350, base + 40 + 17 * row, label, font=font)
        sheet.right(540, base + 40 + 17 * row, f"{german(amount)} EUR", font=font)
    sheet.text(60, 730, f"Bankverbindung: IBAN {grouped(facts['iban'])}", size=9)
    sheet.text(60, 744, "Bitte überweisen Sie den Betrag bis zum Fälligkeitstag.", size=9)
    return sheet.close()
