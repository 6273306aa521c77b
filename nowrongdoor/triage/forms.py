"""Reading what was typed about a protocol. Every mistake is named; nothing typed is lost."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.triage import proving, queries, reading
from nowrongdoor.web.refusals import reason

LARGEST = reading.LONGEST
"""Bytes of a file that is looked at at all."""


class DraftForm(forms.Form):
    """A new version: its text in the box, or its file, which goes before the box."""

    text = forms.CharField(required=False, strip=False)
    file = forms.FileField(required=False)

    before = ""
    """The text of the version in force, which a new one is held against."""
    shown = ""
    """What stands in the box when the page is drawn again: what was typed, or what the file held."""
    problems: tuple[Problem, ...] = ()
    sent_before: UUID | None = None
    """The version that says exactly this already: sent twice, it is drafted once."""

    def clean(self) -> dict[str, Any]:
        name, text = self._given()
        self.shown = text
        if not self.errors:
            self._check(name, text)
        return self.cleaned_data | {"text": text}

    def _given(self) -> tuple[str, str]:
        """The name that problems call it by, and the text with plain line ends, as a file has it."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        name, text = reading.FILE, str(self.cleaned_data.get("text") or "")
        if file is not None:
            name = str(file.name)
            if (file.size or 0) > LARGEST:
                self.add_error("file", _("This file is too long to be a protocol."))
                return name, text
            try:
                text = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This file is not text in UTF-8."))
        return name, text.replace("\r\n", "\n")

    def _check(self, name: str, text: str) -> None:
        if not text.strip():
            self.add_error("text", _("Paste the text of a protocol, or choose its file."))
            return
        self.sent_before = queries.version_saying(text)
        if self.sent_before is not None:
            return
        try:
            found = proving.check(text, self.before, name)
        except BadCommunity as bad:
            self.problems = bad.problems
            self.add_error("text", _("This cannot be read as a protocol."))
            return
        except Refused as refusal:
            self.add_error("text", reason(refusal.verdict))
            return
        if queries.version_of(found.code, found.version) is not None:
            self.add_error("text", _("That version exists. Use a new number."))
