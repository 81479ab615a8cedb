"""What one run holds open and all its documents share: pools, journal, limits, who is asked, what is kept."""
