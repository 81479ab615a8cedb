"""Which OCR engines are installed, asked without loading any."""

from __future__ import annotations

import importlib.util
import shutil
from functools import cache
from pathlib import Path

DETECTION, RECOGNITION = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
"""The models inside RapidOCR's wheel: text detection and text recognition."""


@cache
def models_folder() -> Path | None:
    """Where the wheel's models are, or None where RapidOCR or its runtime is not installed or not whole."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        return None
    if any(importlib.util.find_spec(name) is None for name in ("onnxruntime", "cv2", "numpy")):
        return None
    folder = Path(found.origin).parent / "models"
    return folder if all((folder / name).is_file() for name in (DETECTION, RECOGNITION)) else None


@cache
def is_installed(name: str) -> bool:
    """Whether the engine that `--ocr NAME` means can be started here: local or tesseract."""
    if name == "local":
        return models_folder() is not None
    # Pictures are decoded as arrays for every engine.
    has_arrays = all(importlib.util.find_spec(part) is not None for part in ("cv2", "numpy"))
    return name == "tesseract" and has_arrays and shutil.which("tesseract") is not None


def how_to_install(name: str) -> str:
    """What to type to have the engine."""
    if name == "tesseract":
        return 'run `apt install tesseract-ocr` and `pip install "docextract[local]"`'
    return 'run `pip install "docextract[local]"`'
