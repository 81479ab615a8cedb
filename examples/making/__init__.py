"""How the example documents are drawn: facts, and a file for each kind of paper."""
