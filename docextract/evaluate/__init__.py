"""How good it was, against gold files."""
