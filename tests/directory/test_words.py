"""How the capacity of a facility is said: a hospital is on diversion, and a number stands where nothing is known."""

from dataclasses import replace

from nowrongdoor.directory.facts import (
    Age,
    CapacityStatus,
    DestinationNeed,
    Medical,
    State,
)
from nowrongdoor.directory.rules import rank_destinations
from nowrongdoor.directory.words import state_name
from tests.directory.places import a_place

ANYONE = DestinationNeed(age=Age.ADULT, involuntary=False, medical=Medical.STABLE)


def test_only_an_emergency_department_is_on_diversion() -> None:
    center = a_place().takes
    hospital = replace(center, medical=Medical.ANY)

    assert state_name(State.DIVERTING, hospital) == "On diversion"
    assert state_name(State.DIVERTING, center) == "At capacity"
    assert state_name(State.FULL, hospital) == "Full"


def test_a_capacity_that_is_unknown_names_the_number_to_call() -> None:
    unknown = a_place(standing=CapacityStatus(State.UNKNOWN))

    (first,) = rank_destinations(ANYONE, [replace(unknown, phone="520-555-0141")])
    (second,) = rank_destinations(ANYONE, [unknown])

    assert "Capacity unknown: call 520-555-0141." in [
        each.verdict.because for each in first.reasons
    ]
    assert "Capacity unknown." in [each.verdict.because for each in second.reasons]
