"""Is it true: parse, validate, find every value on its page."""
