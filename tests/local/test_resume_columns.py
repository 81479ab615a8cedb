"""Resumes in columns: a town alone among the contacts, periods broken by a narrow column, names with their years."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from docextract.local.engine import extract
from docextract.local.resume_dates import find
from docextract.local.resume_words import role_score
from docextract.schema.load import load
from docextract.types import Json, Words

Drawn = Callable[..., tuple[Words, ...]]
Lines = list[tuple[float, float, str]]
SCHEMA = load("resume")[0].json_schema
MAIN: Lines = [
    (220, 60, "*Mara Engel"), (220, 90, "*EXPERIENCE"), (220, 106, "*Senior Engineer, Kaufwelt GmbH"),
    (220, 120, "March 2020 - Present"), (220, 134, "• Moved 40 pipelines to streaming"),
]  # fmt: skip


def _read(drawn: Drawn, lines: Lines) -> Json:
    value, _ = extract(SCHEMA, drawn(lines))
    return value


def test_a_town_alone_in_the_contact_column_is_the_location(drawn: Drawn) -> None:
    contact: Lines = [
        (40, 60, "*CONTACT"),
        (40, 76, "Leipzig"),
        (40, 90, "+49 341 5550123"),
        (40, 104, "m@example.org"),
    ]
    assert _read(drawn, [*contact, *MAIN])["location"] == "Leipzig"


def test_of_two_bare_words_in_the_contact_column_neither_is_a_town(drawn: Drawn) -> None:
    contact: Lines = [(40, 60, "*CONTACT"), (40, 76, "Available"), (40, 90, "Married"), (40, 104, "m@example.org")]
    assert _read(drawn, [*contact, *MAIN])["location"] is None


def test_periods_broken_in_a_narrow_column_are_whole(drawn: Drawn) -> None:
    lines: Lines = [(40, 60, "*Katrin Vogel"), (40, 90, "*Berufserfahrung"), (40, 110, "04/2018 –"), (40, 123, "heute")]
    lines += [(140, 110, "*Buchhalterin"), (140, 123, "Stahlbau Meier GmbH, Erfurt"), (40, 150, "08/2013 –")]
    lines += [
        (40, 163, "03/2018"),
        (140, 150, "*Kauffrau für Büromanagement"),
        (140, 163, "Autohaus Krause KG, Weimar"),
    ]
    jobs = [(one["company"], one["start_date"], one["end_date"]) for one in _read(drawn, lines)["experience"]]
    assert jobs == [("Stahlbau Meier GmbH", "2018-04", None), ("Autohaus Krause KG", "2013-08", "2018-03")]


def test_certificates_with_a_year_each_are_all_named(drawn: Drawn) -> None:
    lines: Lines = [(40, 60, "*Jo Pryce"), (40, 90, "*Certifications"), (40, 106, "Analytics Qualification, 2021")]
    lines += [(40, 119, "Diploma in Digital Marketing, 2018")]
    assert _read(drawn, lines)["certifications"] == ["Analytics Qualification", "Diploma in Digital Marketing"]


@pytest.mark.parametrize("text", ["Digital Marketing, 2018", "Statistics 2018", "Decision theory 2018"])
def test_words_that_begin_like_months_leave_the_year_alone(text: str) -> None:
    found = find(text)
    assert found is not None
    assert found.finish == "2018"


@pytest.mark.parametrize(
    ("text", "roles"),
    [("Buchhalterin", 1), ("Industriekauffrau", 1), ("Medewerker inkoop", 1), ("Thüringer Stahlbau", 0)],
)
def test_roles_in_other_forms_are_known(text: str, roles: int) -> None:
    assert role_score(text) == roles


def test_a_town_flush_right_above_the_phone_is_the_location(drawn: Drawn) -> None:
    lines: Lines = [
        (40, 60, "*Bram de Groot"),
        (40, 76, "Projectleider Bouw"),
        (489, 60, "Utrecht"),
        (467, 76, "06 12345678"),
    ]
    lines += [(427, 92, "bram@example.nl"), (40, 120, "*Werkervaring"), (40, 136, "*Projectleider")]
    lines += [
        (40, 150, "Bouwbedrijf Van Loon B.V., maart 2016 – heden"),
        (40, 170, "*Talen"),
        (40, 184, "Engels, Duits"),
    ]
    value = _read(drawn, lines)
    assert value["experience"][0]["start_date"] == "2016-03"
    assert value["languages"] == ["Engels", "Duits"]
