"""Files by URL, through fsspec: listed as a stream, read in ranges, fetched, put whole. It blocks: ask in a thread."""
