"""Managers of records: they refuse to answer while nobody acts."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from permissions.acting import acting

Row = TypeVar("Row", bound=models.Model)


class GuardedManager(models.Manager[Row]):
    """Raises NobodyActing outside `acting_as`, before there is a queryset that could slip past."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the rows of this act."""
        acting()
        return super().get_queryset()


class DatedQuerySet(models.QuerySet[Row]):
    """Rows that hold from one moment until another."""

    def running(self, at: datetime) -> Self:
        """Return the rows that hold at a moment: one ends at the instant of its end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


class Dated(models.Manager[Row]):
    """The manager of such rows."""

    def get_queryset(self) -> DatedQuerySet[Row]:
        """Return the rows, as a query that can be asked for those that run."""
        return DatedQuerySet(self.model, using=self._db)

    def running(self, at: datetime) -> DatedQuerySet[Row]:
        """Return the rows that hold at a moment."""
        return self.get_queryset().running(at)


class DatedManager(GuardedManager[Row], Dated[Row]):
    """The manager of such rows where nobody sees one outside an act."""

    def get_queryset(self) -> DatedQuerySet[Row]:
        """Return the rows of this act."""
        acting()
        return Dated.get_queryset(self)
