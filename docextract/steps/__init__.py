"""What becomes of one document, step by step: opened, sorted, asked about, put together, written."""
