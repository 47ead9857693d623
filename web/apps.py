"""Names the app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web app."""

    name = "web"
    default_auto_field = "django.db.models.BigAutoField"
