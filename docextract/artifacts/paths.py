"""Paths as API pages print them, as OpenAPI path templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_COLON = re.compile(r"(?<=/):([A-Za-z_][\w-]*)")
_ANGLE = re.compile(r"<(?:\w+:)?([A-Za-z_][\w-]*)>")
_NAME = re.compile(r"\{([^{}/]*)\}")
# RFC 3986: never in a path unescaped.
_NOT_IN_PATH = re.compile(r"[\s\x00-\x1f\x7f\"<>\\^`|]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathTemplate:
    """A path: `template` starts with `/` and has `{name}` parts, `names` are those; `query` what followed a `?`."""

    template: str
    names: tuple[str, ...]
    query: tuple[str, ...] = field(default=())

    @property
    def shape(self) -> str:
        """Equal for paths that differ only in the names of their parameters, which OpenAPI takes for one."""
        return _NAME.sub("{}", self.template)


def path_template(printed: str | None) -> PathTemplate | None:
    """The template, or None for what is no path or was cut short on the page (`...`)."""
    text = "".join((printed or "").split())
    if not text or "\u2026" in text or "..." in text:
        return None
    if re.match(r"https?://", text, re.IGNORECASE):
        try:
            parts = urlsplit(text)
        except ValueError:
            return None
        text = parts.path + (f"?{parts.query}" if parts.query else "")
    text, _, query = text.partition("?")
    text = text.partition("#")[0]
    if not text.startswith("/"):
        text = f"/{text}"
    text = _ANGLE.sub(r"{\1}", _COLON.sub(r"{\1}", text))
    text = re.sub(r"//+", "/", text)
    names = [name.strip() for name in _NAME.findall(text)]
    template = _NAME.sub(lambda match: "{" + match[1].strip() + "}", text)
    if path_faults(template):
        return None
    keys = tuple(dict.fromkeys(name for part in query.split("&") if (name := part.partition("=")[0].strip("{}[]"))))
    return PathTemplate(template=template, names=tuple(names), query=keys)


def path_faults(path: str) -> tuple[str, ...]:
    """What is wrong with a key of `paths`, in words."""
    found = []
    names = _NAME.findall(path)
    if not path.startswith("/"):
        found.append("does not start with /")
    if _NOT_IN_PATH.search(path):
        found.append("holds characters that no path has")
    if re.search(r"[{}]", _NAME.sub("", path)) or not all(name.strip() for name in names):
        found.append("its braces do not make parameters")
    if len(set(names)) != len(names):
        found.append("names a parameter twice")
    return tuple(found)


def renamed(template: PathTemplate, names: tuple[str, ...]) -> dict[str, str]:
    """From this path's parameter names to those of the same shape that came first."""
    return dict(zip(template.names, names, strict=True))
