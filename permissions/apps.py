"""Names the app."""

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    """The permissions app."""

    name = "permissions"
    default_auto_field = "django.db.models.BigAutoField"
