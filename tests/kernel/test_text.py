"""What is kept of text from outside, and which names are refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.kernel.text import line, lines, mixes_scripts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u200b\u200b", ""),
        (" \u2060\ufeff\t", ""),
        ("\u3164\u115f", ""),
        ("\u0301", ""),
        ("12 Oak St \u202e#4", "12 Oak St #4"),
        ("12 Oak\u00ad St\u0007 ", "12 Oak St"),
        ("Jose\u0301", "José"),
        ("Jose\u200b\u0301", "José"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u200cword \u200d Oak\u200d", "word  Oak"),
        ("\ud800x", "x"),
        ("a\tb", "a b"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("O'Brien", "O'Brien"),
    ],
)
def test_a_line_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert line(typed) == kept


def test_lines_keep_their_ends_and_tabs() -> None:
    assert lines(" one\r\n\ttwo\x85three\u200b\n") == "one\n\ttwo\nthree"
    assert lines("\u200b\n\u200b") == ""


@given(st.text(max_size=30))
def test_what_is_kept_is_kept_again(text: str) -> None:
    kept = line(text)

    assert line(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert "\n" not in kept


@pytest.mark.parametrize("name", ["Рaul Ortiz", "Maria Lоpez", "Αnna", "Ivan Иванoв"])
def test_a_word_of_two_scripts_is_mixed(name: str) -> None:
    assert mixes_scripts(name)


@pytest.mark.parametrize(
    "name",
    [
        "P. Ortiz",
        "Пол Ortiz",
        "Mª José",
        "O’Brien-Иванов",
        "山田ひろし",
        "김철수",
        "محمد",
        "Ｐaul",
        "4711",
        "Þór",
        "",
    ],
)
def test_a_name_of_one_script_a_word_is_not(name: str) -> None:
    assert not mixes_scripts(name)
