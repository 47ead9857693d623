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


class GrantManager(GuardedManager[Row]):
    """The manager of rows that guardian knows as its own: it may ask what kind they are; what they say decides nothing."""

    def is_generic(self) -> bool:
        """Say that these rows are of one kind of object; outside an act NobodyActing is raised."""
        acting()
        return False
