"""Everything that changes a record: `perform` is the door, one handler an action behind it."""

from casework.services.performing import Done, perform

__all__ = ["Done", "perform"]
