"""What requests share stands first, byte for byte."""

from docextract.prompt.build import Fixed, build, prefix_text, proceed, repair, schema_text
from docextract.types import Issue, Message, PageImage, RenderSpec, Window

SCHEMA = {"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "number"}}}
OTHER = {"type": "object", "properties": {"z": {"type": "string"}}}


def window(*pages: int) -> Window:
    spec = RenderSpec(width=100, height=140)
    images = tuple(PageImage(page=page, spec=spec, tokens=20) for page in pages)
    return Window(document="d", index=0, of=1, pages=pages, images=images)


def flat(messages: tuple[Message, ...]) -> list[object]:
    return [part for message in messages for part in (message.role, *message.parts)]


def shared(first: tuple[Message, ...], second: tuple[Message, ...]) -> list[object]:
    same = []
    for one, other in zip(flat(first), flat(second), strict=False):
        if one != other:
            break
        same.append(one)
    return same


def test_two_documents_share_everything_before_their_pages() -> None:
    fixed = Fixed(context="Chart of accounts: 4711", examples=('{"a": 1}',))
    first, second = build(fixed, SCHEMA, window(1, 2), {}), build(fixed, SCHEMA, window(1), {})
    text = "".join(str(part) for part in shared(first, second))
    assert schema_text(SCHEMA) in text
    assert "Chart of accounts: 4711" in text
    assert '{"a": 1}' in text


def test_two_schemas_over_one_document_share_its_pages() -> None:
    fixed = Fixed(schema_last=True)
    first, second = build(fixed, SCHEMA, window(1, 2), {}), build(fixed, OTHER, window(1, 2), {})
    images = [part for part in shared(first, second) if isinstance(part, PageImage)]
    assert [image.page for image in images] == [1, 2]


def test_a_repair_leaves_all_before_it_untouched() -> None:
    messages = build(Fixed(), SCHEMA, window(1), {})
    again = repair(messages, '{"a": "x"}', (Issue(path="/a", code="invalid_value", message="not a number"),))
    assert again[: len(messages)] == messages
    assert again[-2].parts == ('{"a": "x"}',)
    assert "/a: not a number" in str(again[-1].parts)
    assert proceed(messages, "{")[: len(messages)] == messages


def test_pages_stand_in_order_and_say_which_they_are() -> None:
    messages = build(Fixed(), SCHEMA, window(3, 4), {4: "words of page four"})
    parts = messages[-1].parts
    assert [part.page for part in parts if isinstance(part, PageImage)] == [3, 4]
    assert any("words of page four" in part for part in parts if isinstance(part, str))
    assert "pages 3 to 4" in str(parts[-1])


def test_the_order_of_keys_in_a_schema_does_not_change_the_prompt() -> None:
    turned = {"properties": {"a": {"type": "number"}, "b": {"type": "string"}}, "type": "object"}
    assert schema_text(turned) == schema_text(SCHEMA)
    assert prefix_text(Fixed(), turned) == prefix_text(Fixed(), SCHEMA)
