"""{% act forms.record_attempt row %}: an act's form for one row; nothing where it may not be done.

`{% act forms.step row label=words look="tap" stage="on_scene" %}` is a form of its own: its label, key
and look, and what its button says of a field that is not asked for then.
"""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from nowrongdoor.kit.forms import Form, own

register = template.Library()


@register.simple_tag(takes_context=True)
def act(context: template.Context, form: Form, row: Any, **options: object) -> SafeString:
    """`desk`, where the context has one, is the desk that stands around: it draws the answer."""
    if not form.opens_on(row):
        return SafeString("")
    on = context.get("desk") or ("", "")
    return form.of(row, own(options), on=on, token=context.get("csrf_token", ""))
