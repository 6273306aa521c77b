"""{% act forms.record_attempt row %}: an act's form for one row; nothing where it may not be done."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from nowrongdoor.kit.forms import Form

register = template.Library()


@register.simple_tag(takes_context=True)
def act(context: template.Context, form: Form, row: Any) -> SafeString:
    """`desk`, where the context has one, is the desk that stands around: it draws the answer."""
    on = context.get("desk") or ("", "")
    return form.of(row, on=on, token=context.get("csrf_token", ""))
