"""Two accounts of one operation as one: the first is kept, what only the second tells is added."""

from __future__ import annotations

from collections.abc import Mapping

from docextract.types import Json

NOTES = "x-docextract"


def completed(first: Mapping[str, Json], second: Mapping[str, Json], notes: list[str]) -> dict[str, Json]:
    """The fuller account. Where both say something and differ, the first stays and a note names the place."""
    done = _filled(first, second, "", notes)
    both = [note for each in (first, second) for note in each.get(NOTES, {}).get("notes", ())]
    if both:
        done[NOTES] = {"notes": list(dict.fromkeys(both))}
    return done


def _filled(first: Mapping[str, Json], second: Mapping[str, Json], place: str, notes: list[str]) -> dict[str, Json]:
    done = dict(first)
    for key, other in second.items():
        here = f"{place}/{key}"
        if key == NOTES:
            continue
        if key not in done or done[key] in ("", {}, []):
            done[key] = other
        elif key == "parameters":
            done[key] = _parameters(done[key], other, here, notes)
        elif key in {"tags", "required"} and isinstance(other, list):
            done[key] = [*done[key], *(item for item in other if item not in done[key])]
        elif isinstance(done[key], dict) and isinstance(other, dict):
            done[key] = _filled(done[key], other, here, notes)
        elif done[key] != other:
            notes.append(f"{here.strip('/')}: told in two ways, the first was kept")
    return done


def _parameters(first: list[Json], second: list[Json], place: str, notes: list[str]) -> list[Json]:
    made = {(item["name"], item["in"]): item for item in first}
    for item in second:
        key = (item["name"], item["in"])
        known = made.get(key)
        made[key] = item if known is None else _filled(known, item, f"{place}/{item['name']}", notes)
    return list(made.values())
