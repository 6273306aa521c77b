from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "nowrongdoor.sandbox"
