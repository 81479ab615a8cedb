"""What a picture shows, in words. Copy this file and change it as you like. Needs a model that sees.

docextract run photos --schema caption --model zai/glm-5v-turbo
{"caption": "Two boats at a pier", "alt_text": "...", "kind": "photo", "objects": ["boat"], "text": ["Pier 4"]}
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Evidence, Merge


class Caption(BaseModel):
    """A picture: one sentence about it, a text for those who cannot see it, and the words in it."""

    model_config = ConfigDict(json_schema_extra={"x-auto": False})

    caption: Annotated[
        str | None,
        Field(title="Caption", description="What it shows, in one sentence without 'this picture shows'."),
        Evidence.inferred,
        Merge.first,
    ] = None
    alt_text: Annotated[
        str | None,
        Field(
            title="Alternative text", description="What somebody who cannot see it needs to know, at most 300 letters."
        ),
        Evidence.inferred,
        Merge.first,
    ] = None
    kind: Annotated[
        Literal["photo", "drawing", "chart", "diagram", "map", "screenshot", "document", "other"] | None,
        Field(title="Kind", description="What kind of picture it is."),
        Evidence.inferred,
        Merge.first,
    ] = None
    objects: Annotated[
        list[str],
        Field(title="Objects", description="Things that can be seen, most important first, one noun each."),
        Evidence.inferred,
        Merge.union,
    ] = []
    text: Annotated[
        list[str],
        Field(title="Text", description="Every piece of text that can be read in it, as written, one item a line."),
        Aliases("Text"),
    ] = []
