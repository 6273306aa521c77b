"""Addresses of sign-in, positions, lock, the demo's picker, people and shifts."""

from django.urls import path

from nowrongdoor.agencies import views

app_name = "agencies"
urlpatterns = [
    path("positions/", views.positions, name="positions"),
    path("demo/", views.demo, name="demo"),
    path("lock/", views.lock, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
    path("language/", views.set_language, name="set_language"),
    path("people/", views.people, name="people"),
    path("people/<uuid:member_id>/end/", views.end_access, name="end_access"),
    path("people/<uuid:member_id>/password/", views.give_password, name="give_password"),
    path("people/tokens/", views.issue_token, name="issue_token"),
    path("people/tokens/<uuid:token_id>/revoke/", views.revoke_token, name="revoke_token"),
    path("shift/", views.shift, name="shift"),
    path("", views.home, name="home"),
]
