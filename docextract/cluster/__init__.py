"""The same workers on more than one machine."""
