"""Words are found by their beginnings, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.domain.search import finds, fold, search_terms, title_key

FOUND = [
    ("rome", "Essay draft on Rome"),
    ("ecr", "Écriture"),
    ("écr", "Ecriture"),
    ("ECR", "E\u0301criture"),
    ("email", "E-mail"),
    ("e-mail", "Email"),
    ("mail", "E-mail"),
    ("E\u2011Mail", "e-mail"),
    ("in-law", "Mother-in-law"),
    ("istanbul", "İstanbul"),
    ("İSTANBUL", "istanbul"),
    ("ırmak", "Irmak"),
    ("strasse", "Straße"),
    ("STRASSE", "Straße"),
    ("straß", "STRASSE"),
    ("office", "o\ufb03ce"),
    ("οδοσ", "Οδος"),
    ("οδός", "ΟΔΟΣ"),
    ("book", "\uff22\uff4f\uff4f\uff4b"),
    ("ガ", "\uff76\uff9e"),
    ("京都", "東京都の歴史"),
    ("tower", "東京tower"),
    ("歴史", "東京都の歴史"),
    ("ไทย", "ภาษาไทย"),
    ("obrien", "O\u2019Brien"),
    ("o'b", "O\u2019Brien"),
    ("ecriture", "l\u2019écriture"),
    ("dont", "don't"),
    ("file", "my_file"),
    ("my_f", "my_file"),
    ("myfile", "my_file"),
    ("chapter 4", "Chapter 42"),
    ("42", "\u0664\u0662"),
    ("x2", "x²"),
    ("🌊", "Rivers 🌊"),
    ("👍", "👍🏽 done"),
    ("\u2764", "\u2764\ufe0f"),
    ("c++", "C++"),
    ("שלום", "שָׁלוֹם"),
    ("مدرسة", "مَدرَسَةٌ"),
    ("نمیدانم", "نمی\u200cدانم"),
    ("lodz", "Łódź"),
    ("oresund", "Øresund"),
    ("collec", "Col·lecció"),
    ("draft rome", "Essay draft on Rome"),
    ("rome draft", "Essay draft on Rome"),
    ("  rome\u3000", "(Rome)"),
    ("rome,", "“Rome”"),
    ("", "anything"),
    (" \t\u00a0", "anything"),
    ("-", "anything"),
]
NOT_FOUND = [
    ("ome", "Rome"),
    ("rome paris", "Essay draft on Rome"),
    ("email", "e mail"),
    ("romes", "Rome"),
    ("か", "が"),
    ("京東", "東京"),
    ("ower", "東京tower"),
    ("12", "1 2"),
    ("🌊", "Rivers"),
    ("c++", "C"),
    ("ab", "a\nb"),
]


@pytest.mark.parametrize(("search", "text"), FOUND)
def test_a_search_finds(search: str, text: str) -> None:
    assert finds(search_terms(search), text)


@pytest.mark.parametrize(("search", "text"), NOT_FOUND)
def test_a_search_does_not_find(search: str, text: str) -> None:
    assert not finds(search_terms(search), text)


def test_each_word_may_stand_in_any_of_the_texts_but_none_in_both() -> None:
    assert finds(search_terms("rome essay"), "Essay", "On Rome")
    assert finds(search_terms("rome"), "Rome", None)
    assert not finds(search_terms("essayon"), "Essay", "On Rome")


def test_titles_are_sorted_as_people_look_for_them() -> None:
    titles = ["!", "2 apples", "10 apples", "Chapter 2", "chapter 10", "Ecriture", "Écritures", "e-mail", "Zürich", "Ω"]
    shuffled = [titles[place * 3 % len(titles)] for place in range(len(titles))]
    assert sorted(shuffled, key=title_key) == titles


@given(st.text(max_size=30))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30))
def test_every_text_is_found_by_all_of_its_words(text: str) -> None:
    assert finds(search_terms(text), text)
