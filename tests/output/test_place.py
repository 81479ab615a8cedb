import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.errors import OutputError
from docextract.output.place import Placer, folds_case

PARTS = st.text(st.characters(exclude_characters="/", codec="utf-8"), min_size=1, max_size=90).filter(
    lambda p: p != ".."
)
NAMES = st.lists(PARTS, min_size=1, max_size=3).map("/".join).filter(lambda n: not n.startswith("/") and n[1:2] != ":")


@pytest.mark.parametrize(
    "name",
    ["b.pdf", "a/b.pdf", "CON.pdf", "a:b?.pdf", "line\nbreak.pdf", "😀.png", "$(rm).pdf", "dots...", "e\u0301.pdf"],
)
def test_the_sources_own_name_is_kept(name: str) -> None:
    placer = Placer(portable=False)
    assert placer.place(name).stem == name
    assert placer.renamed == {}


def test_paths_of_one_document() -> None:
    place = Placer().place("a/b.pdf", schema="invoice")
    assert place.data("json") == "a/b.pdf.invoice.json"
    assert place.data("yaml", partial=True) == "a/b.pdf.invoice.partial.yaml"
    assert place.meta == "a/b.pdf.invoice.meta.json"
    assert place.artifact("openapi.yaml") == "a/b.pdf.invoice.openapi.yaml"


def test_a_document_of_several_in_its_file_is_called_after_its_pages() -> None:
    place = Placer().place("a/b.pdf", schema="invoice", part=(1, 3))
    assert place.data("json") == "a/b.pdf.p1-3.invoice.json"
    assert Placer().place("b.pdf", part=(4, 4)).meta == "b.pdf.p4-4.meta.json"


@pytest.mark.parametrize(
    "name",
    ["run", "RUN", "report", "b.pdf.meta", "b.pdf.partial", "x.openapi", "b.pdf.p1-3", "run.json/x", "b.pdf.json/c"],
)
def test_outputs_of_another_kind_are_never_met(name: str) -> None:
    stem = Placer().place(name).stem
    assert stem != name
    head = name.split("/", maxsplit=1)[0]
    assert stem.split("/")[0].startswith(head + ".")


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "C:\\x", ".."])
def test_names_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(OutputError) as caught:
        Placer().place(name)
    assert caught.value.code == "path_refused"


def test_undecodable_bytes_are_escaped_and_noted() -> None:
    name = os.fsdecode(b"a\xff.pdf")
    placer = Placer()
    assert placer.place(name).stem == "a%FF.pdf"
    assert placer.renamed == {name: "a%FF.pdf"}
    json.dumps(placer.renamed).encode()


def test_long_names_keep_their_beginning_and_extension() -> None:
    one, two = (Placer().place("x" * 240 + end + ".pdf").stem for end in "ab")
    assert one != two
    assert one.startswith("x" * 80 + ".")
    assert one.endswith(".pdf")
    assert len(one.encode()) <= 200


def test_case_twins_differ_beyond_case_where_the_file_system_folds_it() -> None:
    names = ["a/B.pdf", "a/b.pdf", "c.pdf"]
    placer = Placer(reversed(names), folds_case=True)
    stems = [placer.place(name).stem for name in names]
    assert stems[0] == "a/B.pdf"
    assert stems[1].startswith("a/b.pdf.")
    assert stems[2] == "c.pdf"


def test_portable_names_fit_windows() -> None:
    placer = Placer(portable=True)
    assert placer.place("CON.pdf").stem == "%43ON.pdf"
    assert placer.place("a:b.").stem == "a%3Ab%2E"


@given(NAMES)
def test_every_name_gets_a_place_below_the_folder_by_itself_alone(name: str) -> None:
    stem = Placer(portable=False).place(name).stem
    assert Placer(portable=False).place(name).stem == stem
    for part in stem.split("/"):
        assert part not in ("", ".", "..")
        assert len(part.encode()) <= 230
    assert "\x00" not in stem


def test_whether_a_folder_folds_case_is_found_by_trying(tmp_path: Path) -> None:
    (tmp_path / "upper").mkdir()
    assert folds_case(tmp_path) == (tmp_path / "UPPER").exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["upper"]


def test_a_name_with_half_of_a_surrogate_pair_has_a_place() -> None:
    assert Placer().place("a\ud900b.pdf").meta == "a%uD900b.pdf.meta.json"
    long = "\ud900" + "a" * 300 + ".pdf"
    assert Placer().place(long).meta == Placer().place(long).meta
