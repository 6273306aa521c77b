"""A person's copy of what they signed, as an accessible PDF (PDF/UA-1).

The same release gives the same bytes, also after it has ended: it is a copy of what was signed.
"""

import importlib
import importlib.util
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, override

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused, no, require
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing import release_words, releasing, signing
from nowrongdoor.sharing.elements import Signer
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.release_said import (
    element_rows,
    end_day,
    facts_of,
    local_day,
    may_read_whole,
    named,
)
from nowrongdoor.sharing.signing import HEIGHT, WIDTH

FOLDER = Path(__file__).parent / "typst"
ABSENT = no(
    "documents.absent",
    "This server cannot make a PDF: Typst is not installed. Print the page instead.",
)


def can_write() -> bool:
    """Whether the extra `documents` is installed."""
    return importlib.util.find_spec("typst") is not None


def release_copy(by: Actor, release_id: UUID, *, at: datetime) -> bytes:
    """The copy of a release, in the language in which it was read.

    Errors: NotFound where `by` may not know of it, or may see nothing by it any more; Refused before it is signed, and where Typst is missing.
    """
    with act_as(by):
        row = Release.objects.filter(pk=release_id).first()
    if row is None or not may_read_whole(row, by, at=at):
        raise missing()
    require(releasing.may_copy(facts_of(row)))
    with override(row.language):
        return _written("release.typ", _said(row))


def _written(template: str, said: dict[str, object]) -> bytes:
    """A template filled in. It reads no file but itself, and no font but Typst's own."""
    if not can_write():
        raise Refused(ABSENT)
    typst: Any = importlib.import_module("typst")
    written: bytes = typst.compile(
        str(FOLDER / template),
        root=str(FOLDER),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"said": json.dumps(said)},
    )
    return written


def _said(row: Release) -> dict[str, object]:
    """What the template is given: sentences in the reader's language, and the elements as they stood."""
    language, signature, facts = row.language, signing.read(row.signature), facts_of(row)
    page = release_words.reading(
        facts, named(row, language), language=language, version=row.text_version
    )
    on = local_day(row.signed_at or row.taken_at)
    return {
        "language": language,
        "label": f"R-{row.number} · {row.text_version}",
        "title": page.title,
        "ask": page.ask,
        "note": page.note,
        "sections": [
            {"heading": each.heading, "says": each.says, "sign": each.sign, "then": each.then}
            for each in page.sections
        ],
        "signed_heading": gettext("Signature"),
        "drawn": drawing(signature.drawn),
        "typed": signature.typed,
        "signature_alt": gettext("Drawn signature of {name}").format(name=row.signer_name),
        "signed": _signed(row),
        "minor": gettext("The minor signed too: {name}").format(name=signature.minor)
        if signature.minor
        else "",
        "witness": gettext("With them: {name}").format(name=row.witness_name)
        if row.witness_name
        else "",
        "elements_heading": gettext("What the law asks for"),
        "columns": [gettext("Element"), gettext("Here"), gettext("Regulation")],
        "elements": [
            {"title": gettext(each.title), "says": each.says, "regulation": each.regulation}
            for each in element_rows(row, language, on=on)
            if each.says  # of the rest there is nothing to say on paper: it does not combine what it must not
        ],
    }


def _signed(row: Release) -> str:
    day = end_day(row.signed_at, row.language)
    if row.signer in (Signer.PERSON, Signer.MINOR):
        return gettext("{name}, on {day}").format(name=row.signer_name, day=day)
    return gettext("{name} ({basis}), for {person}, on {day}").format(
        name=row.signer_name, basis=row.signer_basis, person=row.person_name, day=day
    )


def drawing(strokes: signing.Strokes) -> str:
    """Strokes as an SVG of their own; '' for none."""
    if not strokes:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{signing.path(strokes)}" fill="none" stroke="#111" stroke-width="8" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
