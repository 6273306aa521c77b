"""Every sentence of the screens is in Spanish too, and says the same names and numbers."""

import re

import pytest

from tests.texts import Text, spanish, texts

# Words that are the same in both languages, looked at one by one.
SAME: set[str] = set()
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}|%[sd]")


@pytest.mark.parametrize("text", list(texts()), ids=str)
def test_a_sentence_is_translated(text: Text) -> None:
    first = text if isinstance(text, str) else text[0]
    entry = spanish().get(first)

    assert entry is not None, "run `python -m tests.texts`"
    assert not entry.fuzzy
    translated = (entry.string,) if isinstance(entry.string, str) else entry.string
    for one in translated:
        assert one
        assert one != first or first in SAME
        assert sorted(PLACE.findall(one)) == sorted(PLACE.findall(first))


def test_the_catalogue_holds_nothing_that_no_screen_says() -> None:
    said = {text if isinstance(text, str) else text[0] for text in texts()}
    kept = {
        entry.id if isinstance(entry.id, str) else entry.id[0] for entry in spanish() if entry.id
    }

    assert kept - said == set()


def test_the_extractor_finds_what_it_should() -> None:
    found = texts()

    for sentence in (
        "Who holds whom",  # a template's translate
        "answers for it: %(name)s",  # a template's blocktranslate
        "This episode is closed.",  # a rule's no()
        "Choose what happened.",  # a form's lazy text
        "call-taker",  # a query's gettext
    ):
        assert sentence in found
