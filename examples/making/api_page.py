"""A screenshot of an API's reference page, as a browser shows it."""

from __future__ import annotations

import io
from itertools import groupby

from PIL import Image

from making.facts import Facts
from making.sheet import BOLD, Sheet, colour_pixels

WIDTH = 1000.0
COLOURS = {"GET": "#1f6fb2", "POST": "#2f8f4e", "DELETE": "#b3372f"}
COLUMNS = (60.0, 220.0, 320.0, 430.0, 540.0)


def screenshot(facts: Facts) -> bytes:
    """Draw the page, then photograph it at one pixel a point and a quarter."""
    sheet = Sheet(facts["title"], (WIDTH, _height(facts)))
    sheet.text(40, 62, facts["title"], size=30, font=BOLD)
    sheet.pale(40, 92, f"Version {facts['version']}", size=14)
    sheet.text(40, 120, facts["description"], size=14)
    sheet.text(40, 150, "Base URL", size=14, font=BOLD)
    sheet.text(130, 150, facts["servers"][0], size=14)
    base = 200.0
    for tag, operations in groupby(facts["operations"], key=lambda operation: str(operation["tags"][0])):
        sheet.text(40, base, tag, size=22, font=BOLD)
        base += 28
        for operation in operations:
            base = _operation(sheet, operation, base)
    file = io.BytesIO()
    colour_pixels(sheet.close(), 1.25).quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _height(facts: Facts) -> float:
    tags = {operation["tags"][0] for operation in facts["operations"]}
    rows = sum(len(operation["parameters"]) + len(operation["responses"]) for operation in facts["operations"])
    return 220 + 28 * len(tags) + 190 * len(facts["operations"]) + 24 * rows


def _operation(sheet: Sheet, operation: Facts, top: float) -> float:
    """Draw one operation; returns where the next one begins."""
    colour = COLOURS[operation["method"]]
    sheet.fill(40, top, 960, top + 36, colour="#eef3f8")
    sheet.fill(40, top, 130, top + 36, colour=colour)
    sheet.white(52, top + 24, operation["method"], size=15)
    sheet.text(146, top + 24, operation["path"], size=16, font=BOLD)
    sheet.text(430, top + 24, operation["summary"], size=14)
    base = top + 62
    sheet.text(60, base, "Parameters", size=14, font=BOLD)
    cells = [["Name", "In", "Type", "Required", "Description"]]
    cells += [
        [entry["name"], entry["in"], entry["type"], "yes" if entry["required"] else "no", entry["description"]]
        for entry in operation["parameters"]
    ]
    base = _rows(sheet, COLUMNS, cells, base + 26)
    sheet.text(60, base + 6, "Responses", size=14, font=BOLD)
    cells = [["Status", "Description"], *([entry["status"], entry["description"]] for entry in operation["responses"])]
    return _rows(sheet, COLUMNS[:2], cells, base + 32) + 16


def _rows(sheet: Sheet, columns: tuple[float, ...], cells: list[list[str]], base: float) -> float:
    for row, texts in enumerate(cells):
        for x, words in zip(columns, texts, strict=True):
            sheet.text(x, base, words, size=13, font=BOLD if row == 0 else "Helvetica")
        sheet.line(60, base + 7, 940, base + 7, width=0.4)
        base += 24
    return base
