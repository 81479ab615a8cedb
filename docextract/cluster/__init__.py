"""The same worker on a Ray cluster. Ray starts and places workers; what is done and paid stands in the journal."""
