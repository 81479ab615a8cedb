from docextract.values.currencies import CODES, currencies_of, currency_of


def test_a_shared_sign_names_all_its_currencies_and_the_commonest_is_one_of_them() -> None:
    for sign in ("$", "¥", "kr", "kr."):
        assert currency_of(sign) in currencies_of(sign)
        assert currencies_of(sign) <= CODES


def test_a_sign_of_one_currency_names_none_to_choose_from() -> None:
    assert currencies_of("€") == frozenset()
