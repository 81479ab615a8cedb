"""Constraints and marks on types."""

from typing import Annotated

from pydantic import BaseModel, Field

from docextract import Aliases, Evidence, Merge

Code = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="A code."), Aliases("Code", "Kürzel")]


class Coded(BaseModel):
    codes: Annotated[list[Code], Field(max_length=3), Merge.union] = []
    fit: Annotated[int | None, Field(ge=0, le=10), Evidence.inferred] = None
