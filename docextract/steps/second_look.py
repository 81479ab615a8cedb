"""A second look at what the page or an audit speaks against: a crop of the region at a higher resolution.

Only the fields in doubt are asked for, through the same `obtain` as every question (journal, budget,
prefixes). What comes back is taken only if the whole answer is then better grounded; what it
replaced is kept as a conflict. A document that nothing speaks against costs no further call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import anyio

from docextract.budget.fit import fit
from docextract.budget.images import image_tokens
from docextract.budget.windows import WindowRules, answer_tokens, shape
from docextract.check.examine import examine
from docextract.check.looks import Look, looks
from docextract.check.parse import parse
from docextract.errors import DocextractError
from docextract.model.answer import complaint
from docextract.prompt.build import build, prefix_text
from docextract.schema.asked import asked_digest
from docextract.schema.part import part
from docextract.schema.wire import Wire, restore, translate
from docextract.steps.ask import Account, Question
from docextract.steps.assemble import Draft
from docextract.steps.obtain import Turn, obtain
from docextract.steps.revise import revise
from docextract.types import Attempt, Box, Json, ModelProfile, Page, PageImage, RenderSpec, Window, WindowResult

DPI = 300
"""A crop is rendered this sharp at most; a page as a whole is sent at 200 or less."""

LEAST_HEIGHT = 0.02
"""A crop has at least this share of the page's height."""

_PER_IMAGE_TEXT = 16  # tokens, "Page 12:" beside each image


async def look_again(question: Question, drafted: Draft) -> Draft:
    """The draft, mended where a second look was better. Never raises for what a model says; run-wide errors pass.

    At most `retries` looks for each window of the document, those at lists first.
    """
    asking = question.asking
    profile = asking.engine.profile
    if profile is None or not profile.vision or not drafted.examined.badness:
        return drafted
    schema, pages = question.target.json_schema, drafted.pages
    sharp = {page.number: page for page in drafted.pieces.document.pages if page.width > 0 and page.height > 0}
    left = question.retries * max(len(drafted.pieces.windows), 1)
    tried: set[tuple[int, tuple[str, ...], tuple[Box, ...]]] = set()
    while left > 0 and drafted.pieces.document.has_layout:
        found = await anyio.to_thread.run_sync(looks, drafted.examined, schema, pages)
        # A look that was taken moves the rows after it: the next one is sought in what is there now.
        look = next((each for each in found if each.page in sharp and _name(each) not in tried), None)
        if look is None:
            break
        tried.add(_name(look))
        left -= 1
        result, value = await _ask(question, drafted, look, (profile, sharp[look.page]))
        drafted = replace(drafted, looks=(*drafted.looks, result))
        if value is not None:
            drafted = await anyio.to_thread.run_sync(_taken, question, drafted, look, value)
    return drafted


def _name(look: Look) -> tuple[int, tuple[str, ...], tuple[Box, ...]]:
    return look.page, look.paths, look.regions


def _taken(question: Question, drafted: Draft, look: Look, value: Json) -> Draft:
    """The draft with the look's answer in it, or as it was where that is no better."""
    target, pages = question.target, drafted.pages
    revised = revise(drafted.examined, drafted.known, look, value, (target.json_schema, pages))
    if revised is None:
        return drafted
    outcome = target.validate(revised.examined.value)
    if not outcome.ok or outcome.data != revised.examined.value:
        return drafted
    conflicting = revised.known.conflicting | {conflict.path for conflict in revised.kept}
    known = replace(revised.known, conflicting=conflicting)
    return replace(
        drafted,
        known=known,
        examined=examine(revised.examined.value, target.json_schema, pages, known, drafted.pieces.calibration),
        kept=(*drafted.kept, *revised.kept),
        noted=(*drafted.noted, *revised.noted),
    )


async def _ask(
    question: Question, drafted: Draft, look: Look, sight: tuple[ModelProfile, Page]
) -> tuple[WindowResult, Json]:
    """One call about one look: what it cost, and its value where it is one."""
    profile, page = sight
    schema = part(question.target.json_schema, look.paths)
    wire = translate(schema, profile.schema_dialect)
    window = await _window(question, drafted, look, (wire, page))
    asking = replace(
        question.asking,
        schema=schema,
        wire_schema=wire.schema,
        schema_digest=asked_digest(schema, wire),
        prefix=f"{question.asking.prefix} {asked_digest(schema, wire)}",
        prefix_bytes=len(prefix_text(question.fixed, wire.schema).encode("utf-8", "replace")),
    )
    account = Account(window)
    account.attempts += _attempts_of(drafted, window.index)
    before = len(account.attempts)
    turn = Turn(
        messages=build(question.fixed, wire.schema, window, {}),
        params={"thinking": "on" if question.thinking == "on" else "off"},
    )
    try:
        async with asking.held() as pages:
            answer = await obtain(asking, window, turn, pages)
    except DocextractError as error:
        if error.scope == "run":
            raise
        account.miss(error.code)
        return WindowResult(window=window, fault=error.fault, attempts=tuple(account.attempts[before:])), None
    bad = complaint(answer.reply)
    value: Json = None
    if bad is None:
        try:
            value = parse(answer.reply.text)
        except DocextractError as error:
            bad = error
    account.take(answer, "second_look" if bad is None else bad.code)
    result = WindowResult(window=window, attempts=tuple(account.attempts[before:]), usage=account.usage)
    if bad is not None:
        return result, None
    outcome = question.target.partial(restore(schema, value))
    return result, outcome.data if outcome.ok else None


def _attempts_of(drafted: Draft, index: int) -> list[Attempt]:
    """Attempts of a window so far, so that those of a look are numbered on."""
    results: Sequence[WindowResult] = (*drafted.pieces.windows, *drafted.looks)
    return [attempt for result in results for attempt in result.attempts if attempt.window == index]


async def _window(question: Question, drafted: Draft, look: Look, sight: tuple[Wire, Page]) -> Window:
    """The regions as a window of their own, under the number of the window that the page was asked in."""
    wire, page = sight
    images = tuple(_image(question, page, region) for region in look.regions)
    prompt = await question.asking.session.prompt_tokens(prefix_text(question.fixed, wire.schema))
    leaves, lists = shape(wire.schema)
    tokens = sum(image.tokens + _PER_IMAGE_TEXT for image in images)
    first = next((result.window for result in drafted.pieces.windows if look.page in result.window.pages), None)
    return Window(
        document=drafted.pieces.document.digest,
        index=first.index if first is not None else 0,
        of=first.of if first is not None else 1,
        pages=(look.page,),
        images=images,
        tokens_low=prompt.low + tokens,
        tokens_high=prompt.high + tokens,
        answer_tokens=answer_tokens(WindowRules(prompt=prompt, leaves=leaves, lists=lists), 1),
    )


def _image(question: Question, page: Page, region: Box) -> PageImage:
    """A stretch of the page at the sharpest useful size that the budget of one image allows."""
    session, profile = question.asking.session, question.asking.engine.profile
    if profile is None:
        raise ValueError("the embedded engine takes no second look")
    top, bottom = region[1], max(region[3], min(1.0, region[1] + LEAST_HEIGHT))
    full = page.pixels or (page.width * DPI / 72, page.height * DPI / 72)
    size = fit(profile.image, (float(full[0]), full[1] * (bottom - top)), session.job.max_tokens_per_image)
    crop = None if (top, bottom) == (0.0, 1.0) else (0.0, top, 1.0, bottom)
    spec = RenderSpec(width=size.width, height=size.height, renderer=session.job.renderer, crop=crop)
    return PageImage(page=page.number, spec=spec, tokens=image_tokens(profile.image, size.width, size.height))
