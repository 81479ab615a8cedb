"""Words become lines, reading order, rulings, tables and blocks."""
