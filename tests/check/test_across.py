from typing import Any

from docextract.check.ground import ground

SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}}


def two(make_page: Any) -> list[Any]:
    body = [f"Line {number} of the report" for number in range(20)]
    first = make_page(*body, "The bridge over the Aldern was", "closed for repairs in", number=1)
    second = make_page("winter and opened again", *body, number=2)
    return [first, second]


def test_a_value_over_a_page_break_is_found(make_page: Any) -> None:
    text = "The bridge over the Aldern was closed for repairs in winter and opened again"
    [found] = ground({"text": text}, SCHEMA, two(make_page))
    assert (found.status, found.page, found.quote) == ("verbatim", 1, text)
    assert len(found.boxes) == 2


def test_its_rest_must_begin_the_next_page(make_page: Any) -> None:
    text = "The bridge over the Aldern was closed for repairs in Line 19 of the report"
    [found] = ground({"text": text}, SCHEMA, two(make_page))
    assert found.status in ("absent", "contradicted")


def test_a_changed_digit_or_word_is_not_carried_over(make_page: Any) -> None:
    text = "The bridge over the Aldern was closed for repairs in spring and opened again"
    [found] = ground({"text": text}, SCHEMA, two(make_page))
    assert found.status in ("absent", "contradicted")
