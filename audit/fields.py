"""The transaction id of PostgreSQL as a field."""

from typing import Any

from django.db import models
from django.db.models import Func


class TransactionId(models.BigIntegerField):  # type: ignore[type-arg]  # not subscriptable at run time
    """The full transaction id (xid8) in which a row was written."""

    def __init__(self, **options: Any) -> None:
        """Let the database fill it in."""
        options.setdefault("db_default", Func(function="pg_current_xact_id"))
        super().__init__(**options)

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        """Name the column type."""
        return "xid8"

    rel_db_type = db_type

    def from_db_value(self, value: str | None, *_: Any) -> int | None:
        """Read the text that the driver gives."""
        return None if value is None else int(value)
