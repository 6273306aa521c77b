"""Reading what a guest typed. One clear sentence for each field; nothing typed is lost."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nowrongdoor.episodes.facts import Attested
from nowrongdoor.guests.keys import DIGITS

LINE = 200


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40, error_messages={"required": _("Type the six digits.")})

    def clean_code(self) -> str:
        """Spaces and hyphens are how people write digits down."""
        digits = "".join(str(self.cleaned_data["code"]).replace("-", " ").split())
        if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
            raise forms.ValidationError(_("Type the six digits."))
        return digits


class AcceptForm(forms.Form):
    name = forms.CharField(max_length=LINE, error_messages={"required": _("Give your name.")})
    operator = forms.CharField(
        max_length=LINE, error_messages={"required": _("Give your operator or badge number.")}
    )
    incident = forms.CharField(max_length=LINE, required=False)

    def receiver(self) -> Attested:
        read = self.cleaned_data
        return Attested(name=read["name"], operator=read["operator"], incident=read["incident"])


class DeclineForm(forms.Form):
    name = forms.CharField(max_length=LINE, error_messages={"required": _("Give your name.")})
    reason = forms.CharField(max_length=40, error_messages={"required": _("Choose a reason.")})

    def receiver(self) -> Attested:
        return Attested(name=self.cleaned_data["name"], operator="")
