"""Arbitrary interleavings of every command of holding, against a small reference model.

The model knows three things of an episode: who holds it, what is offered, whether it is over. After
every step the database says the same, and refused exactly what the model refuses. A long run:
`NWD_STEPS=200 NWD_EXAMPLES=500 pytest tests/episodes/test_machine.py`.
"""

import os
from datetime import datetime
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import Attested, Closing, Proposal
from nowrongdoor.episodes.models import Episode, Handoff
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotFound, Refused
from nowrongdoor.site import safeguards
from nowrongdoor.site.reactions import DEADLINES
from tests.conftest import clear
from tests.episodes.model import CAST, HOME, SUPERVISORS, WAYS, Held, Told, people
from tests.makers import an_actor, an_episode, later, program_id


class Holding(RuleBasedStateMachine):
    episodes = Bundle("episodes")
    offers = Bundle("offers")
    batches = Bundle("batches")

    def __init__(self) -> None:
        super().__init__()
        self.tick = 0
        self.held: dict[UUID, Held] = {}
        self.told: dict[UUID, Told] = {}
        self.heard: dict[str, int] = {}
        self.who: dict[str, Actor] = {name: an_actor(name, HOME[name]) for name in CAST}
        self.owner = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
        self.names = {actor.member_id: name for name, actor in self.who.items()}

    def teardown(self) -> None:
        try:
            assert list(safeguards.broken(self.owner)) == []  # nothing stands against a constraint
        finally:
            self.owner.close()
            clear()

    # what the model thinks -------------------------------------------------------------------

    def now(self) -> datetime:
        self.tick += 1
        return later(self.tick)

    def free(self, id: UUID) -> bool:
        return not self.held[id].over and self.held[id].joined is None

    def holds(self, name: str, id: UUID) -> bool:
        held = self.held[id]
        return self.free(id) and held.program == HOME[name] and held.member in ("", name)

    def offered(self, id: UUID, purpose: str = "") -> list[UUID]:
        return [
            k
            for k, o in self.told.items()
            if o.episode == id and o.open and purpose in ("", o.purpose)
        ]

    def reachable(self, id: UUID) -> bool:
        held = self.held[id]
        names = [held.member] if held.member else [n for n in CAST if HOME[n] == held.program]
        return any(self.tick - self.heard.get(name, -99) <= 5 for name in names)

    def moves(self, id: UUID, program: str, member: str, by: UUID | None = None) -> None:
        for key in self.offered(id):
            if key != by and self.told[key].purpose != "join":
                self.told[key].open = False
        held = self.held[id]
        held.program, held.member = program, member
        held.ever.add(program)

    # what is done ----------------------------------------------------------------------------

    @rule(target=episodes, name=st.sampled_from(["anna.miller", "luis.ortega", "maria.lopez"]))
    def opens(self, name: str) -> UUID:
        row = an_episode(self.who[name], at=self.now())
        self.held[row.pk] = Held(HOME[name], name, ever={HOME[name]})
        return row.pk

    @rule(
        target=offers, id=episodes, name=people, to=st.sampled_from(sorted({to for _, to in WAYS}))
    )
    def offer(self, id: UUID, name: str, to: str) -> object:
        kind = WAYS.get((HOME[name], to), "warm_transfer")
        may = self.holds(name, id) and (HOME[name], to) in WAYS and not self.offered(id, "transfer")
        proposal = Proposal(id, kind, program_id(to))
        row = self.expect(may, commands.offer_episode, by=name, proposal=proposal)
        if row is None:
            return multiple()
        assert isinstance(row, Handoff)
        self.told[row.pk] = Told(id, "transfer", to)
        return row.pk

    @rule(key=offers, name=people)
    def accept(self, key: UUID, name: str) -> None:
        told = self.told[key]
        fits = told.to_member in ("", name) or name in SUPERVISORS
        may = told.open and HOME[name] == told.to and fits
        if told.into is not None:
            may = may and self.holds(name, told.into)
        if self.expect(may, commands.accept_offer, by=name, handoff_id=key) is not None:
            self.accepted(key, name)

    def accepted(self, key: UUID, name: str) -> None:
        told = self.told[key]
        told.open = False
        if told.purpose == "separate":
            self.held[told.episode].joined = None
        self.moves(told.episode, told.to, name, by=key)
        if told.purpose == "join":
            self.held[told.episode].joined = told.into

    @rule(key=offers, name=people, reason=st.sampled_from(["capacity", ""]))
    def decline(self, key: UUID, name: str, reason: str) -> None:
        told = self.told[key]
        fits = told.to_member in ("", name) or name in SUPERVISORS
        may = told.open and HOME[name] == told.to and fits and reason != ""
        if (
            self.expect(may, commands.decline_offer, by=name, handoff_id=key, reason=reason)
            is not None
        ):
            told.open = False

    @rule(key=offers, name=people)
    def withdraw(self, key: UUID, name: str) -> None:
        told = self.told[key]
        may = told.open and (told.purpose == "separate" or self.holds(name, told.episode))
        if (
            told.purpose == "separate"
            and told.open
            and HOME[name] not in self.held[told.episode].ever | {told.to}
        ):
            may = False
        if self.expect(may, commands.withdraw_offer, by=name, handoff_id=key) is not None:
            told.open = False

    @rule(key=offers, name=people)
    def attest(self, key: UUID, name: str) -> None:
        told = self.told[key]
        may = told.open and self.holds(name, told.episode) and told.to == "sheriff911/floor"
        hall = Attested("Deputy Hall", "4471")
        if (
            self.expect(may, commands.attest_offer, by=name, handoff_id=key, receiver=hall)
            is not None
        ):
            told.open = False
            self.moves(told.episode, told.to, "", by=key)

    @rule(target=batches, name=people, to=people)
    def relieve(self, name: str, to: str) -> object:
        mine = [
            id
            for id in self.held
            if self.free(id)
            and self.held[id].member == name
            and self.held[id].program == HOME[name]
        ]
        may = bool(mine) and to != name and HOME[to] == HOME[name]
        batch = self.expect(may, commands.relieve, by=name, to_member_id=self.who[to].member_id)
        if not isinstance(batch, UUID):
            return multiple()
        for id in mine:
            for earlier in self.offered(id, "relief"):
                self.told[earlier].open = False
        with act_as(self.who[name]):
            rows = list(Handoff.objects.filter(batch_id=batch).values_list("id", "episode_id"))
        assert {id for _, id in rows} == set(mine)
        for key, id in rows:
            self.told[key] = Told(id, "relief", HOME[name], to, batch=batch)
        return batch

    @rule(batch=consumes(batches), name=people)
    def accept_relief(self, batch: UUID, name: str) -> None:
        keys = [key for key, told in self.told.items() if told.batch == batch and told.open]
        fits = all(self.told[k].to_member == name or name in SUPERVISORS for k in keys)
        may = bool(keys) and all(self.told[k].to == HOME[name] for k in keys) and fits
        if self.expect(may, commands.accept_relief, by=name, batch_id=batch) is not None:
            for key in keys:
                self.accepted(key, name)

    @rule(id=episodes, name=people)
    def take(self, id: UUID, name: str) -> None:
        may = self.holds(name, id) and self.held[id].member == ""
        if self.expect(may, commands.take_episode, by=name, episode_id=id) is not None:
            self.moves(id, HOME[name], name)

    @rule(id=episodes, name=people, reason=st.sampled_from(["holder_unreachable", ""]))
    def assume(self, id: UUID, name: str, reason: str) -> None:
        held = self.held[id]
        touched = {HOME[name]} & held.ever
        ours = held.program == HOME[name]
        away = bool(touched) and not self.reachable_next(id)
        may = (
            name in SUPERVISORS
            and self.free(id)
            and reason != ""
            and held.member != name
            and (ours or away)
        )
        if (
            self.expect(may, commands.assume_episode, by=name, episode_id=id, reason=reason)
            is not None
        ):
            self.moves(id, HOME[name], name)

    def reachable_next(self, id: UUID) -> bool:
        """As it will be at the next tick, when the command asks."""
        self.tick += 1
        try:
            return self.reachable(id)
        finally:
            self.tick -= 1

    @rule(target=offers, id=episodes, into=episodes, name=people)
    def join(self, id: UUID, into: UUID, name: str) -> object:
        carries = any(held.joined == id for held in self.held.values())
        sees = HOME[name] in self.sees(into)
        may = (
            sees
            and self.holds(name, id)
            and id != into
            and self.free(into)
            and not carries
            and not self.offered(id, "join")
        )
        row = self.expect(may, commands.join_episode, by=name, episode_id=id, into_id=into)
        if row is None:
            return multiple()
        assert isinstance(row, Handoff)
        target = self.held[into]
        self.told[row.pk] = Told(id, "join", target.program, target.member, into=into)
        if self.holds(name, into):
            self.accepted(row.pk, name)
        return row.pk

    @rule(target=offers, id=episodes, name=people, to=people)
    def separate(self, id: UUID, name: str, to: str) -> object:
        root = self.held[id].joined
        may = (
            root is not None
            and self.holds(name, root)
            and HOME[to] == HOME[name]
            and not self.offered(id, "separate")
        )
        member_id = self.who[to].member_id
        row = self.expect(
            may, commands.separate_episode, by=name, episode_id=id, to_member_id=member_id
        )
        if row is None:
            return multiple()
        assert isinstance(row, Handoff)
        self.told[row.pk] = Told(id, "separate", HOME[name], to)
        if to == name:
            self.accepted(row.pk, name)
        return row.pk

    @rule(
        id=episodes,
        name=people,
        declined=st.booleans(),
        outcome=st.sampled_from(["information", ""]),
    )
    def close(self, id: UUID, name: str, declined: bool, outcome: str) -> None:
        may = self.holds(name, id) and not self.offered(id) and declined and outcome != ""
        closing = Closing(outcome, declined_by_person=declined)
        if (
            self.expect(may, commands.close_episode, by=name, episode_id=id, closing=closing)
            is not None
        ):
            self.held[id].over = True

    @rule(name=people)
    def is_at_the_desk(self, name: str) -> None:
        agencies.occupy_desk(by=self.who[name], at=self.now())
        self.heard[name] = self.tick

    @rule(seconds=st.sampled_from([5, 60, 600]))
    def time_passes(self, seconds: int) -> None:
        """Deadlines fire; nobody is dropped, closed or moved by it."""
        self.tick += seconds
        fire_due(at=later(self.tick), reactions=DEADLINES)

    # what must always be so ------------------------------------------------------------------

    def sees(self, id: UUID) -> frozenset[str]:
        """The programs whose rows show this episode, as the database has them."""
        query = "SELECT seen_by FROM episodes_episode WHERE id = %s"
        [seen_by] = self.owner.execute(query, [id]).fetchone() or ((),)
        assert isinstance(seen_by, list)
        return frozenset(name for name in {*HOME.values()} if program_id(name) in seen_by)

    def expect(self, may: bool, command: object, *, by: str, **asked: object) -> object:
        """Run a command and hold its yes or no against the model's."""
        assert callable(command)
        try:
            done = command(by=self.who[by], at=self.now(), **asked)
        except Refused as refusal:
            assert not may, f"{by} was refused: {refusal.verdict.rule}"
            return None
        assert may, f"{by} was let through"
        return done if done is not None else True

    @invariant()
    def everybody_open_is_held_as_the_model_says(self) -> None:
        rows = self.owner.execute(
            "SELECT id, holder_program_id, holder_member_id, closed_at IS NOT NULL, joined_into_id "
            "FROM episodes_episode"
        ).fetchall()
        here = {
            id: (program, self.names.get(member, ""), over, joined)
            for id, program, member, over, joined in rows
        }
        model = {
            id: (program_id(held.program), held.member, held.over, held.joined)
            for id, held in self.held.items()
        }
        assert here == model

    @invariant()
    def the_holder_sees_whom_they_hold(self) -> None:
        for id, held in self.held.items():
            if held.member:
                with act_as(self.who[held.member]):
                    assert Episode.objects.filter(pk=id).exists()


@pytest.mark.usefixtures("db")
def test_any_interleaving_holds_everybody() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Holding,
        settings=settings(
            max_examples=int(os.environ.get("NWD_EXAMPLES", "6")),
            stateful_step_count=int(os.environ.get("NWD_STEPS", "30")),
            deadline=None,
            # a failing trace is shown as found; NWD_SHRINK=1 looks for the shortest (minutes)
            phases=[Phase.generate, *([Phase.shrink] if os.environ.get("NWD_SHRINK") else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_knows_who_cannot_be_found() -> None:
    """Negative control: NotFound is a refusal too, so a stranger's act counts as refused."""
    assert issubclass(NotFound, Refused)
