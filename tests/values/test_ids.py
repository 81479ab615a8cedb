import pytest
from hypothesis import given
from hypothesis import strategies as st

from docextract.values.ids import (
    find_emails,
    find_ibans,
    find_phones,
    find_urls,
    find_vat_ids,
    normalise_iban,
    normalise_phone,
    normalise_vat_id,
    valid_iban,
)


def iban(country: str, account: str) -> str:
    """Adds the check digits: 98 minus the remainder with 00 in their place (ISO 7064)."""
    digits = "".join(str(int(character, 36)) for character in account + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


ACCOUNTS = st.text(alphabet="0123456789", min_size=18, max_size=18)


@given(ACCOUNTS, st.integers(0, 17), st.integers(1, 9))
def test_an_iban_is_found_in_groups_of_four_and_a_changed_digit_is_refused(account: str, place: int, by: int) -> None:
    whole = iban("DE", account)
    printed = " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))
    text = f"IBAN: {printed} BIC ABCDEFGH"
    assert [(one.value, text[one.start : one.end]) for one in find_ibans(text)] == [(whole, printed)]
    changed = account[:place] + str((int(account[place]) + by) % 10) + account[place + 1 :]
    assert not valid_iban(whole[:4] + changed)


def test_an_iban_of_the_wrong_length_is_refused() -> None:
    assert normalise_iban(iban("DE", "1" * 17)) is None
    assert normalise_iban(iban("DE", "1" * 18).lower()) == iban("DE", "1" * 18)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("USt-IdNr. DE 123 456 789", "DE123456789"),
        ("TVA FR 12 345678901 au capital", "FR12345678901"),
        ("NL123456789B01", "NL123456789B01"),
        ("CHE-123.456.789 MWST", "CHE123456789MWST"),
        ("ATU12345678", "ATU12345678"),
    ],
)
def test_vat_ids_are_found_as_printed(text: str, value: str) -> None:
    assert [one.value for one in find_vat_ids(text)] == [value]


def test_a_word_or_an_iban_is_no_vat_id() -> None:
    assert find_vat_ids("DELIVERY 123456789, FRANCE 12345678901") == []
    assert normalise_vat_id("DE12345678") is None


def test_phones_are_told_from_dates_and_long_numbers() -> None:
    text = "Tel +49 (0)30 1234-567, 03-8888 9999, 2018-10-01, 123456789, 1.234.567,00"
    assert [one.value for one in find_phones(text)] == ["+490301234567", "0388889999"]
    assert normalise_phone("0049 30 1234567") == "+49301234567"


def test_mail_and_web_addresses_do_not_mix() -> None:
    text = "Jane.Doe@Mail.example.com, see www.Example.org/Path. or github.com/jane"
    assert [one.value for one in find_emails(text)] == ["jane.doe@mail.example.com"]
    assert [one.value for one in find_urls(text)] == ["www.example.org/Path", "github.com/jane"]
