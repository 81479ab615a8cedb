"""Paths as API pages print them, as OpenAPI path templates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_COLON = re.compile(r"(?<=/):([A-Za-z_][\w-]*)")
_ANGLE = re.compile(r"<(?:\w+:)?([A-Za-z_][\w-]*)>")
_NAME = re.compile(r"\{([^{}/]*)\}")


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
    if not all(names) or len(set(names)) != len(names) or re.search(r"[{}]", _NAME.sub("", text)):
        return None
    template = _NAME.sub(lambda match: "{" + match[1].strip() + "}", text)
    keys = tuple(dict.fromkeys(name for part in query.split("&") if (name := part.partition("=")[0].strip("{}[]"))))
    return PathTemplate(template=template, names=tuple(names), query=keys)


def renamed(template: PathTemplate, names: tuple[str, ...]) -> dict[str, str]:
    """From this path's parameter names to those of the same shape that came first."""
    return dict(zip(template.names, names, strict=True))
