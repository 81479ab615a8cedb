"""What a printed string means: dates, money, numbers, identifiers, folded text."""
