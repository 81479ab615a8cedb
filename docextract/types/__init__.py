"""The nouns that flow from room to room, all frozen, none with behaviour beyond small derived views.

Units, unless a field says otherwise: page numbers are 1-based; lengths on a page are PDF points
(1/72 inch) of the page as displayed, origin top left, y growing downwards; times are milliseconds;
money is USD. Nothing here imports a third-party package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docextract.types.answers import (
        Attempt,
        Conflict,
        DocumentResult,
        FirstPass,
        Issue,
        PageEntry,
        Record,
        SchemaName,
        WindowResult,
    )
    from docextract.types.asking import (
        Evidence,
        ExtractionRequest,
        Message,
        ModelClient,
        ModelReply,
        PageImage,
        PageSource,
        Usage,
        Window,
    )
    from docextract.types.documents import (
        Document,
        FilePart,
        Grid,
        GridCell,
        Page,
        RenderedPage,
        RenderSpec,
        Ruling,
        SourceFile,
        Unit,
        Word,
        Words,
    )
    from docextract.types.facts import BatchFacts, CacheRule, ImageFacts, ModelProfile, Price, Rung, ThinkingSwitch
    from docextract.types.plain import Box, DocumentState, Fault, Json, Kind, PageState, Scope, Status

__all__ = [
    "Attempt",
    "BatchFacts",
    "Box",
    "CacheRule",
    "Conflict",
    "Document",
    "DocumentResult",
    "DocumentState",
    "Evidence",
    "ExtractionRequest",
    "Fault",
    "FilePart",
    "FirstPass",
    "Grid",
    "GridCell",
    "ImageFacts",
    "Issue",
    "Json",
    "Kind",
    "Message",
    "ModelClient",
    "ModelProfile",
    "ModelReply",
    "Page",
    "PageEntry",
    "PageImage",
    "PageSource",
    "PageState",
    "Price",
    "Record",
    "RenderSpec",
    "RenderedPage",
    "Ruling",
    "Rung",
    "SchemaName",
    "Scope",
    "SourceFile",
    "Status",
    "ThinkingSwitch",
    "Unit",
    "Usage",
    "Window",
    "WindowResult",
    "Word",
    "Words",
]

_HOMES = {
    "answers": "Attempt Conflict DocumentResult FirstPass Issue PageEntry Record SchemaName WindowResult",
    "asking": "Evidence ExtractionRequest Message ModelClient ModelReply PageImage PageSource Usage Window",
    "documents": "Document FilePart Grid GridCell Page RenderedPage RenderSpec Ruling SourceFile Unit Word Words",
    "facts": "BatchFacts CacheRule ImageFacts ModelProfile Price Rung ThinkingSwitch",
    "plain": "Box DocumentState Fault Json Kind PageState Scope Status",
}
"""Where each name lives. Imported when it is first asked for: making all of them takes 30 ms, and --help needs none."""


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names.split():
            value: object = getattr(import_module(f"{__name__}.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
