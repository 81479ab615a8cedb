"""File signatures: the first bytes that tell a kind, and the names of kinds that are not taken.

Sources: the formats' own specifications (PNG 5.2, JFIF, GIF89a, TIFF 6.0, RIFF/WebP, BMP, MS-CFB,
ISO 32000-1 7.5.2, RFC 1952, PKWARE APPNOTE) and the media types registered for them.
"""

from __future__ import annotations

from docextract.types import Kind

IMAGES: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"II+\x00", "tiff"),  # BigTIFF
    (0, b"MM\x00+", "tiff"),
    (8, b"WEBP", "webp"),  # after RIFF and a length; checked with the RIFF in `sniff`
)
"""Offset, bytes, kind of the images that are taken."""

FOREIGN: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1f\x8b", "a gzip archive: unpack it first"),
    (0, b"BZh", "a bzip2 archive: unpack it first"),
    (0, b"\xfd7zXZ\x00", "an xz archive: unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (0, b"Rar!\x1a\x07", "a RAR archive: unpack it first"),
    (257, b"ustar", "a tar archive: unpack it first"),
    (4, b"ftyphei", "a HEIC photo: convert it to JPEG first"),
    (4, b"ftypmif", "a HEIF photo: convert it to JPEG first"),
    (4, b"ftypavif", "an AVIF image: convert it to PNG first"),
    (4, b"ftyp", "a video or audio file"),
    (4, b"jP  \r\n\x87\n", "a JPEG 2000 image: convert it to PNG first"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 image: convert it to PNG first"),
    (0, b"\x00\x00\x01\x00", "an icon: convert it to PNG first"),
    (0, b"8BPS", "a Photoshop image: convert it to PNG first"),
    (0, b"DDS ", "a DirectDraw image: convert it to PNG first"),
    (0, b"BLP", "a Blizzard texture: convert it to PNG first"),
    (0, b"AT&TFORM", "a DjVu document: convert it to PDF first"),
    (0, b"%!PS", "a PostScript file: convert it to PDF first (ps2pdf)"),
    (0, b"\xc5\xd0\xd3\xc6", "an EPS drawing: convert it to PDF first"),
    (0, b"%FDF-", "PDF form data without its form: export the filled form as PDF"),
    (0, b"ITSF", "a compiled help file"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"SQLite format 3\x00", "an SQLite database"),
    (0, b"PAR1", "a Parquet data file"),
    (0, b"OggS", "an audio file"),
    (0, b"ID3", "an audio file"),
    (0, b"fLaC", "an audio file"),
    (0, b"RIFF", "a sound or video file"),
    (0, b"\x1a\x45\xdf\xa3", "a video file"),
    (0, b"wOFF", "a font"),
    (0, b"OTTO", "a font"),
)
"""Offset, bytes, and what a person should know of kinds that are not taken."""

OPEN_DOCUMENT: tuple[tuple[bytes, str], ...] = (
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet: save it as .xlsx or PDF first"),
    (b"opendocument.presentation", "an OpenDocument presentation: save it as .pptx or PDF first"),
    (b"opendocument", "an OpenDocument file of another kind: save it as PDF first"),
    (b"application/epub+zip", "an e-book (EPUB): convert it to PDF first"),
)
"""What the `mimetype` member of a zip says, for kinds that are not taken."""
