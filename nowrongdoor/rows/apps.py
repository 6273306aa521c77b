from django.apps import AppConfig


class RowsConfig(AppConfig):
    """No tables: an app so that Django finds `makemigrations` here."""

    name = "nowrongdoor.rows"
