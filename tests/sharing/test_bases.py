"""What a disclosure rests on: agreements, releases and grounds, and the facts that follow from each."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nowrongdoor.sharing import bases
from nowrongdoor.sharing.bases import (
    AgreementFacts,
    Basis,
    GroundFacts,
    ReleaseFacts,
    Want,
)
from nowrongdoor.sharing.rules import may_disclose
from tests.makers import NOON, later
from tests.sharing.tables import TUCSON, asked

CENTER, PATROL, LINE, OTHER = (UUID(int=n) for n in (1, 2, 3, 4))
CRC, POLICE = UUID(int=11), UUID(int=12)
PERSON, CALL = UUID(int=21), UUID(int=31)
DAY = 86_400
AGREED = AgreementFacts(
    id=UUID(int=41),
    tells=frozenset({CENTER}),
    told=frozenset({PATROL}),
    data=frozenset({"clinical"}),
    purposes=frozenset({"close_loop"}),
    from_at=NOON,
    until_at=later(DAY),
    ended_at=None,
    agencies_tell=frozenset({CRC}),
    agreed=frozenset({CRC}),
    replaces_id=None,
)
SIGNED = ReleaseFacts(
    id=UUID(int=51),
    kind="authorization",
    teller_id=CENTER,
    told=frozenset({PATROL}),
    data=frozenset({"clinical"}),
    items=("attendance",),
    purposes=frozenset({"close_loop"}),
    signer="person",
    activated_at=NOON,
    until_at=later(DAY),
    revoked_at=None,
    persons=frozenset({PERSON}),
)
EMERGENCY = GroundFacts(
    id=UUID(int=61),
    kind="emergency",
    said_by_id=CENTER,
    from_id=CENTER,
    to_id=PATROL,
    to_kind="",
    person_id=PERSON,
    episode_id=None,
    from_at=NOON,
    until_at=later(7200),
    withdrawn_at=None,
)
WANT = Want("clinical", "close_loop", CENTER, PATROL, person_id=PERSON, episode_id=CALL)


@pytest.mark.parametrize(
    ("said", "at_s", "stands"),
    [
        ({}, 0, True),
        ({}, -1, False),
        ({}, DAY - 1, True),
        ({}, DAY, False),  # from that second
        ({"until_at": None}, 10 * DAY, True),
        ({"ended_at": later(60)}, 59, True),
        ({"ended_at": later(60)}, 60, False),
        ({"agreed": frozenset()}, 0, False),
        ({"agencies_tell": frozenset({CRC, POLICE})}, 0, False),
        ({"agencies_tell": frozenset({CRC, POLICE}), "agreed": frozenset({CRC, POLICE})}, 0, True),
        ({"agreed": frozenset({POLICE})}, 0, False),  # whoever is told has agreed, and no teller
    ],
)
def test_an_agreement_stands_while_it_lasts_and_every_teller_agreed(
    said: dict[str, object], at_s: int, stands: bool
) -> None:
    assert bases.stands(replace(AGREED, **said), at=later(at_s)) is stands


NEXT = replace(AGREED, id=UUID(int=42), replaces_id=AGREED.id, from_at=later(60))


@pytest.mark.parametrize(
    ("later_version", "at_s", "in_force"),
    [
        (NEXT, 59, {AGREED.id}),
        (NEXT, 60, {NEXT.id}),
        (replace(NEXT, agreed=frozenset()), 60, {AGREED.id}),  # until it stands the earlier one does
        (replace(NEXT, ended_at=later(90)), 100, {AGREED.id}),
        (replace(NEXT, data=frozenset({"sud"})), 60, {NEXT.id}),
    ],
)  # fmt: skip
def test_a_version_that_stands_takes_the_place_of_the_earlier_one(
    later_version: AgreementFacts, at_s: int, in_force: set[UUID]
) -> None:
    found = bases.in_force([AGREED, later_version], at=later(at_s))

    assert {each.id for each in found} == in_force


@pytest.mark.parametrize(
    "other",
    [
        {"from_id": OTHER},
        {"to_id": LINE},
        {"to_id": None},
        {"data": "sud"},
        {"purpose": "coordinate"},
    ],
)
def test_an_agreement_covers_two_programs_a_class_and_a_purpose(other: dict[str, object]) -> None:
    found = bases.of_agreement(AGREED, WANT)

    assert found is not None
    assert (found.facts, found.until_at) == ({"agreement"}, later(DAY))
    assert bases.of_agreement(AGREED, replace(WANT, **other)) is None


SUD = {"data": frozenset({"sud"}), "purposes": frozenset({"engagement"})}


@pytest.mark.parametrize(
    ("release", "want", "facts"),
    [
        ({}, {}, {"authorization", "named"}),
        ({"signer": "guardian"}, {}, {"authorization", "named", "guardian"}),
        ({"signer": "minor"}, {}, {"authorization", "named", "guardian"}),
        ({"signer": "representative"}, {}, {"authorization", "named"}),
        ({"kind": "part2_tpo", **SUD}, {"data": "sud", "purpose": "payment"}, {"tpo"}),
        ({"kind": "part2_tpo", **SUD}, {"data": "sud", "purpose": "engagement"}, None),
        ({"kind": "part2_named", **SUD}, {"data": "sud", "purpose": "engagement"}, {"named"}),
        ({"kind": "part2_named", **SUD}, {"data": "sud", "purpose": "locate"}, None),
        ({"kind": "part2_cj", **SUD}, {"data": "sud", "purpose": "engagement"}, {"cj"}),
        ({"kind": "authorization", **SUD}, {"data": "sud", "purpose": "engagement"}, None),
        ({"kind": "part2_named"}, {}, None),  # a Part 2 consent opens a Part 2 record alone
        ({"kind": "hmis"}, {}, {"hmis_consent"}),
        ({"kind": "victim"}, {}, None),
        ({"kind": "victim", "data": frozenset({"victim"})}, {"data": "victim"}, {"victim_release"}),
        ({"data": frozenset({"victim"})}, {"data": "victim"}, None),
        ({"told": frozenset({LINE})}, {}, None),
        ({"teller_id": OTHER}, {}, None),
        ({"persons": frozenset({OTHER})}, {}, None),
        ({"persons": frozenset()}, {"person_id": None}, None),
        ({"activated_at": None}, {}, None),
    ],
)
def test_a_release_gives_what_its_kind_gives_and_no_more(
    release: dict[str, object], want: dict[str, object], facts: set[str] | None
) -> None:
    found = bases.of_release(replace(SIGNED, **release), replace(WANT, **want), at=NOON)

    assert (None if found is None else found.facts) == facts


@pytest.mark.parametrize(
    ("release", "at_s", "active"),
    [
        ({}, 0, True),
        ({}, -1, False),
        ({}, DAY, False),
        ({"until_at": None}, 10 * DAY, True),
        ({"revoked_at": later(5)}, 4, True),
        ({"revoked_at": later(5)}, 5, False),
    ],
)
def test_a_release_is_active_to_the_second(
    release: dict[str, object], at_s: int, active: bool
) -> None:
    assert bases.is_active(replace(SIGNED, **release), at=later(at_s)) is active


@pytest.mark.parametrize(
    ("ground", "want", "at_s", "holds"),
    [
        ({}, {}, 0, True),
        ({}, {}, -1, False),
        ({}, {}, 7200, False),
        ({"withdrawn_at": later(5)}, {}, 5, False),
        ({}, {"to_id": LINE}, 0, False),
        ({}, {"from_id": OTHER}, 0, False),
        ({}, {"person_id": OTHER}, 0, False),
        ({}, {"person_id": None}, 0, False),
        ({"person_id": None, "episode_id": CALL}, {"person_id": None}, 0, True),
        ({"person_id": None, "episode_id": OTHER}, {}, 0, False),
        ({"to_id": None, "to_kind": "family"}, {"to_id": None, "to_kind": "family"}, 0, True),
        ({"to_id": None, "to_kind": "family"}, {"to_id": None, "to_kind": "court"}, 0, False),
        ({"to_id": None, "to_kind": "family"}, {}, 0, False),
        ({"said_by_id": PATROL}, {}, 0, True),
        ({"said_by_id": OTHER}, {}, 0, False),
        ({"kind": "order"}, {}, 0, True),
        ({"kind": "order", "said_by_id": PATROL}, {}, 0, False),
        ({"kind": "named"}, {}, 0, False),
    ],
)
def test_a_ground_holds_of_its_teller_its_recipient_and_its_person_or_call(
    ground: dict[str, object], want: dict[str, object], at_s: int, holds: bool
) -> None:
    found = bases.of_ground(replace(EMERGENCY, **ground), replace(WANT, **want), at=later(at_s))

    assert (found is not None) is holds


@pytest.mark.parametrize(
    ("row", "used", "opened"),
    [
        (("status",), [], ("status",)),
        (("named", "status"), [], ("status",)),
        (("named", "status"), [("release", ("attendance",))], ("status", "attendance")),
        (("named",), [("release", ("status", "attendance"))], ("status", "attendance")),
        (("status",), [("release", ("attendance",))], ("status",)),
        (("status", "card"), [("agreement", ("status",))], ("status",)),
        (("status",), [("agreement", ())], ("status",)),
        (("status",), [("agreement", ("whole",))], ()),  # never more than the row gives
    ],
)
def test_what_is_opened_is_the_row_s_with_what_releases_name(
    row: tuple[str, ...], used: list[tuple[str, tuple[str, ...]]], opened: tuple[str, ...]
) -> None:
    rests_on = [
        Basis(kind, UUID(int=n), frozenset(), items) for n, (kind, items) in enumerate(used)
    ]

    assert bases.opened(row, rests_on) == opened


def moments(least: int = -3, most: int = 3) -> some.SearchStrategy[datetime]:
    return some.integers(least, most).map(lambda n: NOON + timedelta(seconds=n))


AGREEMENTS = some.builds(
    AgreementFacts,
    id=some.sampled_from([UUID(int=n) for n in range(70, 74)]),
    tells=some.just(AGREED.tells),
    told=some.just(AGREED.told),
    data=some.just(AGREED.data),
    purposes=some.just(AGREED.purposes),
    from_at=moments(),
    until_at=some.none() | moments(),
    ended_at=some.none() | moments(),
    agencies_tell=some.just(frozenset({CRC, POLICE})),
    agreed=some.sets(some.sampled_from([CRC, POLICE])).map(frozenset),
    replaces_id=some.none() | some.sampled_from([UUID(int=n) for n in range(70, 74)]),
)


@given(some.lists(AGREEMENTS, max_size=4, unique_by=lambda each: each.id), moments())
def test_no_basis_comes_from_what_is_over_not_agreed_or_replaced(
    versions: list[AgreementFacts], at: datetime
) -> None:
    standing = bases.in_force(versions, at=at)

    for each in standing:
        assert each.from_at <= at
        assert each.until_at is None or at < each.until_at
        assert each.ended_at is None or at < each.ended_at
        assert each.agencies_tell <= each.agreed
        assert not any(one.replaces_id == each.id for one in standing)
    replaced = {one.replaces_id for one in versions if bases.stands(one, at=at)}
    left = {one.id for one in versions if bases.stands(one, at=at)} - replaced
    assert {each.id for each in standing} == left


@given(
    some.lists(
        some.builds(
            Basis,
            kind=some.sampled_from(["agreement", "release", "ground"]),
            id=some.uuids(),
            facts=some.sets(some.sampled_from(sorted(TUCSON.facts)), max_size=2).map(frozenset),
            items=some.just(()),
            until_at=some.none() | moments(),
        ),
        max_size=5,
    ),
    some.sampled_from(["clinical", "crisis_contact", "homeless", "sud"]),
    some.sampled_from(["close_loop", "coordinate", "imminent_threat", "engagement"]),
)
def test_each_basis_that_is_needed_changes_the_row_where_it_is_dropped(
    given_: list[Basis], data: str, purpose: str
) -> None:
    def decides(facts: frozenset[str]) -> str:
        return may_disclose(TUCSON, asked(data, "crc", "le_mhst", purpose, *facts)).row

    used = bases.needed(given_, decides)

    row = decides(bases.facts_of(given_))
    assert decides(bases.facts_of(used)) == row
    for each in used:
        assert decides(bases.facts_of(one for one in used if one is not each)) != row


def test_what_lasts_is_kept_where_either_would_do() -> None:
    brief = Basis("ground", UUID(int=1), frozenset({"agreement"}), until_at=later(1))
    lasting = Basis("agreement", UUID(int=2), frozenset({"agreement"}))

    for given_ in ([brief, lasting], [lasting, brief]):
        used = bases.needed(given_, lambda facts: "A" if "agreement" in facts else "none")
        assert used == (lasting,)
