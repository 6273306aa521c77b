"""Arbitrary interleavings of holding, offers, lines and watches, against a small reference model.

After every step the database says of every call what the model says, refused exactly what the model
refuses, and keeps what `AFTER_EVERY_STEP` counts. A long run, with its figures at the end:
`NWD_STEPS=200 NWD_EXAMPLES=500 NWD_SEED=1 pytest tests/calls/test_machine.py`.
"""

import os
import secrets
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
from nowrongdoor.agencies.acting import acting
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import Medium, Mode, PlaceIs
from nowrongdoor.calls.models import Leg
from nowrongdoor.calls.queries import on_hand
from nowrongdoor.clocks.commands import fire_due
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Attested, Closing, Proposal
from nowrongdoor.episodes.models import Handoff
from nowrongdoor.site.reactions import DEADLINES
from nowrongdoor.triage import commands as triage
from nowrongdoor.triage.models import Screening
from tests.calls.machine import Watched, answers, picks
from tests.calls.model import (
    CAST,
    FLOOR,
    HOME,
    LINE,
    MOST,
    SHERIFF,
    SUPERVISORS,
    WAYS,
    Call,
    Told,
)
from tests.makers import an_episode, later, program_id

OVER = Closing("information", declined_by_person=True)


class Lines(Watched):
    calls = Bundle("calls")
    offers = Bundle("offers")
    batches = Bundle("batches")

    # holding and offers ----------------------------------------------------------------------

    @precondition(lambda self: len(self.call) < 3)
    @rule(
        target=calls,
        name=st.sampled_from(["anna.miller", "maria.lopez", "walter.pena", ""]),
        text=st.sampled_from([False, False, True]),
        place=st.booleans(),
    )
    def rings(self, name: str, text: bool, place: bool) -> UUID:
        """Somebody calls; '' is the 911 floor's queue, which no named person has taken yet."""
        floor = self.who["anna.miller"]
        queue = system(program_id=floor.program_id, agency_id=floor.agency_id, code="telephone")
        by = self.who.get(name, queue)
        medium = Medium.TEXT if text else Medium.AUDIO
        row = an_episode(by, at=self.now(), medium=medium, place="12 Quiet Street" if place else "")
        call = Call(HOME.get(name, FLOOR), name, text=text, place=place, alone=not name)
        if name:
            call.speak(name, self.tick)
        self.call[row.pk] = call
        with acting(by):
            self.leg[row.pk] = Leg.objects.get(episode_id=row.pk).pk
        return row.pk

    @rule(target=offers, id=calls, pick=picks, to=st.sampled_from(sorted({to for _, to in WAYS})))
    def offer(self, id: UUID, pick: int, to: str) -> object:
        name = self.by(id, pick)
        call, way = self.call[id], (HOME[name], to)
        away = to in (FLOOR, SHERIFF) and to.split("/", maxsplit=1)[0] != HOME[name].split("/")[0]
        may = call.held_by(name) and way in WAYS and not self.transfers(id)
        may = may and (len(call.spoke) < MOST or away)
        proposal = Proposal(id, WAYS.get(way, "warm_transfer"), program_id(to))
        return self.make(
            id, name, to, self.expect(may, commands.offer_transfer, by=name, proposal=proposal)
        )

    @rule(target=offers, id=calls, pick=picks, place_is=st.sampled_from([*PlaceIs, None]))
    def give_back(self, id: UUID, pick: int, place_is: PlaceIs | None) -> object:
        name = self.by(id, pick)
        call = self.call[id]
        known = place_is is not None and (place_is is not PlaceIs.SAME or call.place)
        may = (
            call.held_by(name) and (HOME[name], FLOOR) in WAYS and not self.transfers(id) and known
        )
        kind = WAYS.get((HOME[name], FLOOR), "return_to_911")
        row = self.expect(
            may,
            commands.return_person,
            by=name,
            proposal=Proposal(id, kind, program_id(FLOOR)),
            place_is=place_is,
            new_place="3 Oak Lane",
        )
        if row is not None:
            call.place = place_is is not PlaceIs.SOUGHT
        return self.make(id, name, FLOOR, row)

    @rule(key=offers, pick=picks)
    def accept(self, key: UUID, pick: int) -> None:
        told = self.told[key]
        staff = [name for name in CAST if HOME[name] == told.to]
        name = staff[pick % len(staff)] if pick < len(CAST) else CAST[pick - len(CAST)]
        may = told.open and HOME[name] == told.to
        if self.expect(may, commands.accept_transfer, by=name, handoff_id=key) is not None:
            self.moves(told.call, name, "transfer")
            self.call[told.call].hand(told.sender, name, self.tick)

    @rule(key=offers, name=st.sampled_from(CAST))
    def decline(self, key: UUID, name: str) -> None:
        told = self.told[key]
        may = told.open and HOME[name] == told.to
        asked = {"handoff_id": key, "reason": "capacity"}
        if self.expect(may, episodes.decline_offer, by=name, **asked) is not None:
            told.open = False

    @rule(key=offers, pick=picks)
    def withdraw(self, key: UUID, pick: int) -> None:
        told = self.told[key]
        name = self.by(told.call, pick)
        may = told.open and self.call[told.call].held_by(name)
        if self.expect(may, episodes.withdraw_offer, by=name, handoff_id=key) is not None:
            told.open = False

    @rule(key=offers, pick=picks)
    def attest(self, key: UUID, pick: int) -> None:
        told = self.told[key]
        name = self.by(told.call, pick)
        call = self.call[told.call]
        attestable = (told.to == SHERIFF or HOME[told.sender] == SHERIFF) and told.to != LINE
        attestable = attestable or (HOME[told.sender], told.to) == ("911/in-center", LINE)
        may = told.open and call.held_by(name) and attestable
        hall = Attested("Deputy Hall", "4471")
        asked = {"handoff_id": key, "receiver": hall}
        if self.expect(may, commands.attest_transfer, by=name, **asked) is not None:
            self.moves(told.call, "", "transfer", told.to)
            if not call.text and name in call.on and call.on[name].speaks:
                call.listen(name, self.tick)

    @rule(id=calls, pick=picks)
    def take_back(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        may = self.call[id].may_take_back(name)
        if self.expect(may, commands.take_back, by=name, episode_id=id) is not None:
            self.moves(id, name, "take_back")
            self.call[id].speak(name, self.tick)

    @rule(id=calls, pick=picks)
    def take(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        may = self.call[id].held_by(name) and self.call[id].member == ""
        if self.expect(may, commands.take_from_queue, by=name, episode_id=id) is not None:
            self.moves(id, name, "take")
            self.call[id].speak(name, self.tick)

    @rule(id=calls, other=calls, name=st.sampled_from(CAST))
    def assume(self, id: UUID, other: UUID, name: str) -> None:
        both = sorted({id, other})
        may = name in SUPERVISORS and all(self.may_assume(each, name) for each in both)
        asked = {"episode_ids": tuple(reversed(both)), "reason": "holder_unreachable"}
        if self.expect(may, commands.assume_all, by=name, **asked) is not None:
            for each in both:
                self.moves(each, name, "assume")
                if name in self.call[each].on:
                    self.call[each].speak(name, self.tick)

    @rule(name=st.sampled_from(CAST), program=st.sampled_from([FLOOR, LINE]), up=st.booleans())
    def say_of_a_line(self, name: str, program: str, up: bool) -> None:
        command = commands.say_line_up if up else commands.say_line_down
        may = name in SUPERVISORS and (up or (program not in self.down and program != HOME[name]))
        if self.expect(may, command, by=name, program_id=program_id(program)) is not None:
            (self.down.discard if up else self.down.add)(program)

    @rule(id=calls, pick=picks)
    def close(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        may = call.held_by(name) and not self.offered(id) and call.may_end(name)
        asked = {"episode_id": id, "closing": OVER}
        if self.expect(may, commands.close_call, by=name, **asked) is not None:
            call.over = True
            call.end()

    # relief and desks ------------------------------------------------------------------------

    @rule(target=batches, id=calls, pick=picks, to=st.sampled_from(CAST))
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
        with acting(self.who[name]):
            rows = list(Handoff.objects.filter(batch_id=batch).values_list("id", "episode_id"))
        for key, call_id in rows:
            self.told[key] = Told(call_id, name, HOME[name], to, batch)
            self.call[call_id].touched.add(HOME[name])
        return batch

    @rule(batch=consumes(batches), pick=picks)
    def accept_relief(self, batch: UUID, pick: int) -> None:
        keys = [key for key, told in self.told.items() if told.batch == batch]
        open_now = [self.told[key] for key in keys if self.told[key].open]
        name = self.told[keys[0]].to_member if pick < len(CAST) else CAST[pick - len(CAST)]
        fits = all(t.to_member == name or name in SUPERVISORS for t in open_now)
        may = bool(open_now) and fits and all(t.to == HOME[name] for t in open_now)
        if self.expect(may, commands.accept_relief, by=name, batch_id=batch) is not None:
            for told in open_now:
                self.moves(told.call, name, "relief")
                call = self.call[told.call]
                call.speak(name, self.tick)
                if told.sender != name and told.sender in call.on:
                    call.go(told.sender)

    @rule(id=calls, pick=picks, to=st.sampled_from(CAST))
    def ask_to_listen_on(self, id: UUID, pick: int, to: str) -> None:
        name = self.by(id, pick)
        mine = [c for c in self.call.values() if name in c.on and not c.on[name].speaks]
        may = not mine or (to != name and HOME[to] == HOME[name])
        member_id = self.who[to].member_id
        if self.expect(may, commands.offer_watch, by=name, to_member_id=member_id) is not None:
            for call in mine:
                call.relief[name] = to

    @rule(id=calls, pick=picks)
    def listen_on(self, id: UUID, pick: int) -> None:
        asked = list(self.call[id].relief.values())
        name = asked[pick % len(asked)] if asked and pick < len(CAST) else self.by(id, pick)
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

    @rule(name=st.sampled_from(CAST))
    def sit_down(self, name: str) -> None:
        agencies.sit_down(by=self.who[name], at=self.now())
        self.heard[name] = self.tick

    @rule(name=st.sampled_from(CAST))
    def sign_out(self, name: str) -> None:
        may = all(
            call.over or (call.member != name and name not in call.on)
            for call in self.call.values()
        )
        holding = on_hand(self.who[name])
        if self.expect(may, agencies.leave_desk, by=name, holding=holding) is not None:
            self.heard.pop(name, None)

    # lines -----------------------------------------------------------------------------------

    @rule(id=calls, pick=picks, listens=st.sampled_from([False, False, True]))
    def join(self, id: UUID, pick: int, listens: bool) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        may = self.works(name, id) and not call.ended and name not in call.on
        may = may and (not listens or call.may_listen(name))
        mode = Mode.LISTENING if listens else Mode.JOINED
        asked = {"leg_id": self.leg[id], "mode": mode}
        if self.expect(may, commands.join_line, by=name, **asked) is not None:
            (call.listen if listens else call.speak)(name, self.tick)

    @rule(id=calls, pick=picks)
    def leave(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        may = call.may_leave(name, self.tick + 1)
        if self.expect(may, commands.leave_line, by=name, leg_id=self.leg[id]) is not None:
            call.go(name)
            if not call.on:
                call.end()

    @rule(id=calls, pick=picks)
    def see(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        if (
            self.expect(name in call.on, commands.see_level, by=name, leg_id=self.leg[id])
            is not None
        ):
            call.on[name].seen = call.step

    @rule(id=calls, pick=picks)
    def lose(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        if set(call.on) == {name} and self.rings_unheard(id):
            return
        may = name in call.on
        if self.expect(may, commands.lose_line, by=name, leg_id=self.leg[id]) is not None:
            call.go(name)

    @rule(id=calls, pick=picks, often=st.integers(0, 3))
    def lose_caller(self, id: UUID, pick: int, often: int) -> None:
        if often:  # or no line would live long
            return
        name = self.by(id, pick)
        call = self.call[id]
        may = self.works(name, id) and not call.ended
        if self.expect(may, commands.lose_caller, by=name, leg_id=self.leg[id]) is not None:
            call.end()

    # screening -------------------------------------------------------------------------------

    @rule(id=calls, pick=picks, given=answers, at_the_desk=st.booleans())
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
        with acting(self.who[name]):
            row = Screening.objects.filter(episode_id=id).latest("step")
        saw_all = name in call.on and call.on[name].seen >= call.rose
        call.step += 1
        assert row.step == call.step
        call.rose = row.step if row.rose else call.rose
        call.duties = set(row.duties)
        if at_the_desk and saw_all:
            call.on[name].seen = call.step

    @rule(id=calls, pick=picks)
    def do_what_blocks(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        call = self.call[id]
        for duty in sorted(call.undone()):
            may = self.works(name, id) and not call.over
            if self.expect(may, triage.do_duty, by=name, episode_id=id, duty=duty) is not None:
                call.done.add(duty)

    # time ------------------------------------------------------------------------------------

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
                max_examples=int(os.environ.get("NWD_EXAMPLES", "10")),
                stateful_step_count=int(os.environ.get("NWD_STEPS", "60")),
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
