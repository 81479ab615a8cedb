"""The ledger: units, plans, calls, replies; what makes the same command resume."""
