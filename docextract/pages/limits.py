"""Named limits of the pages room, each with its reason. What meets one ends in `limit_reached`, not in a crash."""

from __future__ import annotations

MAX_IMAGE_PIXELS = 120_000_000
"""Largest image or frame that is decoded: A3 at 600 DPI is 70 MP, and 120 MP as RGB take 360 MB of a child."""

MAX_RENDER_PIXELS = 40_000_000
"""Largest picture of a page that is made (6000 x 6000 and some): more is a mistake of the caller, not a page."""

MAX_FRAMES = 5_000
"""Frames of a TIFF or GIF that are looked at: a cyclic directory chain would go on for ever."""

THUMBNAIL_PIXELS = 200
"""Long side of the picture on which blankness is judged: a pixel is 1.5 mm of A4, so a lone page number still darkens
several pixels by a tenth, while paper grain is averaged away."""

BLANK_SPREAD = 10
"""A thumbnail whose darkest and lightest pixel differ by no more than this (of 255, in every channel) is one colour."""

TREE_PAGES = 5_000
"""PDFs with more pages are not walked by pypdf, whose page tree costs 0.1 ms and 6 kB a page; pdfium counts them."""

HASHED_BYTES = 64 << 20
"""Content of one page that is hashed to find duplicates; a page with more has no digest and is never a duplicate."""

HASHED_DEPTH = 60
"""Nesting of objects below a page that is followed when hashing; deeper pages have no digest."""

LOOK_PAGES = 16
"""Pages described in one call: 16 scans decode in about a second, and a crash costs no more than these."""

RENDER_PAGES = 4
"""Pages rendered in one call: memory stays bounded and a kill loses less than 60 ms of work."""

BAD_PAGES = 2
"""Pages of one document that may end a child before its remaining pages are refused."""

OPEN_FILES = 256
"""RLIMIT_NOFILE of a child."""

FILE_BYTES = 1 << 30
"""RLIMIT_FSIZE of a child: a runaway converter may not fill the disk."""

HEADER_BYTES = 64 << 20
"""Longest JSON header on the channel: 100,000 described pages are 15 MB."""

BLOB_BYTES = 512 << 20
"""Most bytes of blobs in one message on the channel."""

STDERR_BYTES = 4096
"""How much of a child's standard error is kept for the message when it dies."""

START_DEADLINE_S = 60.0
"""A child must say hello within this: 0.2 s on a quiet machine, much more on a loaded one."""

MEMORY_MB = {"render": 2048, "read": 4096}
"""RLIMIT_AS of a child by KIND: address space, not resident memory. onnxruntime maps much more than it touches."""
