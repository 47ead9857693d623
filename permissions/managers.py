"""The manager that answers nothing while nobody acts."""

from typing import TypeVar

from django.db import models

from permissions.acting import acting

Row = TypeVar("Row", bound=models.Model)


class GuardedManager(models.Manager[Row]):
    """Raises NobodyActing outside `acting_as`, before there is a queryset that could slip past."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the rows of this act."""
        acting()
        return super().get_queryset()
