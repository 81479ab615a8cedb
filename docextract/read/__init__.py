"""Words with boxes: from the text layer, from OCR, from files without layout."""
