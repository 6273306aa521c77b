"""Reading what was typed of how full a place is. One sentence for each field; nothing typed is lost."""

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from nowrongdoor.directory.facts import SAID, State, Word

LINE = 200
MOST_FREE = 9999


class WordForm(forms.Form):
    state = forms.ChoiceField(
        choices=[(each.value, each.value) for each in SAID],
        error_messages={
            "required": _("Choose how full it is."),
            "invalid_choice": _("Choose how full it is."),
        },
    )
    free = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_FREE,
        error_messages={
            "invalid": _("Type the number of free places, or leave it empty."),
            "min_value": _("Type the number of free places, or leave it empty."),
            "max_value": _("Type the number of free places, or leave it empty."),
        },
    )
    reason = forms.CharField(required=False, max_length=40)
    review_min = forms.IntegerField(
        min_value=1,
        max_value=3 * 24 * 60,
        error_messages={
            "required": _("Say when somebody looks again."),
            "invalid": _("Say when somebody looks again."),
            "min_value": _("Say when somebody looks again."),
            "max_value": _("Say when somebody looks again."),
        },
    )
    told_by = forms.CharField(required=False, max_length=LINE)

    def word(self, at: datetime) -> Word:
        read = self.cleaned_data
        return Word(
            state=State(read["state"]),
            review_at=at + timedelta(minutes=read["review_min"]),
            free=read["free"],
            reason=read["reason"],
            told_by=read["told_by"],
        )
