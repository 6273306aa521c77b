"""A row in the table of `directory` that has row access."""

from tests.directory.places import a_word, say


def full() -> None:
    say(word=a_word())
