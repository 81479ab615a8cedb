"""Names of months in the languages documents are met in, and the words that stand around dates."""

from __future__ import annotations

import re

from docextract.values.text import plain

_NAMES = {
    "en": "january february march april may june july august september october november december",
    "en-short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "en-sept": "- - - - - - - - sept - - -",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de-short": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "de-other": "jänner feber maerz - - juno julei - - - - -",
    "de-mrz": "jän - mrz - - - - - - - - -",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr-short": "janv févr mars avr mai juin juil août sept oct nov déc",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es-short": "ene feb mar abr may jun jul ago sep oct nov dic",
    "es-set": "- - - - - - - - setiembre - - -",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it-short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl-short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt-short": "jan fev mar abr mai jun jul ago set out nov dez",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
}

MONTHS: dict[str, int] = {
    plain(name): number
    for names in _NAMES.values()
    for number, name in enumerate(names.split(), start=1)
    if name != "-"
}
"""Month name without accents, lower case, to 1..12. `mar` and the like agree in every language listed."""


def month_pattern() -> str:
    """A regular expression for any month name, accents as printed or without, longest first."""
    spelled = {name for names in _NAMES.values() for name in names.split() if name != "-"} | set(MONTHS)
    return "(?:" + "|".join(re.escape(name) for name in sorted(spelled, key=lambda n: (-len(n), n))) + ")"


def month_number(name: str) -> int | None:
    """1..12 for a month's name or usual short form (a trailing full stop is fine), else None."""
    return MONTHS.get(plain(name).rstrip("."))
