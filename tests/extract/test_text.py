"""How names are compared (fold) and how ids of companies are made (slug)."""

from __future__ import annotations

import re
import unicodedata

import pytest

from extract.text import fold, slug

SAME = [
    ("El Corte Inglés", "EL CORTE INGLES"),
    ("El Corte Inglés", unicodedata.normalize("NFD", "El Corte Inglés")),
    ("Sainsbury's", "Sainsbury’s"),
    ("Sainsbury's", "Sainsbury‘s"),
    ("Kroger", "Kro\u200bger"),
    ("Kroger", "\ufeffKroger"),
    ("Tesco", "Tes\u00adco"),
    ("Coca-Cola", "Coca‑Cola"),
    ("Weiß", "WEISS"),
    ("Tesco", "Ｔｅｓｃｏ"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert slug(one) == slug(other)


@pytest.mark.parametrize(("one", "other"), [("Tesco", "Tesca"), ("H&M", "HM"), ("Alipay", "Alipay+")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)
    assert slug(one) != slug(other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("El Corte Inglés", "el-corte-ingles"),
        ("L’Oréal", "loreal"),
        ("McDonald's", "mcdonalds"),
        ("H&M", "h-and-m"),
        ("Marks & Spencer", "marks-and-spencer"),
        ("Alipay+", "alipay-plus"),
        ("7-Eleven", "7-eleven"),
        ("JD.com", "jd-com"),
        ("  Tesco -- Extra  ", "tesco-extra"),
        ("../../etc/passwd", "etc-passwd"),
        ("'; DROP TABLE deals; --", "drop-table-deals"),
        ("<b>Tesco</b>", "b-tesco-b"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    "name", ["Łódź & Søn", "Ünal/Öz", "a_b", "½", "中文 Tesco", "\U0001f6d2 Cart", "\x00"]
)
def test_a_slug_is_safe_in_an_address(name: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug(name))


@pytest.mark.parametrize("name", [name for pair in SAME for name in pair])
def test_folding_and_slugging_again_change_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert slug(slug(name)) == slug(name)


@pytest.mark.parametrize(
    ("name", "expected"), [("Ørsted", "orsted"), ("Søstrene Grene", "sostrene-grene"), ("Łódź", "lodz")]
)
def test_a_slug_keeps_letters_with_a_stroke(name: str, expected: str) -> None:
    assert slug(name) == expected
