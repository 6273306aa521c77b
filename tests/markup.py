"""A page's markup as tests compare it: how a template is broken into lines is not seen."""

import re

_SPACE = re.compile(r"\s+")
# A space just inside an element, or after a block, is never drawn.
_VOID = "br|hr|img|input|link|meta|wbr"
_AFTER_OPENING = re.compile(rf"(<(?!(?:{_VOID})\b)[a-z][^<>]*>) ")
_BEFORE_CLOSING = re.compile(r" (?=</)")
_BLOCK = (
    "caption|dd|details|div|dl|dt|fieldset|footer|form|g|h1|h2|h3|header|label|legend|li|main|nav|ol|option|p|section"
    "|select|summary|svg|table|tbody|td|text|th|thead|title|tr|ul"
)
_AFTER_BLOCK = re.compile(rf"(</(?:{_BLOCK})>) ")
_BEFORE_BLOCK = re.compile(rf" (?=<(?:{_BLOCK})\b)")


def closed_up(html: str) -> str:
    """The markup on one line, with only the white space that a reader could see."""
    one_line = _SPACE.sub(" ", html).replace(" >", ">")
    outside = _BEFORE_BLOCK.sub("", _AFTER_BLOCK.sub(r"\1", one_line))
    return _BEFORE_CLOSING.sub("", _AFTER_OPENING.sub(r"\1", outside))
