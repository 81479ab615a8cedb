"""Text that speaks to a machine instead of a reader: named by page, never obeyed, never evidence.

The patterns are held against text squeezed to its letters and digits, so that line breaks, odd
spacing, punctuation and a reader's lost spaces hide nothing. They name an instruction together with
what it is about ("ignore ... instructions"), since "please ignore this reminder" is an honest line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from docextract.check.keys import key
from docextract.types import Issue, Word, Words

_SQUEEZED = r"""
  (?:ignore|disregard|forget|override|bypass)
    (?:all|any|every|the|your|of|these|those|my|previous|prior|above|earlier|preceding|foregoing|other|system|and){1,6}
    (?:instruction|prompt|direction|guideline|rule|command)s?
| (?:you|u)are(?:now)?(?:an?|the)?(?:ai|llm|chatbot|helpfulassistant|aiassistant|(?:large)?languagemodel)(?!r)
| asan(?:ai|llm)(?:language)?(?:model|assistant|system)
| (?:reveal|print|output|repeat|show|leak|send)(?:me)?(?:your|the)(?:system|hidden|initial|original)
    (?:prompt|instructions|apikey)
| (?:new|updated|important|special)instructions?(?:for|to)(?:the|any|all|an)?(?:ai|llm|model|assistant|extractor)
| (?:note|notice|message|attention|instructions?)(?:for|to)(?:the|any|all)?
    (?:ai|llms?|languagemodels?|chatbots?|aiassistants?)(?:reading|processing|that|who|only|model)
| (?:donot|dont|never)(?:extract|transcribe)(?:any|this|the|these)\w{0,20}(?:document|page|invoice|field|value|data)
| instead(?:output|return|answer|respond|reply|report)(?:with)?(?:only|the|a|that)\w{0,20}(?:json|total|amount|value)
| (?:respond|reply|answer)only(?:with|in)(?:the|valid|this|one)?(?:word|json|text|yes|no)
| jsonschemaoftheanswer|answerwiththejsonforpages?\d  # the words around the pages of a request, which no page has
# German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish
| (?:ignorier|missacht|vergiss|vergess)\w{0,3}
    (?:sie|bitte|alle|die|den|deine|ihre|vorherige|bisherige|obige|vorangegangene|fruhere|n|r|s){1,8}
    (?:anweisung|instruktion|anleitung|befehl|vorgabe|regel)
| (?:ignore|ignorez|ignorer|oublie|oubliez)(?:toutes|tous|les|vos|tes|ces|precedentes|precedents|ci|dessus){1,5}
    (?:instruction|consigne|directive|regle)s?
| (?:ignora|ignore|ignorar|olvida|olvide|esqueca|desconsidere|dimentica)
    (?:todas|todos|tutte|tutti|as|os|las|los|le|i|sus|tus|suas|tue|anteriores|precedenti|previas){1,5}
    (?:instruccione|instruco|istruzion|ordenes|indicacione|regra|regla|regole|comand)
| negeer(?:alle|de|uw|je|vorige|eerdere|voorgaande|bovenstaande){1,4}(?:instructie|opdracht|aanwijzing|regel)
| zignoruj(?:wszystkie|te|poprzednie|wczesniejsze|powyzsze){1,4}(?:instrukcj|polecen|wytyczn)
| (?:onceki|yukarıdaki|tum|butun){1,3}(?:talimat|komut)lar\w{0,3}(?:yoksay|gozardı|unut)
# Russian, Chinese, Japanese, Korean, Arabic
| (?:про)?(?:игнорируй|забудь)(?:те)?(?:все|эти|свои|предыдущие|прежние|вышеуказанные){1,4}
    (?:инструкци|указани|команд|правил)
| (?:忽略|无视|無視|忘记|忘記|忽視)(?:之前|以上|前面|先前|上述|所有|全部|一切|的|任何|你|您){0,6}
    (?:指令|指示|说明|說明|提示|规则|規則|命令)
| (?:以前|これまで|上記|前|すべて){1,3}の(?:すべての)?(?:指示|命令|プロンプト|指令)を?(?:すべて)?(?:無視|忘れ)
| (?:이전|위|앞|모든|의){1,4}(?:지시|명령|지침|프롬프트)\w{0,8}(?:무시|잊)
| (?:تجاهل|انس)(?:جميع|كل|هذه){0,2}(?:التعليمات|الأوامر|الإرشادات)
"""
_RAW = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?INST\]|<</?SYS>>|</?(?:system|instructions?)>"
    r"|(?:^|\s)(?:###\s*)?(?:system|assistant)\s*(?:prompt|message)?\s*:\s*(?:you|ignore|do not|from now)",
    re.IGNORECASE,
)


# Letters of some scripts fall apart when a text is squeezed: the patterns go the same way.
_PATTERN = re.compile("".join(key(sign) if ord(sign) > 127 else sign for sign in _SQUEEZED), re.VERBOSE)


def name_issues(named: Mapping[str, str]) -> list[Issue]:
    """One issue for each of `named` with such text: what it is (a file name) to its text."""
    return [
        Issue(path="", code="instruction_like_text", message=f"{what} reads like an instruction: {quote!r}")
        for what, text in named.items()
        if (quote := instruction_in(text)) is not None
    ]


def page_issues(page: Words) -> list[Issue]:
    """An issue for a page with such text, seen or hidden."""
    for words, seen in ((page.words, "visible"), (page.hidden, "hidden")):
        quote = _in_words(words)
        if quote is not None:
            message = f"{seen} text reads like an instruction to a model (not obeyed): {quote!r}"
            return [Issue(path="", code="instruction_like_text", message=message, page=page.page)]
    return []


def instruction_in(text: str) -> str | None:
    """The stretch of a text that reads like an instruction to a model, at most 80 characters of it; else None."""
    return _in_texts(text.split())


def _in_words(words: Iterable[Word]) -> str | None:
    return _in_texts([word.text for word in words])


def _in_texts(texts: Sequence[str]) -> str | None:
    raw = _RAW.search(" ".join(texts))
    if raw is not None:
        return raw[0].strip()[:80]
    keys = [key(text) for text in texts]
    found = _PATTERN.search("".join(keys))
    if found is None:
        return None
    return " ".join(_spanned(texts, keys, found.start(), found.end()))[:80]


def _spanned(texts: Sequence[str], keys: Sequence[str], start: int, end: int) -> Iterator[str]:
    position = 0
    for text, part in zip(texts, keys, strict=True):
        if position < end and position + len(part) > start:
            yield text
        position += len(part)
