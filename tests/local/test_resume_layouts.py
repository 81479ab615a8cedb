"""Resumes as themes and builders print them: margins, lines of time, tags, sidebars, what stands in two lines."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2 as pdfium
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from docextract.local.engine import extract
from docextract.read.pdfpage import text_layer
from docextract.schema.load import load
from docextract.types import Json, Words

Drawn = Callable[..., tuple[Words, ...]]
Lines = list[tuple[float, float, str]]
SCHEMA = load("resume")[0].json_schema


def _read(drawn: Drawn, lines: Lines) -> Json:
    value, _ = extract(SCHEMA, drawn(lines))
    return value


def _sized(*lines: tuple[float, float, str, float]) -> Json:
    """The resume on a page of lines (x, y, text, size); * begins bold text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for x, y, text, size in lines:
        canvas.setFont("Helvetica-Bold" if text.startswith("*") else "Helvetica", size)
        canvas.drawString(x, A4[1] - y, text.lstrip("*"))
    canvas.save()
    with pdfium.PdfDocument(out.getvalue()) as pdf:
        value, _ = extract(SCHEMA, (text_layer(pdf, 0, 1)[0],))
    return value


def test_a_role_behind_the_name_is_the_headline(drawn: Drawn) -> None:
    value = _read(
        drawn, [(40, 60, "*Imani Castellanos, Senior Product Designer"), (40, 90, "*SKILLS"), (40, 106, "Figma")]
    )
    assert (value["name"], value["headline"]) == ("Imani Castellanos", "Senior Product Designer")


def test_a_name_that_its_column_breaks_is_whole() -> None:
    value = _sized((40, 60, "*Imani", 18), (40, 82, "*Castellanos", 18), (40, 100, "Product Designer", 10),
                   (40, 130, "*SKILLS", 12), (40, 146, "Figma, Sketch", 10))  # fmt: skip
    assert (value["name"], value["headline"]) == ("Imani Castellanos", "Product Designer")


def test_a_table_of_skills_has_its_kinds_left_out(drawn: Drawn) -> None:
    lines: Lines = [
        (40, 60, "*Henrik Aune"),
        (40, 90, "*SKILLS"),
        (40, 106, "*LANGUAGES"),
        (180, 106, "Kotlin, Java, Go"),
    ]
    lines += [(40, 122, "*Infrastructure"), (180, 122, "Kubernetes, Kafka")]
    assert _read(drawn, lines)["skills"] == ["Kotlin", "Java", "Go", "Kubernetes", "Kafka"]


def test_languages_that_nobody_speaks_are_skills(drawn: Drawn) -> None:
    lines: Lines = [
        (40, 60, "*Henrik Aune"),
        (40, 90, "*LANGUAGES"),
        (40, 106, "Kotlin, Java, SQL"),
        (40, 130, "*EDUCATION"),
    ]
    value = _read(drawn, [*lines, (40, 146, "*NTNU"), (40, 160, "MSc Computer Science")])
    assert (value["skills"], value["languages"]) == (["Kotlin", "Java", "SQL"], [])


def test_tags_are_cut_at_their_white(drawn: Drawn) -> None:
    lines: Lines = [
        (40, 60, "*Jo Pryce"),
        (40, 90, "*SKILLS"),
        (40, 106, "HTML"),
        (74, 106, "CSS"),
        (101, 106, "Type design"),
    ]
    assert _read(drawn, lines)["skills"] == ["HTML", "CSS", "Type design"]


def test_schools_side_by_side_are_two(drawn: Drawn) -> None:
    lines: Lines = [
        (40, 60, "*Baptiste Lemoine"),
        (40, 90, "*FORMATION"),
        (40, 106, "*Université de Lille"),
        (300, 106, "*Lycée Faidherbe"),
    ]
    lines += [
        (40, 119, "2012 - 2014"),
        (300, 119, "2008 - 2011"),
        (40, 132, "Master - Management"),
        (300, 132, "Baccalauréat - Sciences"),
    ]
    found = [(one["institution"], one["degree"], one["end_date"]) for one in _read(drawn, lines)["education"]]
    assert found == [("Université de Lille", "Master", "2014"), ("Lycée Faidherbe", "Baccalauréat", "2011")]


def test_a_line_of_time_has_its_beginning_above_its_end(drawn: Drawn) -> None:
    lines: Lines = [(40, 60, "*Jo Pryce"), (40, 90, "*EXPERIENCE")]
    for y, begin, end, job, firm in (
        (110, "06.2020", "Present", "Designer", "Cedar Ltd"),
        (160, "02.2016", "05.2020", "Editor", "Quill Ltd"),
    ):
        lines += [(40, y, begin), (40, y + 12, end), (95, y, "●"), (115, y, f"*{job}"), (115, y + 12, firm)]
        lines += [(115, y + 24, f"• Led the {job.lower()}s of a region")]
    found = [
        (one["position"], one["company"], one["start_date"], one["end_date"])
        for one in _read(drawn, lines)["experience"]
    ]
    assert found == [("Designer", "Cedar Ltd", "2020-06", None), ("Editor", "Quill Ltd", "2016-02", "2020-05")]


def test_headings_in_a_margin_head_what_stands_beside_them(drawn: Drawn) -> None:
    lines: Lines = [
        (200, 40, "*Jo Pryce"),
        (40, 97, "*EXPERIENCE"),
        (40, 110, "2020-06-01 to"),
        (40, 122, "2021-05-31"),
    ]
    lines += [(200, 90, "*Designer at Cedar Ltd"), (200, 103, "• Drew the console"), (200, 116, "• Ran the tests")]
    lines += [(40, 187, "*EDUCATION"), (200, 180, "*Boise State University"), (200, 193, "BFA Graphic Design")]
    lines += [
        (200, 206, "• Dean's list"),
        (40, 257, "*LANGUAGES"),
        (200, 250, "English"),
        (200, 263, "Spanish"),
        (200, 276, "Swahili"),
    ]
    value = _read(drawn, lines)
    assert (value["experience"][0]["company"], value["experience"][0]["position"]) == ("Cedar Ltd", "Designer")
    assert value["education"][0]["institution"] == "Boise State University"
    assert value["languages"] == ["English", "Spanish", "Swahili"]


def test_a_heading_in_two_lines_is_one(drawn: Drawn) -> None:
    lines: Lines = [(40, 60, "*Matteo Zanardi"), (40, 100, "*ESPERIENZE"), (40, 113, "*LAVORATIVE")]
    lines += [
        (40, 130, "01/2018 – oggi"),
        (170, 130, "*Impiegato"),
        (170, 143, "Conserve S.p.A., Parma"),
        (40, 170, "*LINGUE"),
    ]
    value = _read(drawn, [*lines, (170, 170, "Italiano, Tedesco")])
    assert [(one["company"], one["start_date"]) for one in value["experience"]] == [("Conserve S.p.A.", "2018-01")]


def test_a_sidebar_may_set_its_headings_in_a_style_of_its_own() -> None:
    side = [
        (40, 60, "*Contact", 10.5),
        (40, 78, "jo@example.org", 9),
        (40, 100, "*Top Skills", 10.5),
        (40, 118, "dbt", 9),
        (40, 132, "Airflow", 9),
    ]
    main = [
        (220, 60, "Jo Pryce", 22),
        (220, 110, "Experience", 14),
        (220, 130, "Cedar Ltd", 11),
        (220, 144, "Data Engineer", 10),
    ]
    main += [
        (220, 158, "April 2021 - Present (2 years 4 months)", 9),
        (220, 185, "Education", 14),
        (220, 205, "Utrecht University", 11),
        (220, 219, "MSc, Econometrics", 10),
    ]
    value = _sized(*side, *main)
    assert (value["name"], value["skills"]) == ("Jo Pryce", ["dbt", "Airflow"])
    assert (value["experience"][0]["company"], value["education"][0]["degree"]) == ("Cedar Ltd", "MSc")


def test_a_short_sentence_under_a_position_is_told_of_it(drawn: Drawn) -> None:
    lines: Lines = [
        (40, 60, "*Jo Pryce"),
        (40, 90, "*EXPERIENCE"),
        (40, 106, "*Fjordbank ASA"),
        (40, 119, "*January 2021 - Present"),
    ]
    lines += [(40, 132, "*Developer"), (40, 150, "Ledger team."), (40, 168, "Moved old programs to new machines")]
    job = _read(drawn, lines)["experience"][0]
    assert (job["company"], job["highlights"]) == (
        "Fjordbank ASA",
        ["Ledger team.", "Moved old programs to new machines"],
    )


def test_where_it_was_may_stand_behind_the_period() -> None:
    head = [(40, 60, "*Jo Pryce", 18), (40, 90, "*BERUFSERFAHRUNG", 13), (40, 108, "01/04/2018 – HEUTE – Basel", 9)]
    value = _sized(*head, (40, 121, "*LEITERIN QUALITÄT – RHEINPHARMA AG", 10), (40, 136, "• Fünf Audits", 10))
    job = value["experience"][0]
    assert (job["company"], job["location"], job["start_date"]) == ("RHEINPHARMA AG", "Basel", "2018-04-01")


def test_an_about_that_tells_how_to_reach_someone_is_no_summary(drawn: Drawn) -> None:
    lines: Lines = [
        (40, 60, "*Jo Pryce"),
        (40, 90, "*About"),
        (40, 106, "jo.pryce@some-lo"),
        (40, 119, "ng-host.com"),
        (40, 132, "+47 955 50 137"),
    ]
    value = _read(drawn, [*lines, (40, 160, "*Skills"), (40, 176, "Kotlin, Java")])
    assert (value["summary"], value["email"], value["phone"]) == (None, "jo.pryce@some-long-host.com", "+47 955 50 137")


def test_a_degree_may_have_its_label_behind_the_subject(drawn: Drawn) -> None:
    lines: Lines = [(40, 60, "*Jo Pryce"), (40, 90, "*Studium"), (40, 106, "*Universität Ulm")]
    school = _read(drawn, [*lines, (40, 120, "Chemie, Abschluss: Diplom")])["education"][0]
    assert (school["institution"], school["area"], school["degree"]) == ("Universität Ulm", "Chemie", "Diplom")
