"""Follow-up workers: they take most of what waits in their program's queue, and try while a window is open."""

from datetime import timedelta
from typing import NamedTuple

from nowrongdoor.agencies.facts import Role
from nowrongdoor.cases import commands, queries
from nowrongdoor.cases.queries import CaseRow, When
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.sandbox.sampling import chosen, seeded
from nowrongdoor.sandbox.state import Story, Town

EVERY_S = 1200
"""So often they look at their caseload."""
WAITS = timedelta(minutes=20)
BETWEEN = timedelta(hours=6)
"""From one try to the next."""
LEFT = 5
"""Of so many cases one is left in the queue, for whoever tries the desk."""
RESULTS = {"reached": 0.5, "no_answer": 0.3, "left_message": 0.2}


class Follows(NamedTuple):
    program: str
    role: Role


FOLLOW = (
    Follows("line/follow-up", Role.PEER),
    Follows("crc/follow-up", Role.PEER),
)


def follow_ups(town: Town) -> Story:
    """As long as the city lives, where it has hired such people."""
    hired = {(each.program, each.role) for each in town.rates.staff}
    while True:
        yield EVERY_S
        for program, role in FOLLOW:
            if (program, role.value) in hired:
                _look(town, town.staff.somebody(program, role, town.at))


def _look(town: Town, by: Actor) -> None:
    for when, rows in queries.caseload(by, at=town.at):
        for row in rows:
            if when is When.UNTAKEN:
                _take(town, by, row)
            elif row.mine and when is When.DONE:
                commands.close_case(by=by, at=town.at, case_id=row.id, outcome="completed")
                town.told["cases closed"] += 1
            elif row.mine and when is not When.PAUSED:
                _try(town, by, row)


def _take(town: Town, by: Actor, row: CaseRow) -> None:
    number = int(row.number.partition("-")[2])
    if number % LEFT and row.opened_at + WAITS <= town.at:
        commands.take_case(by=by, at=town.at, case_id=row.id)
        town.told["cases taken"] += 1


def _try(town: Town, by: Actor, row: CaseRow) -> None:
    task = row.next
    if task is None or task.out_of_tries or not task.open_now:
        return
    if task.attempts and task.attempts[-1].at + BETWEEN > town.at:
        return
    result = chosen(seeded("follow", row.number, task.tried), RESULTS)
    commands.log_try(by=by, at=town.at, task_id=task.id, result=result)
    town.told["tries"] += 1
