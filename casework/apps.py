"""Names the app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The casework app."""

    name = "casework"
    default_auto_field = "django.db.models.BigAutoField"
