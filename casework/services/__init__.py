"""Everything that changes a record: `perform` is the door, one handler an action behind it."""

from casework.services.batches import Asked, perform_all
from casework.services.deeds import Done
from casework.services.performing import keep_try, perform, read_access

__all__ = ["Asked", "Done", "keep_try", "perform", "perform_all", "read_access"]
