"""Django's `migrate`, which compares the models with their migrations as our `makemigrations` does."""

from django.core.management.commands import migrate

from nowrongdoor.rows.autodetector import Autodetector


class Command(migrate.Command):
    autodetector = Autodetector
