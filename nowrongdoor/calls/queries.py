"""Every read of contacts."""

from nowrongdoor.agencies.acting import acting
from nowrongdoor.calls.models import Contact
from nowrongdoor.episodes.facts import Source
from nowrongdoor.kernel.actor import Actor


def known_refs(by: Actor, source: Source, refs: frozenset[str]) -> frozenset[str]:
    """Those of these foreign numbers that `by`'s program has entered already. One query."""
    with acting(by):
        rows = Contact.objects.filter(source=source.value, external_ref__in=refs)
        return frozenset(rows.values_list("external_ref", flat=True))
