"""The desks' addresses. No address names or describes a person: ids only."""

from django.urls import path

from nowrongdoor.calls.views import desk as views

app_name = "calls"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/rows/", views.board_rows, name="board_rows"),
    path("calls/new/", views.new_call, name="new_call"),
    path("episodes/find/", views.find, name="find"),
    path("episodes/<uuid:episode_id>/", views.episode, name="episode"),
    path("episodes/<uuid:episode_id>/card/", views.card, name="card"),
    path("episodes/<uuid:episode_id>/offer/", views.offer, name="offer"),
    path("episodes/<uuid:episode_id>/take/", views.take, name="take"),
    path("episodes/<uuid:episode_id>/assume/", views.assume, name="assume"),
    path("episodes/<uuid:episode_id>/close/", views.close, name="close"),
    path("episodes/<uuid:episode_id>/join/", views.join, name="join"),
    path("episodes/<uuid:episode_id>/separate/", views.separate, name="separate"),
    path("offers/<uuid:handoff_id>/accept/", views.accept, name="accept"),
    path("offers/<uuid:handoff_id>/contact/", views.contact, name="contact"),
    path("offers/<uuid:handoff_id>/decline/", views.decline, name="decline"),
    path("offers/<uuid:handoff_id>/withdraw/", views.withdraw, name="withdraw"),
    path("offers/<uuid:handoff_id>/attest/", views.attest, name="attest"),
    path("relief/", views.relief, name="relief"),
    path("relief/<uuid:batch_id>/accept/", views.accept_relief, name="accept_relief"),
]
