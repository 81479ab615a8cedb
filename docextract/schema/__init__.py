"""What is wanted: load a target schema, translate it for an endpoint, merge windows under it."""
