"""The one kind of column for words that people type: bounded, and screened on every way into the database."""

from typing import Any

from django.db import models

from casework.screening import screen

SHORT = 120
LONG = 4_000
"""The most characters of a reason or a plan."""
WHOLE = 10_000
"""The most characters of a note or a report: what people really write in one."""
ITEM = 12_000
"""The most characters of an item of a package: a whole note, with its kind and date around it."""


class PlainText(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Plain text of at most `max_length` characters; a link, blob or hash in it raises Screened, whatever path it took."""

    def get_prep_value(self, value: Any) -> str | None:
        """Screen the value on its way to the database: save, bulk writes and updates alike."""
        text = super().get_prep_value(value)
        return None if text is None else screen(str(text))
