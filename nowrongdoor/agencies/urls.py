"""Addresses of sign-in, positions, lock and the demo's picker. `site.modules` opens them."""

from django.urls import path

from nowrongdoor.agencies import views

urlpatterns = [
    path("positions/", views.positions, name="positions"),
    path("demo/", views.demo, name="demo"),
    path("lock/", views.lock, name="lock"),
    path("unlock/", views.unlock, name="unlock"),
    path("language/", views.set_language, name="set_language"),
]
