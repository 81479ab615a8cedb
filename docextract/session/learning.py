"""What a run has learned of token counts, kept beside the journal for the plans of later documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docextract.budget.learned import Learned, learned_from
from docextract.errors import OutputError
from docextract.output.atomic import write_atomic

_FILE = Path(".docextract") / "learned.json"


def learned_of(out: str, model: str) -> Learned:
    """What earlier runs into this output folder have seen of the model; nothing where there were none."""
    try:
        return learned_from(_stored(out)[model])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Learned()


async def keep(out: str, model: str, learned: Learned) -> None:
    """Add what this process has seen. A folder that cannot be written costs only the narrower estimates."""
    path = Path(out) / _FILE
    if not learned.kinds or not path.parent.is_dir():
        return
    both = learned_of(out, model)
    both.merge(learned)
    data = json.dumps(_stored(out) | {model: both.as_json()}, indent=2)
    try:
        await write_atomic(path, data.encode())
    except OutputError:
        return


def _stored(out: str) -> dict[str, Any]:
    try:
        value = json.loads((Path(out) / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
