"""Marks that a schema's author puts on a field: `Annotated[str | None, Aliases("Invoice No."), Merge.first]`.

They change nothing about validation; they show as extra words in the JSON Schema, which is the
language between the rooms: `x-aliases` (labels that stand beside the value on a page) and `x-merge`
(how the answers of several windows become one).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

SchemaOf = Callable[[Any], dict[str, Any]]


class Aliases:
    """Labels under which the value stands on a page, in any language. Shows as `x-aliases`."""

    __slots__ = ("labels",)

    def __init__(self, *labels: str) -> None:
        if not labels or not all(isinstance(label, str) and label.strip() for label in labels):
            raise ValueError('Aliases needs one or more labels, for instance Aliases("Invoice No.", "Rechnungsnummer")')
        self.labels = labels

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: SchemaOf) -> dict[str, Any]:
        schema = handler(core_schema)
        schema["x-aliases"] = list(self.labels)
        return schema

    def __repr__(self) -> str:
        return f"Aliases({', '.join(map(repr, self.labels))})"


class Merge:
    """How the answers of several windows become one value. Shows as `x-merge`.

    Scalars: `first` and `last` non-null without a word about the others, `unique` the first and a
    conflict where another differs (the default), `sum` of numbers, `longest` text. Lists: `append`
    in page order (the default), `union` drops items equal to an earlier one, `by_key("id")` merges
    items whose key is equal, `continued(...)` joins an item that goes on over a page break.
    """

    __slots__ = ("rule",)

    first: ClassVar[Merge]
    last: ClassVar[Merge]
    unique: ClassVar[Merge]
    append: ClassVar[Merge]
    union: ClassVar[Merge]
    sum: ClassVar[Merge]
    longest: ClassVar[Merge]

    def __init__(self, rule: str | dict[str, str]) -> None:
        self.rule = rule

    @classmethod
    def by_key(cls, *keys: str) -> Merge:
        """Items of a list whose `keys` are all equal are one item, merged field by field.

        An item without the first of them stands alone.
        """
        return cls({"by_key": " ".join(keys)})

    @classmethod
    def continued(cls, rows: str, *, header: str, pages: str) -> Merge:
        """For a list of tables: one that goes on over a page break becomes one item.

        The names are fields of the item: `rows` its body rows, `header` its header rows (a repeated one
        is dropped), `pages` the numbers of the pages that it stands on. A row that the break cut in two
        is mended.
        """
        return cls({"continued": rows, "header": header, "pages": pages})

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: SchemaOf) -> dict[str, Any]:
        schema = handler(core_schema)
        schema["x-merge"] = self.rule
        return schema

    def __repr__(self) -> str:
        if isinstance(self.rule, dict):
            name, *_ = self.rule
            return f"Merge.{name}({self.rule[name]!r})"
        return f"Merge.{self.rule}"


for _rule in ("first", "last", "unique", "append", "union", "sum", "longest"):
    setattr(Merge, _rule, Merge(_rule))
