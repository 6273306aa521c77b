"""Every sentence of the screens is in Spanish too, and says the same names and numbers."""

import re
from collections.abc import Iterator

from tests.texts import Text, spanish, texts

# Words that are the same in both languages, looked at one by one.
SAME = {"No", "no", "PDF"}
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}|%[sd]")


def faults(text: Text) -> Iterator[str]:
    """What is wrong with the translation of one sentence."""
    first = text if isinstance(text, str) else text[0]
    entry = spanish().get(first)
    if entry is None:
        yield f"{first!r} is missing: run `python -m tests.texts`"
        return
    if entry.fuzzy:
        yield f"{first!r} is fuzzy"
    translated = (entry.string,) if isinstance(entry.string, str) else entry.string
    for one in translated:
        if not one:
            yield f"{first!r} is empty"
        elif one == first and first not in SAME:
            yield f"{first!r} is left in English"
        elif sorted(PLACE.findall(one)) != sorted(PLACE.findall(first)):
            yield f"{first!r} has other names or numbers than {one!r}"


def test_every_sentence_is_translated() -> None:
    assert [fault for text in texts() for fault in faults(text)] == []
    assert len(texts()) > 1000


def test_what_is_wrong_with_a_translation_is_named() -> None:
    """The control: sentences that the catalogue does not have, or has otherwise."""
    assert "missing" in next(faults("Nobody ever says this."))
    assert list(faults("Call-taker")) == []


def test_the_catalogue_holds_nothing_that_no_screen_says() -> None:
    said = {text if isinstance(text, str) else text[0] for text in texts()}
    kept = {
        entry.id if isinstance(entry.id, str) else entry.id[0] for entry in spanish() if entry.id
    }

    assert kept - said == set()


def test_the_extractor_finds_what_it_should() -> None:
    found = texts()

    for sentence in (
        "Active calls",  # a template's translate
        "Queue supervisor: %(name)s",  # a template's blocktranslate
        "This call is closed.",  # a rule's no()
        "Choose the incident type.",  # a form's lazy text
        "Call-taker",  # a query's gettext
    ):
        assert sentence in found
