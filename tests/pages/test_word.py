from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from docextract.errors import InputError
from docextract.pages.flow import flow
from docextract.pages.word_numbers import printed

Blocks = list[dict[str, Any]]


def blocks_of(document: Any, tmp_path: Path) -> Blocks:
    path = tmp_path / "made.docx"
    document.save(str(path))
    return list(flow(path, "docx")[0]["blocks"])


def texts(blocks: Blocks, kind: str | None = None) -> list[str]:
    return [block["text"] for block in blocks if kind in {None, block["kind"]}]


def body_with(inner: str) -> Any:
    """A document whose body holds this XML."""
    document = docx.Document()
    namespaces = nsdecls("w", "wp", "a", "r", "m") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    holder = parse_xml(f"<w:body {namespaces}>{inner}</w:body>")
    for element in reversed(list(holder)):
        document.element.body.insert(0, element)
    return document


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_headings_paragraphs_and_lists_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_heading("Part", 2)
    document.add_paragraph("Some text.")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("second", style="List Number")
    document.add_paragraph("dot", style="List Bullet")
    assert [(b["kind"], b["level"], b["text"]) for b in blocks_of(document, tmp_path)] == [
        ("heading", 1, "Report"), ("heading", 2, "Part"), ("paragraph", 0, "Some text."),
        ("list", 0, "1. first"), ("list", 0, "2. second"), ("list", 0, "• dot"),
    ]  # fmt: skip


def test_changes_are_as_accepted_and_hidden_text_is_left_out(tmp_path: Path) -> None:
    document = body_with(
        "<w:p><w:r><w:t>kept </w:t></w:r><w:ins><w:r><w:t>added </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>gone </w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved </w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret </w:t></w:r>"
        "<w:smartTag><w:r><w:t>tagged </w:t></w:r></w:smartTag>"
        "<w:hyperlink><w:r><w:t>linked</w:t></w:r></w:hyperlink></w:p>"
    )
    assert texts(blocks_of(document, tmp_path)) == ["kept added tagged linked"]


def test_content_controls_give_their_content_but_not_their_prompt(tmp_path: Path) -> None:
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    document = body_with(
        control.format("", paragraph("filled"))
        + control.format("<w:showingPlcHdr/>", paragraph("Click here"))
        + "<w:p>" + control.format("", "<w:r><w:t>inline</w:t></w:r>") + "</w:p>"
    )  # fmt: skip
    assert texts(blocks_of(document, tmp_path)) == ["filled", "inline"]


def test_fields_symbols_breaks_and_form_boxes(tmp_path: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3 May</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    box = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/>'
        "</w:checkBox></w:ffData></w:fldChar></w:r>"
    )
    choice = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="red"/>'
        '<w:listEntry w:val="blue"/></w:ddList></w:ffData></w:fldChar></w:r>'
    )
    document = body_with(
        f"<w:p>{field}<w:r><w:br/><w:t>well</w:t><w:noBreakHyphen/><w:t>read</w:t><w:softHyphen/><w:t>ing</w:t>"
        f'<w:sym w:font="Wingdings" w:char="F0FE"/></w:r>{box}{choice}</w:p>'
    )
    assert texts(blocks_of(document, tmp_path)) == ["3 May\nwell-reading☒☒blue"]


def test_equations_are_read_in_a_line(tmp_path: Path) -> None:
    letter = "<m:r><m:t>{}</m:t></m:r>"
    document = body_with(
        "<w:p><m:oMath>" + letter.format("E=m")
        + f"<m:sSup><m:e>{letter.format('c')}</m:e><m:sup>{letter.format('2')}</m:sup></m:sSup>"
        + f"<m:f><m:num>{letter.format('a+b')}</m:num><m:den>{letter.format('2')}</m:den></m:f>"
        + "</m:oMath></w:p>"
    )  # fmt: skip
    assert texts(blocks_of(document, tmp_path)) == ["E=mc^2(a+b)/2"]


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    document = body_with(
        "<w:p><w:r><w:t>around</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{paragraph("inside")}</w:txbxContent>'
        "</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{paragraph('inside')}</w:txbxContent></v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert [(b["kind"], b["text"]) for b in blocks_of(document, tmp_path)] == [
        ("paragraph", "around"),
        ("textbox", "inside"),
    ]


def test_merged_cells_and_nested_tables(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "wide"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "tall"
    inner = table.cell(2, 2).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in", "ner"
    (block,) = blocks_of(document, tmp_path)
    cells = [[(c["text"], c["row_span"], c["column_span"]) for c in row] for row in block["rows"]]
    assert cells == [
        [("00", 1, 1), ("wide", 1, 2)],
        [("tall", 2, 1), ("11", 1, 1), ("12", 1, 1)],
        [("21", 1, 1), ("22\nin ner", 1, 1)],
    ]


def test_repeated_head_rows_are_heads_and_deleted_rows_are_gone(tmp_path: Path) -> None:
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    document = body_with(
        "<w:tbl>" + row.format("<w:tblHeader/>", paragraph("A"), paragraph("B"))
        + row.format("<w:del/>", paragraph("old"), paragraph("old"))
        + row.format('<w:gridBefore w:val="1"/>', paragraph("x"), paragraph("y")) + "</w:tbl>"
    )  # fmt: skip
    (block,) = blocks_of(document, tmp_path)
    assert [[(c["text"], c["header"]) for c in r] for r in block["rows"]] == [
        [("A", True), ("B", True)],
        [("", False), ("x", False), ("y", False)],
    ]


def test_a_table_of_one_cell_is_a_frame(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "framed"
    assert [(b["kind"], b["text"]) for b in blocks_of(document, tmp_path)] == [("paragraph", "framed")]


def test_headers_and_footers_stand_once(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("body")
    section = document.sections[0]
    section.header.paragraphs[0].text = "Company"
    section.footer.paragraphs[0].text = "Page foot"
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "First"
    second = document.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Company"
    blocks = blocks_of(document, tmp_path)
    assert sorted(texts(blocks, "header")) == ["Company", "First"]
    assert texts(blocks, "footer") == ["Page foot"]
    assert [b["kind"] for b in blocks] == ["header", "header", "paragraph", "footer"]


def test_pictures_are_given_as_they_are_or_as_png(tmp_path: Path) -> None:
    document = docx.Document()
    for kind in ("PNG", "GIF", "PNG"):
        data = io.BytesIO()
        Image.new("RGB", (20, 30), "red" if kind == "PNG" else "blue").save(data, kind)
        document.add_picture(data)
    document.save(str(tmp_path / "pictures.docx"))
    structure, blobs = flow(tmp_path / "pictures.docx", "docx")
    assert [block["image"] for block in structure["blocks"]] == [0, 1, 0]
    assert [Image.open(io.BytesIO(blob)).format for blob in blobs] == ["PNG", "PNG"]


@pytest.fixture
def rewrite(tmp_path: Path) -> Callable[..., Path]:
    """Write a Word file with its parts changed: `change(name, data)` gives new data, or None to leave a part out."""

    def make(change: Callable[[str, bytes], bytes | None], **added: bytes) -> Path:
        plain, path = io.BytesIO(), tmp_path / "changed.docx"
        document = docx.Document()
        document.add_paragraph("still here")
        document.save(plain)
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                data = change(name, source.read(name))
                if data is not None:
                    target.writestr(name, data)
            for name, data in added.items():
                target.writestr(name, data)
        return path

    return make


def test_notes_come_last(rewrite: Callable[..., Path]) -> None:
    part = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"

    def change(name: str, data: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return data.replace(
                b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{part}"/></Types>'.encode()
            )
        if name == "word/_rels/document.xml.rels":
            extra = f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>'
            return data.replace(b"</Relationships>", extra.encode())
        return data

    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("See above.")}</w:footnote></w:footnotes>'
    )
    path = rewrite(change, **{"word/footnotes.xml": notes.encode()})
    assert [(b["kind"], b["text"]) for b in flow(path, "docx")[0]["blocks"]] == [
        ("paragraph", "still here"),
        ("footnote", "1 See above."),
    ]


def test_relationships_that_lead_nowhere_do_no_harm(rewrite: Callable[..., Path]) -> None:
    path = rewrite(lambda name, data: None if name == "word/settings.xml" else data)
    assert texts(flow(path, "docx")[0]["blocks"]) == ["still here"]


def test_strict_namespaces_are_read(rewrite: Callable[..., Path]) -> None:
    def change(name: str, data: bytes) -> bytes:
        return re.sub(
            rb"http://schemas.openxmlformats.org/(wordprocessingml|officeDocument)/2006/(main|relationships)",
            rb"http://purl.oclc.org/ooxml/\1/\2",
            data,
        )

    assert texts(flow(rewrite(change), "docx")[0]["blocks"]) == ["still here"]


@pytest.mark.parametrize("keep", ["word/document.xml", "[Content_Types].xml"])
def test_files_without_their_main_parts_are_corrupt(rewrite: Callable[..., Path], keep: str) -> None:
    with pytest.raises(InputError) as caught:
        flow(rewrite(lambda name, data: None if name == keep else data), "docx")
    assert caught.value.code == "corrupt"


@given(st.integers(1, 3999))
def test_roman_numbers_read_back(count: int) -> None:
    values = {"m": 1000, "d": 500, "c": 100, "l": 50, "x": 10, "v": 5, "i": 1}
    digits = [values[sign] for sign in printed(count, "lowerRoman")]
    after = [*digits[1:], 0]
    assert sum(-one if one < two else one for one, two in zip(digits, after, strict=True)) == count


@pytest.mark.parametrize(
    ("count", "style", "text"),
    [(1, "lowerLetter", "a"), (26, "upperLetter", "Z"), (27, "lowerLetter", "aa"), (7, "decimalZero", "07"),
     (0, "lowerLetter", "0"), (5, "ideographDigital", "5")],
)  # fmt: skip
def test_other_numbers(count: int, style: str, text: str) -> None:
    assert printed(count, style) == text
