"""Drawing the parts of a desk."""

from django import template
from django.template.context import Context
from django.template.loader import get_template

from nowrongdoor.kit.parts import PartRead

register = template.Library()
EVERYWHERE = ("csrf_token", "frame", "desk")
"""What every template of a page may use; else a part has only what its module gave it."""


@register.simple_tag(takes_context=True)
def part(context: Context, one: PartRead) -> str:
    """One part, as its own module draws it."""
    page = {name: context[name] for name in EVERYWHERE if name in context}
    return get_template(one.template).render(page | dict(one.given))
