"""Names the app, and lets it hear of second factors."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web app."""

    name = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put changes of second factors on the trail."""
        from web.accounts import record_changes  # noqa: PLC0415 - models are ready from here on

        record_changes()
