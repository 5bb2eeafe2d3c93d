"""The app config that registers this package's system checks and commands."""

from django.apps import AppConfig


class HearthConfig(AppConfig):
    name = "config"
    verbose_name = "Hearth"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (importing it registers the checks)
