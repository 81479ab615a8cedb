"""A design mock-up as code files. Copy this file and name your own framework. Needs a model that sees.

docextract run mockups --schema ui_component --model zai/glm-5v-turbo
{"name": "LoginCard", "texts": ["Sign in"], "files": [{"path": "LoginCard.html", "content": "<form>..."}]}
and mockup.png.files/LoginCard.html
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from docextract import Aliases, Evidence, Merge


class CodeFile(BaseModel):
    """One file of the component."""

    path: Annotated[
        str | None,
        Field(
            title="Path",
            description="Relative path with forward slashes, for instance LoginCard.html or src/LoginCard.css.",
            pattern=r"^[A-Za-z0-9_@][A-Za-z0-9_@.-]*(/[A-Za-z0-9_@][A-Za-z0-9_@.-]*)*$",
            max_length=200,
        ),
        Evidence.inferred,
    ] = None
    content: Annotated[
        str | None,
        Field(title="Content", description="The whole file, ready to be used; no placeholders for code left out."),
        Evidence.inferred,
    ] = None


class UiComponent(BaseModel):
    """A mock-up of a user interface, as a component: what it is called, its words, and its code.

    Write semantic HTML with CSS unless the context says another framework; no external resources.
    """

    model_config = ConfigDict(title="UI component", json_schema_extra={"x-artifacts": ["files"], "x-auto": False})

    name: Annotated[
        str | None,
        Field(title="Name", description="A name for the component in PascalCase."),
        Evidence.inferred,
        Merge.first,
    ] = None
    description: Annotated[
        str | None,
        Field(title="Description", description="What it is for and how it behaves, in two sentences."),
        Evidence.inferred,
        Merge.first,
    ] = None
    texts: Annotated[
        list[str],
        Field(title="Texts", description="Every text in the mock-up as written: labels, buttons, placeholders."),
        Aliases("Text"),
    ] = []
    colors: Annotated[
        list[str],
        Field(title="Colours", description="The colours used, as #rrggbb, most used first."),
        Evidence.inferred,
        Merge.union,
    ] = []
    files: Annotated[
        list[CodeFile],
        Field(title="Files", description="Every file of the component."),
        Evidence.inferred,
        Merge.by_key("path"),
    ] = []
