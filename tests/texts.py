"""Every sentence of the screens, found in templates and code: `python -m tests.texts` prints the
ones that the Spanish catalogue lacks, ready to be translated.
"""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "nowrongdoor"
SPANISH = ROOT / "locale/es/LC_MESSAGES/django.po"
KEYWORDS = {
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
    "no": (2,),
    "BadInput": (3,),
}
Text = str | tuple[str, ...]


@cache
def texts() -> dict[Text, str]:
    """Each text with the first file that holds it."""
    found: dict[Text, str] = {}
    for file in sorted(ROOT.rglob("*.html")):
        python = templatize(file.read_text(), origin=str(file))
        unindented = "\n".join(line.strip() for line in python.splitlines())
        for text in _in_python(unindented.encode()):
            found.setdefault(text, str(file.relative_to(ROOT)))
    for file in sorted(ROOT.rglob("*.py")):
        for text in _in_python(file.read_bytes()):
            found.setdefault(text, str(file.relative_to(ROOT)))
    return found


@cache
def spanish() -> Catalog:
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es", domain="django")


def _in_python(source: bytes) -> Iterator[Text]:
    for _line, keyword, message, _comments in extract_python(BytesIO(source), KEYWORDS, [], {}):
        if isinstance(message, tuple):
            at = [number if isinstance(number, int) else 1 for number in KEYWORDS[keyword] or (1,)]
            parts = tuple(message[number - 1] for number in at if len(message) >= number)
            parts = tuple(part for part in parts if part)
            if parts:
                yield parts if len(parts) > 1 else parts[0]
        elif message:
            yield message


def main() -> None:
    known = spanish() if SPANISH.exists() else Catalog()
    for text, file in texts().items():
        first = text if isinstance(text, str) else text[0]
        if known.get(first) is None:
            print(f"#: {file}")
            print(
                f'msgid "{first}"'
                if isinstance(text, str)
                else f'msgid "{text[0]}"\nmsgid_plural "{text[1]}"'
            )
            print('msgstr ""\n' if isinstance(text, str) else 'msgstr[0] ""\nmsgstr[1] ""\n')


if __name__ == "__main__":
    main()
