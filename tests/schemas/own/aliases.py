"""Names on the wire that are no Python names."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Named(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    class_: str | None = Field(default=None, alias="class")
    total: Decimal | None = Field(default=None, validation_alias="Grand Total", serialization_alias="Grand Total")
