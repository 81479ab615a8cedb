"""Receipts, a resume, a report, a price list and stock sheets."""

from __future__ import annotations

from datetime import date

from making.facts import Facts
from making.invoices import english
from making.sheet import BOLD, ITALIC, Sheet, ruled_table

SLIP = (226.0, 330.0)
HALF_SHEET = (420.0, 298.0)


def bakery_receipt(facts: Facts) -> bytes:
    """A till slip with the sums below one another, tax on top of the prices."""
    sheet = Sheet("Receipt", SLIP)
    street, town = facts["address"].split(", ", 1)
    sheet.text(50, 34, facts["company"], size=14, font=BOLD)
    sheet.text(66, 50, street, size=9)
    sheet.text(60, 62, town, size=9)
    day = date.fromisoformat(facts["date"])
    sheet.text(18, 86, f"Date: {day:%m/%d/%Y}", size=9)
    sheet.right(208, 86, f"Time: {facts['time']}", size=9)
    sheet.line(18, 94, 208, 94)
    sheet.text(18, 108, "Qty", size=9, font=BOLD)
    sheet.text(48, 108, "Item", size=9, font=BOLD)
    sheet.right(208, 108, "Amount", size=9, font=BOLD)
    base = 108.0
    for item in facts["items"]:
        base += 16
        sheet.text(18, base, str(item["quantity"]), size=10)
        sheet.text(48, base, item["description"], size=10)
        sheet.right(208, base, english(item["amount"]), size=10)
    sheet.line(18, base + 9, 208, base + 9)
    sums = (("Subtotal", facts["subtotal"]), ("Sales tax 8%", facts["tax"]), ("TOTAL", facts["total"]))
    for row, (label, amount) in enumerate(sums):
        font = BOLD if label == "TOTAL" else "Helvetica"
        sheet.text(18, base + 27 + 17 * row, label, size=11, font=font)
        sheet.right(208, base + 27 + 17 * row, f"${english(amount)}", size=11, font=font)
    sheet.text(18, base + 84, f"Paid by {facts['payment_method']}", size=10)
    sheet.text(56, base + 108, "Thank you, come again", size=9, font=ITALIC)
    return sheet.close()


def hardware_receipt(facts: Facts) -> bytes:
    """A till slip with the quantity in front of the goods, tax inside the prices."""
    sheet = Sheet("Receipt", SLIP)
    street, town = facts["address"].split(", ", 1)
    sheet.text(18, 34, facts["company"], size=14, font=BOLD)
    sheet.text(18, 49, street, size=9.5)
    sheet.text(18, 61, town, size=9.5)
    day = date.fromisoformat(facts["date"])
    sheet.text(18, 84, f"{day:%d/%m/%Y}  {facts['time']}", size=10)
    base = 92.0
    for item in facts["items"]:
        base += 18
        sheet.text(18, base, f"{item['quantity']} x {item['description']}", size=10.5)
        sheet.right(208, base, english(item["amount"]), size=10.5)
    sheet.line(18, base + 10, 208, base + 10)
    sheet.text(18, base + 31, "Total", size=13, font=BOLD)
    sheet.right(208, base + 31, f"£{english(facts['total'])}", size=13, font=BOLD)
    sheet.text(18, base + 50, "VAT included", size=10)
    sheet.right(208, base + 50, english(facts["tax"]), size=10)
    sheet.text(18, base + 70, f"Payment: {facts['payment_method']}", size=10)
    return sheet.close()


def month(iso: str | None) -> str:
    """May 2021, 2014, or Present."""
    if iso is None:
        return "Present"
    return f"{date.fromisoformat(iso + '-01'):%B %Y}" if "-" in iso else iso


def resume(facts: Facts) -> bytes:
    """One column, a heading for each section."""
    sheet = Sheet(f"{facts['name']}, {facts['headline']}")
    sheet.text(60, 76, facts["name"], size=22, font=BOLD)
    sheet.pale(60, 96, facts["headline"], size=13)
    sheet.text(60, 114, f"{facts['email']} | {facts['phone']} | {facts['location']}")
    sheet.text(60, 128, facts["urls"][0])
    base = 160.0

    def heading(words: str) -> None:
        nonlocal base
        sheet.text(60, base, words, size=13, font=BOLD)
        sheet.line(60, base + 4, 535, base + 4)
        base += 20

    heading("Summary")
    sheet.text(60, base, facts["summary"])
    base += 28
    heading("Experience")
    for job in facts["experience"]:
        sheet.text(60, base, job["position"], size=11, font=BOLD)
        sheet.right(535, base, f"{month(job['start_date'])} - {month(job['end_date'])}")
        sheet.text(60, base + 15, f"{job['company']}, {job['location']}", font=ITALIC)
        base += 31
        for highlight in job["highlights"]:
            sheet.text(70, base, f"\u2022 {highlight}")
            base += 15
        base += 10
    heading("Education")
    for school in facts["education"]:
        sheet.text(60, base, f"{school['degree']} {school['area']}", size=11, font=BOLD)
        sheet.right(535, base, f"{school['start_date']} - {school['end_date']}")
        sheet.text(60, base + 15, school["institution"], font=ITALIC)
        base += 41
    heading("Skills")
    sheet.text(60, base, ", ".join(facts["skills"]))
    base += 28
    heading("Languages")
    sheet.text(60, base, ", ".join(facts["languages"]))
    return sheet.close()


def report(facts: Facts) -> bytes:
    """A page of text whose table runs over to the next page, with its header repeated there."""
    readings = facts["tables"][0]
    sheet = Sheet("River report")
    sheet.text(60, 80, "River report, second quarter 2024", size=18, font=BOLD)
    prose = (
        "Samples were taken at six stations between April and June. The water was clear on most days,",
        "and no station exceeded the limits for bathing water. Where the oxygen probe was being",
        "repaired, the cell is empty. The full list follows.",
    )
    for row, words in enumerate(prose):
        sheet.text(60, 112 + 15 * row, words)
    sheet.text(60, 176, readings["title"], size=10.5, font=BOLD)
    widths = [55.0, 95.0, 75.0, 95.0, 50.0, 90.0]
    first = 32
    ruled_table(sheet, (60, 186), widths, [readings["columns"], *readings["rows"][:first]], size=8.5)
    sheet.right(535, 800, "1", size=9)
    sheet.turn()
    end = ruled_table(sheet, (60, 70), widths, [readings["columns"], *readings["rows"][first:]], size=8.5)
    sheet.text(60, end + 36, "The next round begins in July.")
    sheet.right(535, 800, "2", size=9)
    return sheet.close()


def price_list(facts: Facts) -> bytes:
    """Two sheets printed on both sides: the back of the first one is blank."""
    workshop, rental = facts["tables"]
    sheet = Sheet("Prices")
    sheet.text(70, 90, "Pedal House", size=20, font=BOLD)
    sheet.text(70, 112, "Prices in euros, valid from 1 January 2025.")
    sheet.text(70, 156, workshop["title"], size=12, font=BOLD)
    ruled_table(sheet, (70, 168), [200, 100, 100], [workshop["columns"], *workshop["rows"]], size=10)
    sheet.turn()
    sheet.turn()
    sheet.text(70, 90, rental["title"], size=12, font=BOLD)
    ruled_table(sheet, (70, 102), [160, 90, 90, 90], [rental["columns"], *rental["rows"]], size=10)
    return sheet.close()


def stock_sheets(facts: Facts) -> bytes:
    """A half sheet for each table, to be faxed."""
    sheet = Sheet("Stock", HALF_SHEET)
    for number, stock in enumerate(facts["tables"]):
        if number:
            sheet.turn()
        sheet.text(40, 60, stock["title"], size=14, font=BOLD)
        widths = [120.0, 90.0, 60.0, 80.0][: len(stock["columns"])]
        ruled_table(sheet, (40, 76), widths, [stock["columns"], *stock["rows"]], size=10)
    return sheet.close()
