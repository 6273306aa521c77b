"""Text from outside: what of it is kept, and one comparison for words that are written differently."""

import re
import unicodedata
from itertools import pairwise

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # control, invisible, half of a character
_DRAWN_EMPTY = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")  # by their category they are seen
_JOINERS = frozenset("\u200c\u200d")  # within a word of Persian or Hindi they are spelling
_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_PARTS_WORDS = re.compile(r"[\s/-]+")
_LOOKS_LIKE = str.maketrans(
    "АВЕЅІЇЈКМНОРСТУХаеѕіїјорсухԛԝԀԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιν",
    "ABESIIJKMHOPCTYXaesiijopcyxqwDdABEZHIKMNOPTYXoiv",
)
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})  # in one word


def shown(text: str) -> str:
    """Text without what nobody can see: invisible, control and direction characters. NFC.

    Kept: line breaks, each as one `\\n`; tabs; U+200C and U+200D between two letters; and NUL, which
    a field refuses.
    """
    if text.isascii() and text.isprintable():
        return text
    whole = f" {_BREAK.sub(chr(10), text)} "
    around = zip(pairwise(whole), whole[2:], strict=False)
    kept = (char for (before, char), after in around if _is_kept(char, before=before, after=after))
    return unicodedata.normalize("NFC", "".join(kept))


def line(text: str) -> str:
    """One line of text as it is kept: `shown`, without blanks at its ends; '' where nothing is to be seen."""
    return lines(text).replace("\n", " ").replace("\t", " ")


def lines(text: str) -> str:
    """As `line`, of a text that may have several."""
    kept = shown(text).strip()
    return kept if any(unicodedata.category(char)[0] not in "MZ" for char in kept) else ""


def read_as_latin(text: str) -> str:
    """`plain`, with each Cyrillic and Greek letter that looks like one of ours as that one; for finding words."""
    return plain(text).translate(_LOOKS_LIKE)


def mixes_scripts(text: str) -> bool:
    """Whether one word has letters of two scripts, as a name does whose A is not the A that is read."""
    return any(len(_scripts(word)) > 1 for word in _PARTS_WORDS.split(shown(text)))


def _is_kept(char: str, *, before: str, after: str) -> bool:
    if char in _JOINERS:
        return all(unicodedata.category(each)[0] in "LM" for each in (before, after))
    if char in "\n\t\0":
        return True
    return unicodedata.category(char) not in _UNSEEN and char not in _DRAWN_EMPTY


def _scripts(word: str) -> set[str]:
    letters = (each for each in unicodedata.normalize("NFKC", word) if each.isalpha())
    names = {unicodedata.name(each, "").split(" ")[0].split("-")[0] for each in letters}
    names.discard("MODIFIER")
    return {"CJK" if each in _EAST_ASIAN else each for each in names}


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
