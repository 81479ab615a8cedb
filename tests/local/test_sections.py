"""Resumes drawn by the tests in layouts that people use, read through the real text layer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from docextract.local.sections import extract
from docextract.local.sections_headings import known
from docextract.read.pdfpage import text_layer
from docextract.types import Evidence, Json, Words

TEXT: dict[str, Json] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
TEXTS: dict[str, Json] = {"type": "array", "items": {"type": "string"}}


def _record(*names: str, **lists: Json) -> dict[str, Json]:
    return {"type": "object", "properties": {**dict.fromkeys(names, TEXT), **lists}}


SCHEMA: dict[str, Json] = _record(
    "name", "headline", "email", "phone", "location", "summary",
    urls=TEXTS, skills=TEXTS, languages=TEXTS, certifications=TEXTS,
    experience={
        "type": "array",
        "items": _record("company", "position", "location", "start_date", "end_date", highlights=TEXTS),
    },
    education={"type": "array", "items": _record("institution", "area", "degree", "start_date", "end_date")},
    projects={"type": "array", "items": _record("name", "description", "start_date", "end_date", highlights=TEXTS)},
)  # fmt: skip

Mark = tuple[float, float, float, bool, str]
"""x (negative: right edge), y from the top, size, bold, text."""


def drawn(*sheets: Sequence[Mark | str]) -> tuple[Words, ...]:
    """Pages with these texts on them, as the reader sees them; "rule Y" draws a line across."""
    file = io.BytesIO()
    paper = canvas.Canvas(file, pagesize=A4)
    for sheet in sheets:
        for mark in sheet:
            if isinstance(mark, str):
                height = A4[1] - float(mark.split()[1])
                paper.line(40, height, 555, height)
                continue
            x, y, size, bold, text = mark
            font = "Helvetica-Bold" if bold else "Helvetica"
            paper.setFont(font, size)
            left = x if x >= 0 else -x - stringWidth(text, font, size)
            paper.drawString(left, A4[1] - y, text)
        paper.showPage()
    paper.save()
    pdf = pdfium.PdfDocument(file.getvalue())
    try:
        return tuple(text_layer(pdf, index, index + 1)[0] for index in range(len(pdf)))
    finally:
        pdf.close()


def read(*sheets: Sequence[Mark | str]) -> tuple[Any, tuple[Evidence, ...]]:
    return extract(SCHEMA, drawn(*sheets))


CAPITALS: list[Mark | str] = [
    (200, 60, 22, True, "Ana Petrova"),
    (190, 80, 11, False, "Mechanical Engineer"),
    (120, 96, 9, False, "ana@petrova.example | +359 88 123 4567 | Sofia, Bulgaria | linkedin.com/in/anap"),
    (40, 130, 11, True, "WORK EXPERIENCE"),
    "rule 134",
    (40, 150, 10, True, "Design Engineer, Balkan Pumps Ltd"),
    (-555, 150, 10, False, "03/2019 - present"),
    (
        50,
        165,
        10,
        False,
        "• Designed a range of nine centrifugal pumps for drinking water, from the first sketch to the",
    ),
    (58, 178, 10, False, "tests on the bench"),
    (50, 191, 10, False, "• Trained two apprentices"),
    (40, 210, 10, True, "Intern, Rila Motors"),
    (-555, 210, 10, False, "06/2017 - 09/2018"),
    (50, 225, 10, False, "• Measured gear wear"),
    (40, 255, 11, True, "EDUCATION"),
    "rule 259",
    (40, 275, 10, True, "Technical University of Sofia"),
    (-555, 275, 10, False, "2013 - 2017"),
    (40, 289, 10, False, "BSc in Mechanical Engineering"),
    (40, 315, 11, True, "SKILLS"),
    "rule 319",
    (40, 335, 10, False, "Software: SolidWorks, ANSYS, Python (NumPy, SciPy)"),
    (40, 350, 10, False, "Workshop: turning, milling"),
    (40, 376, 11, True, "LANGUAGES"),
    "rule 380",
    (40, 396, 10, False, "Bulgarian (native), English (C1), German (B1)"),
]


def test_capital_headings_with_dates_at_the_right() -> None:
    value, _ = read(CAPITALS)
    assert value["name"] == "Ana Petrova"
    assert value["headline"] == "Mechanical Engineer"
    assert value["email"] == "ana@petrova.example"
    assert value["phone"] == "+359 88 123 4567"
    assert value["location"] == "Sofia, Bulgaria"
    assert value["urls"] == ["linkedin.com/in/anap"]
    first, second = value["experience"]
    assert (first["company"], first["position"]) == ("Balkan Pumps Ltd", "Design Engineer")
    assert (first["start_date"], first["end_date"]) == ("2019-03", None)
    wrapped, short = first["highlights"]
    assert wrapped.startswith("Designed a range of nine centrifugal pumps")
    assert wrapped.endswith("from the first sketch to the tests on the bench")
    assert short == "Trained two apprentices"
    assert (second["company"], second["end_date"]) == ("Rila Motors", "2018-09")
    assert value["education"] == [
        {
            "institution": "Technical University of Sofia",
            "area": "Mechanical Engineering",
            "degree": "BSc",
            "start_date": "2013",
            "end_date": "2017",
        }
    ]
    assert value["skills"] == ["SolidWorks", "ANSYS", "Python (NumPy, SciPy)", "turning", "milling"]
    assert [item.split(" ")[0] for item in value["languages"]] == ["Bulgarian", "English", "German"]
    assert value["summary"] is None
    assert value["projects"] == []


def test_dates_in_a_left_column() -> None:
    value, _ = read(
        [
            (60, 60, 24, False, "Tomas Novak"),
            (60, 100, 14, False, "Experience"),
            (60, 125, 10, False, "2016-2020"),
            (140, 125, 10, True, "Software Developer"),
            (140, 138, 10, False, "Brno Systems, Brno"),
            (150, 152, 10, False, "• Wrote the billing service"),
            (60, 172, 10, False, "2012-2016"),
            (140, 172, 10, True, "Tester"),
            (140, 185, 10, False, "Morava Bank, Olomouc"),
            (60, 220, 14, False, "Education"),
            (60, 245, 10, False, "2007-2012"),
            (140, 245, 10, True, "Master of Science in Informatics"),
            (140, 258, 10, False, "Masaryk University"),
        ]
    )
    assert [(item["position"], item["company"], item["start_date"]) for item in value["experience"]] == [
        ("Software Developer", "Brno Systems", "2016"),
        ("Tester", "Morava Bank", "2012"),
    ]
    school = value["education"][0]
    assert (school["institution"], school["degree"], school["area"]) == (
        "Masaryk University",
        "Master of Science",
        "Informatics",
    )


def test_two_columns_are_read_apart() -> None:
    value, _ = read(
        [
            (40, 60, 24, True, "Lea Martin"),
            (40, 85, 11, False, "Architecte"),
            (40, 130, 13, True, "Contact"),
            (40, 150, 9, False, "lea@martin.example"),
            (40, 164, 9, False, "06 12 34 56 78"),
            (40, 200, 13, True, "Compétences"),
            (40, 220, 9, False, "Revit"),
            (40, 234, 9, False, "AutoCAD"),
            (40, 270, 13, True, "Langues"),
            (40, 290, 9, False, "Français"),
            (40, 304, 9, False, "Anglais"),
            (220, 130, 13, True, "Expérience professionnelle"),
            (220, 152, 10, True, "Architecte chez Atelier Nord"),
            (-555, 152, 10, False, "mai 2018 – aujourd'hui"),
            (230, 167, 10, False, "• Conception de trois écoles primaires"),
            (230, 181, 10, False, "• Suivi de chantier"),
            (220, 215, 13, True, "Formation"),
            (220, 237, 10, True, "École d'architecture de Lyon"),
            (-555, 237, 10, False, "2010 – 2016"),
            (220, 251, 10, False, "Diplôme d'architecte"),
        ]
    )
    assert value["skills"] == ["Revit", "AutoCAD"]
    assert value["languages"] == ["Français", "Anglais"]
    assert value["email"] == "lea@martin.example"
    job = value["experience"][0]
    assert (job["position"], job["company"], job["start_date"], job["end_date"]) == (
        "Architecte",
        "Atelier Nord",
        "2018-05",
        None,
    )
    assert job["highlights"] == ["Conception de trois écoles primaires", "Suivi de chantier"]
    assert value["education"][0]["institution"] == "École d'architecture de Lyon"


def test_a_section_goes_on_over_the_page() -> None:
    value, _ = read(
        [
            (40, 60, 22, True, "Jan Berg"),
            (40, 100, 13, True, "Berufserfahrung"),
            (40, 125, 10, True, "Projektleiter, Hafenbau GmbH"),
            (-555, 125, 10, False, "seit 03/2015"),
            (50, 140, 10, False, "• Leitung von zwölf Bauvorhaben"),
        ],
        [
            (50, 60, 10, False, "• Verantwortung für das Budget"),
            (40, 85, 10, True, "Bauingenieur, Werft AG"),
            (-555, 85, 10, False, "01.2010 - 02.2015"),
            (40, 120, 13, True, "Ausbildung"),
            (40, 145, 10, True, "Technische Universität Hamburg"),
            (-555, 145, 10, False, "2004 - 2009"),
            (40, 159, 10, False, "Diplom Bauingenieurwesen"),
        ],
    )
    first, second = value["experience"]
    assert first["highlights"] == ["Leitung von zwölf Bauvorhaben", "Verantwortung für das Budget"]
    assert (second["position"], second["company"], second["start_date"]) == ("Bauingenieur", "Werft AG", "2010-01")
    assert value["education"][0]["institution"] == "Technische Universität Hamburg"


def test_every_leaf_has_its_place_once() -> None:
    value, evidence = read(CAPITALS)

    def leaves(node: Json, path: str) -> list[str]:
        if isinstance(node, dict):
            return [leaf for key, item in node.items() for leaf in leaves(item, f"{path}/{key}")]
        if isinstance(node, list):
            return [leaf for index, item in enumerate(node) for leaf in leaves(item, f"{path}/{index}")]
        return [] if node is None else [path]

    assert sorted(item.path for item in evidence) == sorted(leaves(value, ""))
    for item in evidence:
        assert item.page == 1
        assert item.box is not None
        assert 0 <= item.box[0] < item.box[2] <= 1
        assert 0 <= item.box[1] < item.box[3] <= 1
        assert item.quote
    by_path = {item.path: item for item in evidence}
    assert by_path["/experience/0/start_date"].status == "normalised"
    assert by_path["/name"].status == "verbatim"
    assert len(by_path["/experience/0/highlights/0"].boxes) == 2


def test_only_what_the_schema_has_is_given() -> None:
    value, evidence = extract(_record("name", "hobby"), drawn(CAPITALS))
    assert value == {"name": "Ana Petrova", "hobby": None}
    assert [item.path for item in evidence] == ["/name"]


def test_a_page_without_words_gives_nothing() -> None:
    blank = Words(page=1, width=100, height=100, words=(), source="none")
    value, evidence = extract(SCHEMA, [blank])
    assert value["name"] is None
    assert value["experience"] == []
    assert evidence == ()


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("W O R K  E X P E R I E N C E", "experience"),
        ("Skills & Interests", "skills"),
        ("Formación académica", "education"),
        ("Sprachkenntnisse:", "languages"),
        ("Selected Projects", "projects"),
        ("Patents", "other"),
        ("I had a lot of experience in sales, mostly", None),
        ("Python", None),
    ],
)
def test_headings_are_known_by_their_wording(text: str, section: str | None) -> None:
    assert known(text) == section


@given(st.lists(st.tuples(st.integers(20, 500), st.integers(30, 800), st.text(min_size=1, max_size=12)), max_size=25))
def test_any_scatter_of_words_is_survived(items: list[tuple[int, int, str]]) -> None:
    from docextract.types import Word

    words = tuple(Word(text, x, y, x + 6.0 * len(text), y + 10, 10) for x, y, text in items if text.strip())
    page = Words(page=1, width=600, height=850, words=words, source="text" if words else "none")
    _, evidence = extract(SCHEMA, [page])
    assert len({item.path for item in evidence}) == len(evidence)


def test_a_label_beside_its_content_opens_a_section_of_its_own() -> None:
    value, _ = read(
        [
            (40, 60, 22, True, "Mia Lund"),
            (40, 110, 14, True, "Skills"),
            (40, 135, 10, False, "Tools: Excel, SAP"),
            (40, 150, 10, False, "Languages: Danish, English"),
            (40, 165, 10, False, "Certifications: Forklift licence"),
        ]
    )
    assert value["skills"] == ["Excel", "SAP"]
    assert value["languages"] == ["Danish", "English"]
    assert value["certifications"] == ["Forklift licence"]


def test_programming_languages_are_no_languages() -> None:
    value, _ = read(
        [
            (40, 60, 22, True, "Mia Lund"),
            (40, 110, 14, True, "Skills"),
            (40, 135, 10, False, "Languages: Python, Rust"),
        ]
    )
    assert value["skills"] == ["Python", "Rust"]
    assert value["languages"] == []
