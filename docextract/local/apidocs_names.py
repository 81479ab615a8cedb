"""Names as OCR reads them, made one again: I, l and 1, O and 0 look alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_FOLD = str.maketrans({"I": "l", "1": "l", "|": "l", "O": "o", "0": "o"})
_PLAIN_LD = re.compile(
    r"(?:child|build|field|would|could|should|world|old|gold|mild|wild|guild|shield|yield|weld|held|bald|gild|herald|"
    r"emerald|feld|wald|bild|geld|schuld)$",
    re.IGNORECASE,
)


def folded(name: str) -> str:
    """A name with all look-alikes made one."""
    return name.translate(_FOLD).casefold()


def spellings(names: Iterable[str]) -> dict[str, str]:
    """For each folded name the spelling to use: the most frequent, and among equals the likelier one."""
    counts: dict[str, Counter[str]] = {}
    for name in names:
        counts.setdefault(folded(name), Counter())[name] += 1
    return {key: max(found, key=lambda name: (_likely(name), found[name])) for key, found in counts.items()}


def mended(name: str) -> str:
    """`petld` as `petId` and `deep0bject` as `deepObject`: what camel case has in the place of l and 0."""
    name = re.sub(r"(?<=[a-z])0(?=[a-z])", "O", re.sub(r"(?<=[A-Z])0(?=[A-Z])", "O", name))
    if re.search(r"[a-z]ld$", name) and not _PLAIN_LD.search(name):
        return name[:-2] + "Id"
    return re.sub(r"(?<=[a-z])lds$", "Ids", name) if not re.search(r"(?:ie|ui|chi|o|i)lds$", name) else name


def known_ids(paths: Iterable[str]) -> dict[str, str]:
    """`photold` to `photoId` where the path names what it counts: `/photos/{photold}`."""
    found: dict[str, str] = {}
    for path in paths:
        for kind, name in re.findall(r"/([A-Za-z_-]+)/\{([A-Za-z_]+)[lI]d\}", path):
            stem = name.casefold()
            if len(stem) > 1 and kind.casefold() in {stem, f"{stem}s", f"{stem}es", f"{stem[:-1]}ies"}:
                found[folded(f"{name}ld")] = f"{name}Id"
    return found


def _likely(name: str) -> int:
    """Higher for spellings that people use: no l where camel case wants an I, no digit inside a word."""
    return -int(mended(name) != name) - int(bool(re.search(r"[a-z][10][a-z]", name)))
