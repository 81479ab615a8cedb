"""Does it fit: image and text tokens, windows of pages, price."""
