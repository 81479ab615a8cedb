"""Windows: runs of pages that fit the context together with the question and the answer, in page order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docextract.budget.text import Bounds
from docextract.errors import InputError
from docextract.types import Json, ModelProfile, PageImage, Window

LEAST_ANSWER = 2048  # tokens; also for the smallest schema, since an answer that is cut off is paid for and lost
_TOKENS_PER_LEAF = 24
_TOKENS_PER_LISTED_PAGE = 1500  # a dense page of table rows as JSON
_PER_IMAGE_TEXT = Bounds(2, 16)  # "Page 12:" beside each image


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCost:
    """What a page adds to a request: its images, or its text, with bounds for both."""

    page: int
    images: tuple[PageImage, ...] = ()
    text: Bounds | None = None

    @property
    def tokens(self) -> Bounds:
        """Input tokens of the page."""
        images = sum(image.tokens for image in self.images)
        total = Bounds(images, images)
        for _ in self.images:
            total += _PER_IMAGE_TEXT
        return total + self.text if self.text is not None else total


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRules:
    """What bounds a window beside the context: the user's page count and overlap, and the fixed prompt's tokens."""

    prompt: Bounds
    leaves: int
    lists: bool
    window_pages: int | None = None
    overlap: int = 0


def answer_tokens(rules: WindowRules, pages: int) -> int:
    """Estimated answer of a window of this many pages. The request's cap is twice this."""
    per_page = _TOKENS_PER_LISTED_PAGE if rules.lists else 0
    return max(LEAST_ANSWER // 2, rules.leaves * _TOKENS_PER_LEAF + per_page * pages)


def plan(document: str, costs: Sequence[PageCost], rules: WindowRules, profile: ModelProfile) -> tuple[Window, ...]:
    """Windows that hold every page at least once, as many pages each as fit.

    Raises InputError (page_too_large) naming the page that does not fit on its own.
    """
    groups: list[list[PageCost]] = []
    start = 0
    while start < len(costs):
        end = start + 1
        _refuse_alone(costs[start], rules, profile)
        while end < len(costs) and fits(costs[start : end + 1], rules, profile):
            end += 1
        groups.append(list(costs[start:end]))
        # The last window ends the document; else the next begins `overlap` pages back, and always moves on.
        start = end if end == len(costs) else max(start + 1, end - rules.overlap)
    return tuple(_window(document, index, len(groups), group, rules) for index, group in enumerate(groups))


def fits(group: Sequence[PageCost], rules: WindowRules, profile: ModelProfile) -> bool:
    """Whether these pages are one window."""
    if rules.window_pages is not None and len(group) > rules.window_pages:
        return False
    if sum(len(cost.images) for cost in group) > profile.image.max_count:
        return False
    answer = 2 * answer_tokens(rules, len(group))
    if len(group) > 1 and answer > profile.max_output:
        return False
    high = rules.prompt.high + sum(cost.tokens.high for cost in group)
    return high + min(answer, profile.max_output) <= profile.context


def halve(window: Window, costs: Mapping[int, PageCost], rules: WindowRules) -> tuple[Window, ...]:
    """The same pages as two windows; a window of one page comes back alone."""
    middle = len(window.pages) // 2
    parts = [part for part in (window.pages[:middle], window.pages[middle:]) if part]
    return tuple(
        _window(window.document, window.index, window.of, [costs[page] for page in part], rules) for part in parts
    )


def _refuse_alone(cost: PageCost, rules: WindowRules, profile: ModelProfile) -> None:
    if fits([cost], rules, profile):
        return
    need = rules.prompt.high + cost.tokens.high + LEAST_ANSWER
    raise InputError(
        f"page {cost.page} needs about {need:,} tokens, {profile.id} takes {profile.context:,}", code="page_too_large"
    )


def _window(document: str, index: int, of: int, group: Sequence[PageCost], rules: WindowRules) -> Window:
    low = rules.prompt.low + sum(cost.tokens.low for cost in group)
    high = rules.prompt.high + sum(cost.tokens.high for cost in group)
    return Window(
        document=document,
        index=index,
        of=of,
        pages=tuple(cost.page for cost in group),
        images=tuple(image for cost in group for image in cost.images),
        text_pages=tuple(cost.page for cost in group if cost.text is not None),
        tokens_low=low,
        tokens_high=high,
        answer_tokens=answer_tokens(rules, len(group)),
    )


def shape(schema: Mapping[str, Json]) -> tuple[int, bool]:
    """How many leaves a schema has (recursion counted once), and whether it lists things."""
    definitions = schema.get("$defs", {})
    leaves, lists = 0, False
    waiting: list[Json] = [schema]
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Mapping):
            continue
        reference = node.get("$ref")
        if isinstance(reference, str):
            name = reference.rsplit("/", 1)[-1]
            if name not in seen:
                seen.add(name)
                waiting.append(definitions.get(name, {}))
            continue
        below = [*node.get("properties", {}).values(), node.get("items"), node.get("additionalProperties")]
        below += [branch for key in ("anyOf", "oneOf", "allOf") for branch in node.get(key, ())]
        lists = lists or "items" in node or isinstance(node.get("additionalProperties"), Mapping)
        inner = [each for each in below if isinstance(each, Mapping)]
        leaves += 0 if inner else 1
        waiting.extend(inner)
    return leaves, lists
