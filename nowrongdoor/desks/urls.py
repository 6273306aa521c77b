"""The desks' addresses. No address names or describes a person: ids only."""

from django.urls import path

from nowrongdoor.calls.views import clip
from nowrongdoor.desks.views import (
    alarms,
    desk,
    field,
    finding,
    persons,
    places,
    rollcall,
    screening,
    supervising,
    suspending,
    teams,
    telling,
)

_ONE = "episodes/<uuid:episode_id>"
_REQUEST = "requests/<uuid:request_id>"
_TEAM = "teams/<uuid:assignment_id>"
_UNIT = "units/<uuid:unit_id>"
urlpatterns = [
    path("board/", desk.board, name="board"),
    path("board/rows/", desk.board_rows, name="board_rows"),
    path("calls/new/", desk.new_call, name="new_call"),
    path("clip/", clip, name="clip"),
    path("calls/place/", places.place, name="place"),
    path("calls/paper/", desk.paper, name="paper"),
    path("episodes/find/", desk.find, name="find"),
    path(f"{_ONE}/", desk.episode, name="episode"),
    path(f"{_ONE}/answer/", screening.answer, name="answer"),
    path("persons/find/", finding.find_record, name="find_record"),
    path("persons/<uuid:person_id>/", persons.person, name="person"),
    path("persons/<uuid:person_id>/tell/", telling.tell, name="tell"),
    path("persons/<uuid:person_id>/tell/preview/", telling.preview, name="tell_preview"),
    path("persons/<uuid:person_id>/told/", telling.told, name="told_to"),
    path("persons/<uuid:person_id>/told/last/", telling.told_page, name="told_page"),
    path("persons/<uuid:person_id>/tell/waits/", telling.tell_waits, name="tell_waits"),
    path("persons/<uuid:person_id>/ask/", persons.ask_to_see, name="ask_to_see"),
    path("persons/<uuid:person_id>/emergency/", persons.claim_emergency, name="claim_emergency"),
    path(
        "persons/<uuid:person_id>/suspend/",
        suspending.suspend_accounting,
        name="suspend_accounting",
    ),
    path(
        "suspensions/<uuid:suspension_id>/lift/", suspending.lift_suspension, name="lift_suspension"
    ),
    path("supervising/", supervising.supervising, name="supervising"),
    path("supervising/line/", supervising.line_answers, name="line_answers"),
    path("supervising/take-over/", supervising.take_over, name="take_over"),
    path("queue/", supervising.queue, name="queue"),
    path("morning/", supervising.morning, name="morning"),
    path("relief/", desk.relief, name="relief"),
    path("relief/<uuid:batch_id>/accept/", desk.accept_relief, name="accept_relief"),
    path("relief/watch/accept/", desk.accept_watch, name="accept_watch"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("teams/", teams.board, name="teams"),
    path("teams/map/", teams.map_frame, name="map_frame"),
    path("teams/map/lines/", teams.map_lines, name="map_lines"),
    path(f"{_REQUEST}/", teams.one, name="request"),
    path(f"{_TEAM}/destination/", field.destination, name="destination"),
    path("field/", field.field, name="field"),
    path("rollcall/", rollcall.rollcall, name="rollcall"),
    path(f"{_UNIT}/sign-on/", rollcall.sign_on, name="sign_on"),
    path(f"{_UNIT}/position/", field.position, name="position"),
]
