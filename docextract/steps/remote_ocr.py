"""--ocr glm-ocr: pages read by Z.ai's service; each call is written down, kept to --max-cost and stored like any other.

Only pages without a sound text layer are sent (all of them with --verify ocr).
"""

from __future__ import annotations

import json

from docextract.budget.fit import MOST_DPI, fit
from docextract.budget.text import text_tokens
from docextract.budget.windows import WindowRules
from docextract.journal.rows import Claim
from docextract.read.layout_words import layout_words
from docextract.session.clients import Engine
from docextract.session.session import Session
from docextract.steps.obtain import Asking, HeldImages, Turn, obtain
from docextract.steps.source import DocumentPages
from docextract.types import Page, PageImage, RenderSpec, Usage, Window, Words

_MOST_TOKENS = 6144
"""Of one picture, the service's own bound."""
_ANSWER_TOKENS = 4096
"""Expected at most of one page; twice as much is reserved."""


class RemoteReader:
    """Reads pages of one document by the service. `usage` is what that has cost."""

    def __init__(self, session: Session, claim: Claim, engine: Engine) -> None:
        self._session = session
        self._claim = claim
        self._engine = engine
        self.usage = Usage()

    async def read(self, source: DocumentPages, document: str, page: Page) -> Words:
        """The page's words. `document` is its document's digest. Raises what rendering and asking raise."""
        profile = self._engine.profile
        if profile is None:
            raise AssertionError("a service has a profile")
        full = page.pixels or (page.width * MOST_DPI / 72, page.height * MOST_DPI / 72)
        size = fit(profile.image, (float(full[0]), float(full[1])), _MOST_TOKENS)
        spec = RenderSpec(width=size.width, height=size.height, renderer=self._session.job.renderer)
        window = Window(
            document=document,
            index=0,
            of=1,
            pages=(page.number,),
            images=(PageImage(page=page.number, spec=spec, tokens=size.tokens),),
            tokens_low=size.tokens,
            tokens_high=size.tokens,
            answer_tokens=_ANSWER_TOKENS,
        )
        turn = Turn(messages=(), params={"reader": "layout_parsing"})
        answer = await obtain(self._asking(source), window, turn, HeldImages(source))
        self.usage += answer.reply.usage
        found = json.loads(answer.reply.text)
        return layout_words(found["regions"], found["size"], page, "read by GLM-OCR; boxes of words are reckoned")

    def _asking(self, source: DocumentPages) -> Asking:
        return Asking(
            session=self._session,
            engine=self._engine,
            claim=self._claim,
            source=source,
            schema={},
            wire_schema=None,
            schema_digest="layout_parsing",
            prefix="layout_parsing",
            prefix_bytes=0,
            costs={},
            rules=WindowRules(prompt=text_tokens(""), leaves=0, lists=False),
            texts={},
        )
