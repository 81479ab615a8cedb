"""`docextract models`: what is known about each model."""

from __future__ import annotations

import json
from typing import Any


def command(values: dict[str, Any]) -> int:
    """Print the table, or JSON."""
    from docextract.model.profiles import known

    profiles = sorted(known(), key=lambda profile: profile.id)
    if values["json"]:
        print(json.dumps([_row(profile) for profile in profiles], indent=2))
        return 0
    head = ("model", "context", "output", "in", "cached", "out", "JSON modes", "image rule", "facts of")
    rows = [head, *(_shown(_row(profile)) for profile in profiles)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        # Numbers to the right, words to the left.
        cells = [
            cell.rjust(width) if 1 <= column <= 5 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
    print("\nPrices are USD per million tokens. Others of these providers work too, with stated upper bounds;")
    print('any fact can be overridden in a job file: [models."provider/name"].')
    return 0


def _shown(row: dict[str, Any]) -> tuple[str, ...]:
    price = row["price"] or {"input": "?", "cached": "?", "output": "?"}
    return (
        row["model"],
        f"{row['context']:,}",
        f"{row['max_output']:,}",
        *(f"{price[key]}" for key in ("input", "cached", "output")),
        " > ".join(row["json_modes"]),
        row["image_rule"] if row["vision"] else "no images",
        row["date"],
    )


def _row(profile: Any) -> dict[str, Any]:
    price = profile.price
    return {
        "model": profile.id,
        "base_url": profile.base_url,
        "context": profile.context,
        "max_output": profile.max_output,
        "vision": profile.vision,
        "price": {"input": price.input, "cached": price.cached, "output": price.output} if price else None,
        "price_source": price.source if price else None,
        "json_modes": list(profile.rungs),
        "image_rule": profile.image.rule,
        "date": profile.date,
    }
