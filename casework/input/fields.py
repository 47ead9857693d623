"""The one kind of column for words that people type: bounded, and screened on every way into the database."""

from typing import Any

from django.db import models

from casework.input.screening import ScreenedText, screen

SHORT = 120
LONG = 4_000
"""The most characters of a reason or a plan."""
LONGEST = 10_000
"""The most characters of a note or a report: what people really write in one."""
ITEM = 12_000
"""The most characters of an item of a package: a whole note, with its kind and date around it."""


class PlainText(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Plain text of at most `max_length` characters; a link, blob or hash in it raises Screened, whatever path it took."""

    def __init__(self, *args: Any, takes_mail: bool = False, **options: Any) -> None:
        """Store whether addresses of e-mail belong here: where somebody is reached, and where that is copied to."""
        self.takes_mail = takes_mail
        super().__init__(*args, **options)

    def get_prep_value(self, value: Any) -> str | None:
        """Screen the value on its way to the database, unless its reader just did: save, bulk writes, updates alike."""
        text = super().get_prep_value(value)
        if text is None or isinstance(text, ScreenedText):
            return text
        return screen(str(text), takes_mail=self.takes_mail)

    def deconstruct(self) -> Any:
        """Tell migrations the column alone: they name nothing of ours, for what is screened changes with every version."""
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options
