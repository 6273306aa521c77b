"""The baseline: what rows said that no entry of the journal vouches for.

The owner writes rows without an entry: a community's files, a backfill, what stood before there was a key.
`written_by_owner` covers what is written inside it, and nothing else: a row that somebody bent before is not
covered anew. `cover_all` is the operator's own word that everything is now as it should be.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connections
from django.db.models import Model
from django.db.models.functions import Collate

from nowrongdoor.journal import vouching as facts
from nowrongdoor.journal.models import Baseline, Seal

OWNER = "owner"
WHOLE = ""
BATCH = 2_000


def where(seq: int) -> str:
    """What the HMAC of a row in the baseline is bound to."""
    return f"baseline {seq}"


def whole(secret: bytes, rows: Iterable[tuple[str, int, str]]) -> str:
    """The HMAC over all rows of the baseline (name, seq, HMAC), in the order of their names."""
    over = hmac.new(secret, digestmod="sha256")
    for name, seq, mac in rows:
        over.update(f"{name} {seq} {mac}\n".encode())
    return over.hexdigest()


@contextmanager
def written_by_owner() -> Iterator[None]:
    """Cover what the block changes or adds of the models that the owner writes (`LOADED`). Needs the key."""
    if not facts.key():
        yield
        return
    models = [each for each in facts.covered_models() if getattr(each, "LOADED", False)]
    before = dict(_said(models))
    yield
    _cover({name: said for name, said in _said(models) if before.get(name) != said})


def cover_all(models: Sequence[type[Model]]) -> int:
    """Cover every row as it stands. Answers how many; the newest entry of each is then no longer asked."""
    covered, batch = 0, {}
    for name, said in _said(models):
        batch[name] = said
        if len(batch) == BATCH:
            covered, batch = covered + _put(batch), {}
    covered += _put(batch)
    gone = Baseline.objects.using(OWNER).exclude(seq=_head()).exclude(name=WHOLE)
    gone.delete()
    _vouch()
    return covered


def _cover(said: Mapping[str, str]) -> None:
    _put(said)
    _vouch()


def _put(said: Mapping[str, str]) -> int:
    secret, seq = facts.key(), _head()
    rows = [
        Baseline(name=name, seq=seq, mac=facts.of_row(secret, where(seq), body))
        for name, body in said.items()
    ]
    _upsert(rows)
    return len(rows)


def _vouch() -> None:
    """Write the HMAC over the whole baseline anew."""
    rows = Baseline.objects.using(OWNER).exclude(name=WHOLE).order_by(Collate("name", "C"))
    over = whole(facts.key(), rows.values_list("name", "seq", "mac").iterator())
    _upsert([Baseline(name=WHOLE, seq=_head(), mac=over)])


def _upsert(rows: Sequence[Baseline]) -> None:
    Baseline.objects.using(OWNER).bulk_create(
        rows, update_conflicts=True, update_fields=["seq", "mac"], unique_fields=["name"]
    )


def _head() -> int:
    return Seal.objects.using(OWNER).order_by("-seq").values_list("seq", flat=True).first() or 0


def _said(models: Sequence[type[Model]]) -> Iterator[tuple[str, str]]:
    connections[OWNER].ensure_connection()
    for model in models:
        for row in model._default_manager.using(OWNER).iterator():
            yield facts.name(row), facts.text(row)
