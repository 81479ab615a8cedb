"""The embedded engine: a ModelClient with no key and no network."""
