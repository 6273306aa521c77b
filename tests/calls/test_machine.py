"""Arbitrary interleavings of holding, offers, lines and watches, against a small reference model.

After every step the database says of every call what the model says, refused exactly what the model
refuses, and keeps what `AFTER_EVERY_STEP` counts. A long run, with its figures at the end:
`NWD_STEPS=200 NWD_EXAMPLES=500 NWD_SEED=1 pytest tests/calls/test_machine.py`.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nowrongdoor.agencies import commands as agencies
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import Mode, PlaceIs
from nowrongdoor.calls.queries import on_hand
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Handoff
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.triage import commands as triage
from nowrongdoor.triage.models import Screening
from tests.calls.holding import Holding, seldom
from tests.calls.machine import ANSWERS, anybody, picks
from tests.calls.model import (
    CAST,
    HOME,
    SUPERVISORS,
    WAYS,
    Told,
)
from tests.makers import later


class Lines(Holding):
    batches = Bundle("batches")

    @rule(target=Holding.offers, id=Holding.calls, n=st.integers(0, 2**32))
    def goes_on(self, id: UUID, n: int) -> object:
        """What would come next, as the model sees it, several times: else few traces get far."""
        chance = Random(n + self.tick)
        made: list[object] = []
        for later_one in range(6):
            if later_one:
                self.every_call_is_as_the_model_says()
                self.nobody_is_left()
            next_steps = list(self.next_steps(id, chance))
            if next_steps:
                made.append(chance.choice(next_steps)())
        return multiple(*(key for key in made if key in self.told))

    def next_steps(self, id: UUID, chance: Random) -> Iterator[Callable[[], object]]:
        pick = chance.randrange(4 * len(CAST))
        yield from self.answers_due(id, pick)
        yield from self.on_the_line(id)
        call = self.call[id]
        if call.member and call.held_by(call.member) and not self.transfers(id):
            who = CAST.index(call.member)
            ways = [to for start, to in WAYS if start == call.program]
            yield partial(self.offer, id, who, chance.choice(ways))
            yield partial(self.give_back, id, who, chance.choice([*PlaceIs]))
        for told in self.offered(id):
            if told.batch is not None:
                yield partial(self.accept_relief, told.batch, CAST.index(told.to_member))
        for to in call.relief.values():
            yield partial(self.listen_on, id, CAST.index(to))
        if call.on:
            yield partial(self.screen, id, pick, chance.choice(ANSWERS), chance.random() < 0.5)
            yield partial(self.lose, id, pick)
            yield partial(self.join, id, pick, chance.random() < 0.5)
        if call.member and chance.random() < 0.2:
            yield partial(self.close, id, CAST.index(call.member))
            yield partial(self.relieve, id, pick, chance.choice(CAST))
        if call.undone():
            yield partial(self.do_what_blocks, id, pick)

    def answers_due(self, id: UUID, pick: int) -> Iterator[Callable[[], object]]:
        for key, told in self.told.items():
            if told.open and told.call == id and told.batch is None:
                staff = [CAST.index(name) for name in CAST if HOME[name] == told.to]
                yield partial(self.accept, key, staff[pick % len(staff)])
                yield partial(self.attest, key, CAST.index(told.sender))

    def on_the_line(self, id: UUID) -> Iterator[Callable[[], object]]:
        call = self.call[id]
        for name, one in call.on.items():
            who = CAST.index(name)
            yield partial(self.leave, id, who)  # also where it is refused
            if call.may_leave(name, self.tick + 1):
                yield partial(self.leave, id, who)
            elif not one.speaks:
                colleagues = [who for who in CAST if HOME[who] == HOME[name]]
                yield partial(self.time_passes, 30)
                yield partial(
                    self.ask_to_listen_on, id, who, colleagues[self.tick % len(colleagues)]
                )
                yield partial(self.take_back, id, who)
            if one.seen < call.rose:
                yield partial(self.see, id, who)

    # relief and desks ------------------------------------------------------------------------

    @seldom
    @rule(target=batches, id=Holding.calls, pick=picks, to=st.sampled_from(CAST))
    def relieve(self, id: UUID, pick: int, to: str) -> object:
        name = self.by(id, pick)
        mine = [
            key
            for key, call in self.call.items()
            if not call.over and call.member == name and call.program == HOME[name]
        ]
        may = bool(mine) and to != name and HOME[to] == HOME[name]
        batch = self.expect(may, episodes.relieve, by=name, to_member_id=self.who[to].member_id)
        if not isinstance(batch, UUID):
            return multiple()
        for told in self.told.values():
            if told.call in mine and told.batch is not None:
                told.open = False
        with act_as(self.who[name]):
            rows = list(Handoff.objects.filter(batch_id=batch).values_list("id", "episode_id"))
        for key, call_id in rows:
            self.told[key] = Told(call_id, name, HOME[name], to, batch)
            self.call[call_id].touched.add(HOME[name])
        return batch

    @seldom
    @rule(batch=consumes(batches), pick=picks)
    def accept_relief(self, batch: UUID, pick: int) -> None:
        keys = [key for key, told in self.told.items() if told.batch == batch]
        open_now = [self.told[key] for key in keys if self.told[key].open]
        name = anybody(pick) or self.told[keys[0]].to_member
        fits = all(t.to_member == name or name in SUPERVISORS for t in open_now)
        may = bool(open_now) and fits and all(t.to == HOME[name] for t in open_now)
        if self.expect(may, commands.accept_relief, by=name, batch_id=batch) is not None:
            for told in open_now:
                self.moves(told.call, name, "relief")
                call = self.call[told.call]
                call.speak(name, self.tick)
                if told.sender != name and told.sender in call.on:
                    call.go(told.sender)

    @seldom
    @rule(id=Holding.calls, pick=picks, to=st.sampled_from(CAST))
    def ask_to_listen_on(self, id: UUID, pick: int, to: str) -> None:
        name = self.by(id, pick)
        mine = [c for c in self.call.values() if name in c.on and not c.on[name].speaks]
        may = not mine or (to != name and HOME[to] == HOME[name])
        member_id = self.who[to].member_id
        if self.expect(may, commands.offer_watch, by=name, to_member_id=member_id) is not None:
            for call in mine:
                call.relief[name] = to

    @rule(id=Holding.calls, pick=picks)
    def listen_on(self, id: UUID, pick: int) -> None:
        asked = list(self.call[id].relief.values())
        name = anybody(pick) or (asked[pick % len(asked)] if asked else self.by(id, pick))
        done = 0
        now = self.tick + 1
        for call in self.call.values():
            for earlier in [who for who, to in call.relief.items() if to == name]:
                done += 1
                seen = call.on[earlier].seen
                if name not in call.on:
                    call.listen(name, now, seen)
                call.go(earlier)
        assert commands.accept_watch(by=self.who[name], at=self.now()) == done

    @seldom
    @rule(name=st.sampled_from(CAST))
    def occupy_desk(self, name: str) -> None:
        agencies.occupy_desk(by=self.who[name], at=self.now())
        self.heard[name] = self.tick

    @seldom
    @rule(name=st.sampled_from(CAST))
    def sign_out(self, name: str) -> None:
        may = all(
            call.over or (call.member != name and name not in call.on)
            for call in self.call.values()
        )
        holding = on_hand(self.who[name])
        if self.expect(may, agencies.vacate_desk, by=name, holding=holding) is not None:
            self.heard.pop(name, None)

    # lines -----------------------------------------------------------------------------------

    @seldom
    @rule(id=Holding.calls, pick=picks, listens=st.sampled_from([False, False, True]))
    def join(self, id: UUID, pick: int, listens: bool) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        may = self.works(name, id) and not call.ended and name not in call.on
        may = may and (not listens or call.may_listen(name))
        mode = Mode.LISTENING if listens else Mode.JOINED
        asked = {"leg_id": self.leg[id], "mode": mode}
        if self.expect(may, commands.join_line, by=name, **asked) is not None:
            (call.listen if listens else call.speak)(name, self.tick)

    @rule(id=Holding.calls, pick=picks)
    def leave(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        may = call.may_leave(name, self.tick + 1)
        if self.expect(may, commands.leave_line, by=name, leg_id=self.leg[id]) is not None:
            call.go(name)
            if not call.on:
                call.end()

    @rule(id=Holding.calls, pick=picks)
    def see(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        asked = {"leg_id": self.leg[id]}
        if self.expect(name in call.on, commands.acknowledge_level, by=name, **asked) is not None:
            call.on[name].seen = call.step

    @seldom
    @rule(id=Holding.calls, pick=picks)
    def lose(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        may = name in call.on
        if self.expect(may, commands.lose_line, by=name, leg_id=self.leg[id]) is not None:
            call.go(name)

    @seldom  # or no line would live long
    @rule(id=Holding.calls, pick=picks)
    def lose_caller(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        may = self.works(name, id) and not call.ended
        if self.expect(may, commands.lose_caller, by=name, leg_id=self.leg[id]) is not None:
            call.end()

    @seldom
    @rule(id=Holding.calls, pick=picks, found=st.booleans())
    def record_attempt(self, id: UUID, pick: int, found: bool) -> None:
        name = self.by(id, pick)
        for search_id in self.sought(id):
            asked = {"search_id": search_id, "how": "call", "found": found}
            self.expect(self.works(name, id), commands.record_attempt, by=name, **asked)

    # screening -------------------------------------------------------------------------------

    @rule(id=Holding.calls, pick=picks, given=st.sampled_from(ANSWERS), at_the_desk=st.booleans())
    def screen(self, id: UUID, pick: int, given: dict[str, str], at_the_desk: bool) -> None:
        """What the rules make of answers is proved elsewhere; here, that a rise is seen.

        Who answers at the desk has seen what they raised, where they had seen all before it.
        """
        name = self.by(id, pick)
        call = self.call[id]
        may = self.works(name, id) and not call.over
        command = commands.answer if at_the_desk else triage.screen
        if self.expect(may, command, by=name, episode_id=id, given=given) is None:
            return
        with act_as(self.who[name]):
            row = Screening.objects.filter(episode_id=id).latest("step")
        saw_all = name in call.on and call.on[name].seen >= call.rose
        call.step += 1
        assert row.step == call.step
        call.rose = row.step if row.rose else call.rose
        call.duties = set(row.duties)
        if at_the_desk and saw_all:
            call.on[name].seen = call.step

    @rule(id=Holding.calls, pick=picks)
    def do_what_blocks(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        for duty in sorted(call.undone()):
            may = self.works(name, id) and not call.over
            if self.expect(may, triage.do_duty, by=name, episode_id=id, duty=duty) is not None:
                call.done.add(duty)

    # time ------------------------------------------------------------------------------------

    @precondition(lambda self: self.open)
    @rule(seconds=st.sampled_from([5, 30, 30, 200, 4000]))
    def time_passes(self, seconds: int) -> None:
        """Deadlines fire; nobody is moved, closed, or put off a line by it."""
        before = self.facts()
        self.tick += seconds
        fire_due(at=later(self.tick), reactions=DEADLINES)
        assert self.facts() == before


@pytest.mark.usefixtures("db")
def test_any_interleaving_leaves_nobody_alone(capsys: pytest.CaptureFixture[str]) -> None:
    number = int(os.environ.get("NWD_SEED") or secrets.randbelow(2**32))
    print(f"NWD_SEED={number}")
    try:
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            seed(number)(Lines),
            settings=settings(
                max_examples=int(os.environ.get("NWD_EXAMPLES", "8")),
                stateful_step_count=int(os.environ.get("NWD_STEPS", "30")),
                deadline=None,
                database=None,
                # a failing trace is shown as found; NWD_SHRINK=1 looks for the shortest (minutes)
                phases=[Phase.generate, *([Phase.shrink] if os.environ.get("NWD_SHRINK") else [])],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        if os.environ.get("NWD_EXAMPLES"):
            with capsys.disabled():
                print(f"\n{Lines.ran}, NWD_SEED={number}")
