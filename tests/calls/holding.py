"""Half of the machine of `test_machine.py`: calls that come in, are held, offered, taken and closed."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    initialize,
    multiple,
    precondition,
    rule,
)

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.system import system
from nowrongdoor.calls import commands
from nowrongdoor.calls.facts import Medium, PlaceIs
from nowrongdoor.calls.models import Leg
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.facts import Attested, Closing, Proposal
from tests.calls.machine import Watched, anybody, picks
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
)
from tests.makers import an_episode, program_id

seldom = precondition(lambda self: self.open and self.tick % 4 == 0)
OVER = Closing("information", declined_by_person=True)


class Holding(Watched):
    calls = Bundle("calls")
    offers = Bundle("offers")
    batches = Bundle("batches")

    # holding and offers ----------------------------------------------------------------------

    @initialize(target=calls, to=st.sampled_from(["maria.lopez", "gloria.mendez", ""]))
    def handed_on(self, to: str) -> UUID:
        """Somebody's call, handed on already: so that what follows it is reached."""
        id = self.rings("anna.miller", text=False, place=True)
        if to:
            key = self.offer(id, CAST.index("anna.miller"), HOME[to])
            assert isinstance(key, UUID)
            self.accept(key, CAST.index(to))
        return id

    @precondition(lambda self: self.open < 3)
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
        with act_as(by):
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

    @rule(target=offers, key=consumes(offers), pick=picks)
    def accept(self, key: UUID, pick: int) -> object:
        told = self.told[key]
        staff = [name for name in CAST if HOME[name] == told.to]
        name = anybody(pick) or staff[pick % len(staff)]
        may = told.open and HOME[name] == told.to
        if self.expect(may, commands.accept_transfer, by=name, handoff_id=key) is not None:
            self.moves(told.call, name, "transfer")
            self.call[told.call].hand(told.sender, name, self.tick)
        return key if told.open else multiple()

    @seldom
    @rule(key=offers, name=st.sampled_from(CAST))
    def decline(self, key: UUID, name: str) -> None:
        told = self.told[key]
        may = told.open and HOME[name] == told.to
        asked = {"handoff_id": key, "reason": "capacity"}
        if self.expect(may, episodes.decline_offer, by=name, **asked) is not None:
            told.open = False

    @seldom
    @rule(key=offers, pick=picks)
    def withdraw(self, key: UUID, pick: int) -> None:
        told = self.told[key]
        name = self.by(told.call, pick)
        may = told.open and self.call[told.call].held_by(name)
        if self.expect(may, episodes.withdraw_offer, by=name, handoff_id=key) is not None:
            told.open = False

    @seldom
    @rule(key=offers, pick=picks)
    def attest(self, key: UUID, pick: int) -> None:
        told = self.told[key]
        name = self.by(told.call, pick)
        call = self.call[told.call]
        attestable = (told.to == SHERIFF or HOME[told.sender] == SHERIFF) and told.to != LINE
        attestable = attestable or (HOME[told.sender], told.to) == ("911/in-center", LINE)
        may = told.open and call.held_by(name) and attestable
        asked = {"handoff_id": key, "receiver": Attested("Deputy Hall", "4471")}
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

    @seldom
    @rule(id=calls, pick=picks)
    def take(self, id: UUID, pick: int) -> None:
        name = self.by(id, pick)
        may = self.call[id].held_by(name) and self.call[id].member == ""
        if self.expect(may, commands.take_from_queue, by=name, episode_id=id) is not None:
            self.moves(id, name, "take")
            self.call[id].speak(name, self.tick)

    @seldom
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

    @seldom
    @rule(name=st.sampled_from(CAST), program=st.sampled_from([FLOOR, LINE]), up=st.booleans())
    def say_of_a_line(self, name: str, program: str, up: bool) -> None:
        command = commands.report_line_up if up else commands.report_line_down
        may = name in SUPERVISORS and (up or (program not in self.down and program != HOME[name]))
        if self.expect(may, command, by=name, program_id=program_id(program)) is not None:
            (self.down.discard if up else self.down.add)(program)

    @seldom
    @rule(target=calls, id=consumes(calls), pick=picks)
    def close(self, id: UUID, pick: int) -> object:
        name = self.by(id, pick)
        call = self.call[id]
        may = call.held_by(name) and not self.offered(id) and call.may_end(name)
        asked = {"episode_id": id, "closing": OVER}
        if self.expect(may, commands.close_call, by=name, **asked) is not None:
            call.over = True
            call.end()
        return id if not call.over else multiple()
