"""How many tokens an image costs, by the formula that a model's profile names.

Each rule is a function of the pixel size and the profile's parameters. Sources: GLM-4.xV from
transformers 5.23 `glm4v/image_processing_glm4v.py` (factor 28, one image is half of the configured
pixel budget); GLM-5.3 from `glm5_next/image_processing_glm5_next.py`; OpenAI tiles and patches from
litellm 1.109 `token_counter.py`; Claude from its vision guide; Gemini 2 from its tile rule; Qwen from
transformers `qwen2_vl`. GLM-5V-Turbo publishes none: the larger of both GLM rules stands in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from docextract.errors import ConfigError
from docextract.types import ImageFacts

Parameters = Mapping[str, Any]

_CELL = 28  # pixels a side that become one token: patch 14, merged 2 x 2
_GLM4V_MOST, _GLM4V_LEAST = 9_633_792, 12_544  # pixel budget over two temporal patches
_GLM5_MOST, _GLM5_LEAST = 8_000, 16  # tokens


def image_tokens(facts: ImageFacts, width: int, height: int) -> int:
    """Tokens of one image of this pixel size. Raises ConfigError for a rule that is not known."""
    rule = RULES.get(facts.rule)
    if rule is None:
        known = ", ".join(sorted(RULES))
        raise ConfigError(f"image-token rule {facts.rule!r} is not known", hint=f"use one of {known}")
    return rule(width, height, facts.parameters)


def is_shrunk(facts: ImageFacts, width: int, height: int) -> bool:
    """Whether the provider would make the image smaller than it was sent, which only wastes bytes."""
    if max(width, height) > facts.max_side:
        return True
    limit = SHRINKS.get(facts.rule)
    return limit is not None and limit(width, height, facts.parameters)


def glm4v(width: int, height: int, parameters: Parameters) -> int:
    """GLM-4.1V, 4.5V, 4.6V and GLM-OCR: 8 to 6,144 tokens, and one at each end of the image."""
    del parameters
    rows, columns = _glm4v_grid(width, height)
    return rows * columns + 2


def _glm4v_grid(width: int, height: int) -> tuple[int, int]:
    w, h = float(width), float(height)
    if h < _CELL or w < _CELL:
        scale = max(_CELL / h, _CELL / w)
        w, h = float(int(w * scale)), float(int(h * scale))
    rows, columns = max(1, round(h / _CELL)), max(1, round(w / _CELL))
    pixels = 2 * rows * columns * _CELL * _CELL
    if pixels > _GLM4V_MOST:
        beta = math.sqrt(2 * h * w / _GLM4V_MOST)
        rows, columns = max(1, math.floor(h / beta / _CELL)), max(1, math.floor(w / beta / _CELL))
    elif pixels < _GLM4V_LEAST:
        beta = math.sqrt(_GLM4V_LEAST / (2 * h * w))
        rows, columns = math.ceil(h * beta / _CELL), math.ceil(w * beta / _CELL)
    return rows, columns


def glm5(width: int, height: int, parameters: Parameters) -> int:
    """GLM-5.3: padded up to whole cells, 16 to 8,000 tokens."""
    del parameters
    tokens = _cells(width, height)
    if tokens < _GLM5_LEAST:
        scale = math.sqrt(_GLM5_LEAST * _CELL * _CELL / (width * height))
        return min(_cells(math.ceil(width * scale), math.ceil(height * scale)), 2 * _GLM5_LEAST)
    return tokens if tokens <= _GLM5_MOST else _largest(width, height, _GLM5_MOST)


def glm_max(width: int, height: int, parameters: Parameters) -> int:
    """Where the rule is not published: the larger of both GLM rules, and a margin."""
    return max(glm4v(width, height, {}) - 2, glm5(width, height, {})) + int(parameters.get("add", 0))


def openai_tile(width: int, height: int, parameters: Parameters) -> int:
    """A base and a price for each tile of 512 pixels, after fitting 2048 by 768."""
    scale = min(1.0, 2048 / max(width, height), 768 / min(width, height))
    tiles = math.ceil(width * scale / 512) * math.ceil(height * scale / 512)
    return int(parameters["base"]) + int(parameters["tile"]) * tiles


def openai_patch(width: int, height: int, parameters: Parameters) -> int:
    """Patches of 32 pixels within a budget, times the model's multiplier."""
    scale = min(1.0, float(parameters["long_side"]) / max(width, height))
    w, h = width * scale, height * scale
    patches = math.ceil(w / 32) * math.ceil(h / 32)
    budget = int(parameters["budget"])
    if patches > budget:
        shrink = math.sqrt(budget * 32 * 32 / (w * h))
        patches = math.floor(w * shrink / 32) * math.floor(h * shrink / 32)
    return math.ceil(patches * float(parameters["multiplier"]))


def claude(width: int, height: int, parameters: Parameters) -> int:
    """Cells of 28 pixels after fitting the longer side and the token cap."""
    scale = min(1.0, float(parameters["max_side"]) / max(width, height))
    w, h = width * scale, height * scale
    most = int(parameters["max_tokens"])
    tokens = _cells(max(1, round(w)), max(1, round(h)))
    return tokens if tokens <= most else _largest(w, h, most)


def gemini_tile(width: int, height: int, parameters: Parameters) -> int:
    """258 tokens a tile of 768 pixels; one tile for small images."""
    del parameters
    if max(width, height) <= 384:
        return 258
    return 258 * math.ceil(width / 768) * math.ceil(height / 768)


def fixed(width: int, height: int, parameters: Parameters) -> int:
    """The same for every image (Gemini 3's media resolution)."""
    del width, height
    return int(parameters["tokens"])


def qwen(width: int, height: int, parameters: Parameters) -> int:
    """Cells of `factor` pixels within the model's pixel bounds."""
    factor = int(parameters["factor"])
    most, least = int(parameters["max_pixels"]), int(parameters["min_pixels"])
    rows, columns = max(1, round(height / factor)), max(1, round(width / factor))
    pixels = rows * columns * factor * factor
    if pixels > most:
        beta = math.sqrt(width * height / most)
        rows, columns = max(1, math.floor(height / beta / factor)), max(1, math.floor(width / beta / factor))
    elif pixels < least:
        beta = math.sqrt(least / (width * height))
        rows, columns = math.ceil(height * beta / factor), math.ceil(width * beta / factor)
    return rows * columns + 2


def _largest(width: float, height: float, most: int) -> int:
    """Tokens of the largest image of this shape whose whole cells are at most `most`."""
    low, high = 1, max(1, round(height))
    while low < high:
        middle = (low + high + 1) // 2
        if _cells(max(1, round(width * middle / height)), middle) <= most:
            low = middle
        else:
            high = middle - 1
    return _cells(max(1, round(width * low / height)), low)


def _cells(width: int, height: int) -> int:
    return math.ceil(width / _CELL) * math.ceil(height / _CELL)


RULES: dict[str, Callable[[int, int, Parameters], int]] = {
    "claude": claude,
    "fixed": fixed,
    "gemini_tile": gemini_tile,
    "glm4v": glm4v,
    "glm5": glm5,
    "glm_max": glm_max,
    "openai_patch": openai_patch,
    "openai_tile": openai_tile,
    "qwen": qwen,
}

SHRINKS: dict[str, Callable[[int, int, Parameters], bool]] = {
    "claude": lambda w, h, p: max(w, h) > p["max_side"] or _cells(w, h) > p["max_tokens"],
    "glm4v": lambda w, h, _: 2 * w * h > _GLM4V_MOST,
    "glm5": lambda w, h, _: _cells(w, h) > _GLM5_MOST,
    "glm_max": lambda w, h, _: 2 * w * h > _GLM4V_MOST,
    "openai_patch": lambda w, h, p: max(w, h) > p["long_side"] or math.ceil(w / 32) * math.ceil(h / 32) > p["budget"],
    "openai_tile": lambda w, h, _: max(w, h) > 2048 or min(w, h) > 768,
    "qwen": lambda w, h, p: w * h > p["max_pixels"],
}
"""Whether a size is over what the provider keeps. Rules that are not listed keep every size."""
