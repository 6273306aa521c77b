"""The keys of a record: a step inside the commands that change what it says."""

from nowrongdoor.identity.facts import Described
from nowrongdoor.identity.models import Key, Person
from nowrongdoor.identity.rules.sounds import keys_of


def write_keys(person: Person) -> None:
    """Let a record be found by what it says now: its own names, phones and birth."""
    names = tuple(each.facts() for each in person.names.filter(ended_at=None))
    phones = tuple(person.phones.filter(ended_at=None).values_list("number", flat=True))
    now = keys_of(Described(names, person.born_facts(), phones))
    before = dict(Key.objects.filter(person=person).values_list("key", "live"))
    gone = [key for key, live in before.items() if live and key not in now]
    back = [key for key, live in before.items() if not live and key in now]
    Key.objects.filter(person=person, key__in=gone).update(live=False)
    Key.objects.filter(person=person, key__in=back).update(live=True)
    of = {"program_id": person.program_id, "person_id": person.pk}
    Key.objects.bulk_create(Key(key=key, **of) for key in sorted(now - before.keys()))
