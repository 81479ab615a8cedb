"""Numbers that tune the work of the pages room, each with its reason. Limits that a user may raise: `bounds.py`."""

from __future__ import annotations

MAX_RENDER_PIXELS = 40_000_000
"""Largest picture of a page that is made (6000 x 6000 and some): more is a mistake of the caller, not a page."""

MANY_PIXELS = 2_000_000_000
"""Pixels of all frames of a file from which they must be in proportion to its bytes: 230 pages of A4 at 300 DPI."""

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

LIMITS_VARIABLE = "DOCEXTRACT_CHILD_LIMITS"
"""The variable in which a child finds the settings of its run, as JSON."""

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
