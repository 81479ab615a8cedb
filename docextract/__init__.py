"""A folder of documents in, validated JSON or YAML out, with an account of every page and every value."""

__version__ = "0.1.0"
