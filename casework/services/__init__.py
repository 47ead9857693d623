"""Everything that changes a record: `perform` is the door, one handler an action behind it."""

from casework.services.deeds import Done
from casework.services.performing import keep_try, perform, read_access

__all__ = ["Done", "keep_try", "perform", "read_access"]
