"""What guardian's checker reads: what the law answers, instead of guardian's own rows (docs/decisions/0019).

With GUARDIAN_AUTO_PREFETCH a checker takes what it knows from its person or group, as a table of names by object. That of
a person asks `get_all_permissions` each time; that of a group is empty, as nobody acts as a group.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType

from permissions.acting import acting
from permissions.managers import DatedManager, Row


class Answers(dict[tuple[int, str], list[str]]):
    """The permissions of the acting person on any object, asked for each time and never stored."""

    def __init__(self, person: Any) -> None:
        super().__init__()
        self.person = person

    def __contains__(self, key: object) -> bool:
        """Say that every object is known: a checker then looks no further."""
        return True

    def __getitem__(self, key: tuple[int, str]) -> list[str]:
        """Return the names of what may be done to one object, given by its kind and key."""
        kind = ContentType.objects.get_for_id(key[0]).model_class()
        found = self.person.get_all_permissions(kind(pk=key[1])) if kind else ()
        return sorted(name.rpartition(".")[2] for name in found)


class OfNobody(dict[tuple[int, str], list[str]]):
    """The permissions of a group: none, whatever rows it has."""

    def __contains__(self, key: object) -> bool:
        """Say that every object is known."""
        return True

    def __getitem__(self, key: tuple[int, str]) -> list[str]:
        """Return nothing; outside an act NobodyActing is raised, as of a person."""
        acting()
        return []


class GrantManager(DatedManager[Row]):
    """The manager of rows that guardian knows as its own: it may ask what kind they are; what they say decides nothing."""

    def is_generic(self) -> bool:
        """Say that these rows are of one kind of object; outside an act NobodyActing is raised."""
        acting()
        return False
