"""Django's `makemigrations`, which knows what the SQL of a safeguard names."""

from django.core.management.commands import makemigrations

from nowrongdoor.rows.autodetector import Autodetector


class Command(makemigrations.Command):
    autodetector = Autodetector
