"""The error codes are the promised ones, every error is drawn in the tree, and every hint says something."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from docextract import errors
from docextract.errors import DocextractError

PROMISED = [
    "unsupported",
    "encrypted",
    "corrupt",
    "empty_file",
    "unreadable",
    "limit_reached",
    "render_crashed",
    "render_timed_out",
    "quarantined",
    "page_too_large",
    "refused",
    "auth_failed",
    "quota_exhausted",
    "cost_ceiling",
    "rate_limited",
    "unavailable",
    "timed_out",
    "reply_truncated",
    "reply_empty",
    "reply_not_json",
    "reply_invalid",
    "missing_tool",
    "config_error",
    "schema_error",
    "plugin_error",
    "disk_full",
    "path_refused",
    "interrupted",
]


def kinds() -> list[type[DocextractError]]:
    """Every error class of the package, wherever it is defined."""
    package = Path(errors.__file__).parent
    for file in sorted(package.rglob("*.py")):
        if "DocextractError" in file.read_text(encoding="utf-8") and file.name != "__init__.py":
            import_module(".".join(("docextract", *file.relative_to(package).with_suffix("").parts)))
    found: list[type[DocextractError]] = []
    waiting = [DocextractError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__.startswith("docextract.")]


def test_the_codes_are_the_promised_ones() -> None:
    assert sorted(errors.CODES) == sorted(PROMISED)


@pytest.mark.parametrize("code", PROMISED)
def test_a_code_gives_its_hint_when_raised_without_one(code: str) -> None:
    raised = DocextractError("it happened", code=code)
    assert len(raised.hint) > 10
    assert raised.fault.code == code
    assert (raised.fault.message, raised.fault.hint) == ("it happened", raised.hint)


def test_every_error_is_drawn_in_the_tree() -> None:
    drawn = errors.__doc__ or ""
    missing = [kind.__name__ for kind in kinds() if kind.__name__ not in drawn]
    assert missing == []


def test_every_error_has_a_known_code_and_exit_code() -> None:
    for kind in kinds():
        assert kind.default_code in errors.CODES
        assert kind.exit_code in {errors.EXIT_PARTIAL, errors.EXIT_USAGE, errors.EXIT_ACCOUNT, errors.EXIT_OUTPUT}
        assert kind.default_scope in {"run", "file", "page", "window"}


def test_exit_codes_are_the_promised_ones() -> None:
    assert (errors.EXIT_OK, errors.EXIT_PARTIAL, errors.EXIT_USAGE) == (0, 1, 2)
    assert (errors.EXIT_ACCOUNT, errors.EXIT_OUTPUT, errors.EXIT_INTERRUPTED) == (3, 4, 130)
