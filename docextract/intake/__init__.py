"""Which files: find them, tell their kind by content, digest them, group them into units."""
