"""One comparison for words that other systems and hands write differently."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # control, invisible, half of a character


def plain(text: str) -> str:
    """Text without what nobody means by it: accents, wide letters, invisible characters, double spaces.

    A line break, a tab and a no-break space are spaces. Case stays.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = " ".join(text.split())
    apart = unicodedata.normalize("NFKD", spaced)
    kept = (
        each
        for each in apart
        if not unicodedata.combining(each) and unicodedata.category(each) not in _UNSEEN
    )
    return " ".join("".join(kept).split())


def folded(text: str) -> str:
    """`plain`, without regard to case: two words that are folded to the same are the same word."""
    return plain(text).casefold()
