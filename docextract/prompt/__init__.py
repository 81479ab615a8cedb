"""How it is asked: fixed prefix first, pages, page-specific words last; repair turns."""
