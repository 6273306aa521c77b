from importlib import import_module

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "nowrongdoor.site"

    def ready(self) -> None:
        """Wire the modules, whoever starts Django: server, worker, import or a test."""
        import_module("nowrongdoor.site.modules")
