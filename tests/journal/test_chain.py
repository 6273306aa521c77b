"""The chain of hashes, pure: every way of tampering is named once, at its place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.journal import chain
from nowrongdoor.journal.chain import START, Link, Sealed

NOON = datetime(2027, 3, 1, 19, tzinfo=UTC)


def a_link(seq: int) -> Link:
    at = NOON + timedelta(seconds=seq)
    return Link(
        seq,
        UUID(int=seq),
        "episodes.opened",
        at,
        at,
        "member:x",
        UUID(int=1),
        UUID(int=2),
        None,
        '{"n":1}',
    )


def a_chain(length: int) -> list[Sealed]:
    sealed, prev = [], START
    for seq in range(1, length + 1):
        link = a_link(seq)
        hash = chain.seal(prev, link)
        sealed.append(Sealed(seq, link.id, hash, prev, link))
        prev = hash
    return sealed


def test_an_untouched_chain_has_no_findings() -> None:
    assert list(chain.check(a_chain(50))) == []
    assert list(chain.check([])) == []


def change(row: Sealed, **what: object) -> Sealed:
    assert row.link is not None
    return replace(row, link=replace(row.link, **what))  # type: ignore[arg-type]


TAMPERINGS: dict[str, tuple[Callable[[list[Sealed]], None], str]] = {
    "who": (lambda c: c.__setitem__(4, change(c[4], by="member:y")), "entry changed"),
    "when": (lambda c: c.__setitem__(4, change(c[4], at=NOON)), "entry changed"),
    "what": (lambda c: c.__setitem__(4, change(c[4], kind="episodes.closed")), "entry changed"),
    "ids": (lambda c: c.__setitem__(4, change(c[4], ids="{}")), "entry changed"),
    "which episode": (
        lambda c: c.__setitem__(4, change(c[4], episode_id=UUID(int=8))),
        "entry changed",
    ),
    "the entry goes": (lambda c: c.__setitem__(4, replace(c[4], link=None)), "entry removed"),
    "the seal goes": (lambda c: c.__delitem__(4), "seal removed"),
    "the hash": (lambda c: c.__setitem__(4, replace(c[4], hash="0" * 64)), "entry changed"),
    "the link back": (lambda c: c.__setitem__(4, replace(c[4], prev="0" * 64)), "seal changed"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named_at_its_place(name: str) -> None:
    tamper, what = TAMPERINGS[name]
    sealed = a_chain(10)
    tamper(sealed)

    findings = list(chain.check(sealed))

    assert (findings[0].what, findings[0].seq) == (what, 5)
    assert len(findings) <= 2  # a wrong hash is also no longer what the next one follows


def test_an_entry_put_in_afterwards_is_out_of_its_time() -> None:
    sealed = a_chain(3)
    late = replace(a_link(4), recorded_at=NOON - timedelta(hours=1))
    sealed.append(Sealed(4, late.id, chain.seal(sealed[-1].hash, late), sealed[-1].hash, late))

    assert [finding.what for finding in chain.check(sealed)] == ["entry inserted"]


@given(st.integers(1, 30), st.data())
def test_any_single_change_is_found(length: int, data: st.DataObject) -> None:
    sealed = a_chain(length)
    at = data.draw(st.integers(0, length - 1))
    field = data.draw(st.sampled_from(["by", "kind", "ids"]))
    sealed[at] = change(sealed[at], **{field: data.draw(st.text(min_size=1, max_size=5)) + "!"})

    assert [finding.seq for finding in chain.check(sealed)] == [at + 1]


def test_the_text_of_an_entry_does_not_depend_on_its_zone() -> None:
    link = a_link(1)
    from zoneinfo import ZoneInfo

    moved = replace(link, at=link.at.astimezone(ZoneInfo("America/Phoenix")))

    assert chain.text(moved) == chain.text(link)
