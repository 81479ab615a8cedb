from hypothesis import given
from hypothesis import strategies as st

from docextract.values.text import fold, plain, squeeze


def test_one_spelling_for_what_reads_the_same() -> None:
    assert fold("O\ufb03ce \u2013 \u201cA\u00adB\u201d\n \u2019n") == 'office - "ab" \'n'
    assert squeeze("Müller & Söhne, GmbH.") == "müllersöhnegmbh"
    assert plain("Numéro  Größe") == "numero grosse"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squeeze(fold(text)) == squeeze(text)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Zs"], max_codepoint=0x24F)))
def test_case_and_spaces_do_not_matter(text: str) -> None:
    assert squeeze("  ".join(text.upper())) == squeeze(text.lower().upper())
