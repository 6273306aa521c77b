"""What the command line answers of a community's clocks. No database, no settings.

One line in, `{"clock", "start", "zone", "facts"}`; one line out, `{"due", "words"}`: a time with its offset, `not in
force` or `none left`; or `{"error": {"rule", "because", "field"}}` for a line that cannot be answered.
"""

import gettext
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from nowrongdoor.clocks.counting.asked import read_line
from nowrongdoor.clocks.counting.facts import Book, Counted
from nowrongdoor.clocks.counting.rules import count
from nowrongdoor.clocks.counting.words import in_words
from nowrongdoor.kernel import json_lines

LOCALE = Path(__file__).resolve().parents[2] / "locale"
ENGLISH = "en"


def clocks(
    book: Book, lines: Iterable[str | bytes], write: Callable[[str], Any], language: str = ENGLISH
) -> int:
    """Write what each line comes to. The exit code: 1 where any could not be answered."""
    say = str if language == ENGLISH else gettext.translation("django", LOCALE, [language]).gettext
    answer = partial(_answer, book, say, language)
    return json_lines.write_answers(lines, answer, write)


def due_of(counted: Counted) -> str:
    """When it is due, as the vectors of a community write it: `2026-01-06 10:00 -07:00`."""
    due = counted.count.due
    if due is None:
        return counted.count.answer.value
    offset = f"{due:%z}"
    return f"{due:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def _answer(
    book: Book, say: Callable[[str], str], language: str, given: object
) -> dict[str, object]:
    counted = count(book, *read_line(book, given))
    return {"due": due_of(counted), "words": in_words(book, counted, say, language).whole}
