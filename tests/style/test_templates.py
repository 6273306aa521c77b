"""Templates a person can review: one block element a line, and no line past 160 characters."""

import re
from collections.abc import Iterator

from tests.style.test_house import HOUSE

LONGEST = 160
BLOCK = (
    "article|aside|body|caption|dd|details|dialog|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|html|legend|li|main"
    "|nav|ol|p|section|summary|svg|table|tbody|td|template|tfoot|th|thead|tr|ul"
)
OPENS = re.compile(rf"<(?:{BLOCK})(?=[\s>{{]|$)")


def faults(text: str) -> Iterator[str]:
    """Each line that is too long to review, or that holds more than one block element."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST:
            yield f"{number}: {len(line)} characters"
        if len(OPENS.findall(line)) > 1:
            yield f"{number}: more than one block element"
        if line != line.rstrip() or "\t" in line:
            yield f"{number}: a tab, or white space at its end"


def test_a_template_can_be_reviewed() -> None:
    found = {
        str(file.relative_to(HOUSE)): wrong
        for file in sorted(HOUSE.rglob("templates/**/*.html"))
        if (wrong := list(faults(file.read_text())))
    }

    assert found == {}


def test_what_nobody_can_review_is_found() -> None:
    assert list(faults(f"<p>{'a' * 160}</p>\n")) == ["1: 167 characters"]
    assert list(faults("<ul>\n  <li><p>a</p></li>\n</ul>\n")) == ["2: more than one block element"]
    assert list(faults("<td>\n  <form method=post><div\n")) == ["2: more than one block element"]
    assert list(faults("<p>a</p> \n")) == ["1: a tab, or white space at its end"]
    assert list(faults("<p><strong>a</strong> <span>b</span></p>\n")) == []
    assert list(faults("<link><label><select><option>a</option></select></label>\n")) == []
