from django.apps import AppConfig


class GuestsConfig(AppConfig):
    name = "nowrongdoor.guests"
