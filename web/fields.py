"""One field for each kind of value of a part: drawn as its kind asks, read by the very reader of the services."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from casework.input.read import Malformed, read_value
from casework.input.schema import Column, Kind
from web.words import hint, label, particulars, sentence

Offers = list[tuple[str, Any]]
"""What is offered: a value with its words, or the heading of a group with those of the group."""
FEW = 5
"""Up to how many codes stand on the page, each with its button."""


class Sent(forms.Widget):
    """Takes from a form whatever was sent under a name: a second value is never dropped without a word."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """Return every value that was sent."""
        return data.getlist(name)


class Line(Sent, forms.TextInput):
    """A field of one line."""


class Story(Sent, forms.Textarea):
    """A field of several lines."""


class Day(Sent, forms.DateInput):
    """A field for a day."""


class Buttons(Sent, forms.RadioSelect):
    """A few answers, of which one is chosen."""


class Choice(Sent, forms.Select):
    """A list, of which one is chosen."""


class OfferedInput(Line):
    """A field in which one types a reference, with what is most likely meant offered by reference and in words."""

    def __init__(self, offers: Offers, attrs: dict[str, str]) -> None:
        self.offers = offers
        super().__init__(attrs)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Draw the field and the list that it offers."""
        key = f"offers_{name}"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        rows = format_html_join("", '<option value="{}">{}</option>', self.offers)
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, rows)


class PartField(forms.Field):
    """One value of a part: typed on a line, or chosen where there is something to choose from."""

    takes_several = False
    is_just_optional = False
    """Whether all that helps to fill it in is that it may stay empty: its label says so."""

    def __init__(self, part: str, column: Column, offers: Offers | None, *, is_drawn: bool) -> None:
        """Remember of which part and column it is; `offers` is what can be chosen, where that stands in the records."""
        self.part = part
        self.column = column
        if is_drawn:
            title, help_text = label(f"{part}.{column.name}"), hint(part, column)
            self.is_just_optional = help_text == _("Optional.")
            super().__init__(label=title, help_text=help_text, required=False, widget=self.drawn(offers))
        else:
            super().__init__(required=False, widget=Sent)

    def drawn(self, offers: Offers | None) -> forms.Widget:
        """Return how the field is drawn."""
        return self.typed() if offers is None else self.chosen(offers)

    def typed(self) -> forms.Widget:
        """Return how the field is drawn where its value is typed."""
        return Line(attrs={"class": "govuk-input"})

    def chosen(self, offers: Offers) -> forms.Widget:
        """Return how the field is drawn where its value is chosen."""
        return Choice(choices=[("", _("Choose")), *offers], attrs={"class": "govuk-select"})

    def clean(self, sent: list[str] | None) -> Any:
        """Return what was sent as the services read it, nothing where nothing was; raises ValidationError with its code."""
        said = [one for one in sent or () if one.strip()]
        return self.read(said) if said else None

    def read(self, said: list[str]) -> Any:
        """Read the values that were sent; raises ValidationError where nothing was sent and the field is required."""
        if len(set(said)) > 1 and not self.takes_several:
            again = _("This was sent twice, with different words. Nothing was stored; send one of them.")
            raise ValidationError(again, code="sent_twice")
        try:
            return read_value(self.part, self.column, said if self.takes_several else next(iter(said), None))
        except Malformed as error:
            raise unfit(error) from error

    def bound_data(self, data: list[str] | None, initial: Any) -> Any:  # noqa: ARG002 - Django's signature
        """Return what is drawn again of what was sent."""
        return data if self.takes_several else next(reversed(data or []), None)


class CodeField(PartField):
    """One of the codes of its column, or of those that are offered."""

    def typed(self) -> forms.Widget:
        """Return the codes of the column: a few as buttons, more as a list."""
        codes = [(code, label(f"{self.part}:{code}")) for code in self.column.choices]
        return Buttons(choices=codes) if len(codes) <= FEW else self.chosen(codes)


class YesField(PartField):
    """Yes or no."""

    def drawn(self, _offers: Offers | None) -> forms.Widget:
        """Return both answers."""
        return Buttons(choices=[("yes", _("Yes")), ("no", _("No"))])


class SeveralField(PartField):
    """Several of what is offered."""

    takes_several = True

    def drawn(self, offers: Offers | None) -> forms.Widget:
        """Return a box for each."""
        return forms.CheckboxSelectMultiple(choices=offers or [])


class CaseField(PartField):
    """A case or a handoff, by its reference or number."""

    def drawn(self, offers: Offers | None) -> forms.Widget:
        """Return a line with what is most likely meant."""
        return OfferedInput(offers or [], {"class": "govuk-input", "autocomplete": "off"})


class StoryField(PartField):
    """A story in words."""

    def typed(self) -> forms.Widget:
        """Return room for it; a reason takes a line."""
        rows = "1" if self.column.name.endswith("_reason") else "3"
        return Story(attrs={"class": "govuk-textarea", "rows": rows, "data-longest": str(self.column.longest)})


class DayField(PartField):
    """A day, as people write it."""

    def typed(self) -> forms.Widget:
        """Return a short line."""
        return Day(attrs={"class": "govuk-input govuk-input--width-10"}, format="%d-%m-%Y")


class NumberField(PartField):
    """A count."""

    def typed(self) -> forms.Widget:
        """Return a line for figures."""
        return Line(attrs={"class": "govuk-input govuk-input--width-4", "inputmode": "numeric"})


OF_KIND: Mapping[Kind, type[PartField]] = {
    Kind.CODE: CodeField,
    Kind.YES: YesField,
    Kind.ITEMS: SeveralField,
    Kind.AGENCIES: SeveralField,
    Kind.CASE: CaseField,
    Kind.TEXT: StoryField,
    Kind.DATE: DayField,
    Kind.NUMBER: NumberField,
}
"""The field of each kind of value that is not typed on a plain line."""


def unfit(error: Malformed) -> ValidationError:
    """Return a Malformed error as Django's ValidationError, with its sentence, code and parameters."""
    return ValidationError(sentence(error), code=error.why, params=particulars(error))
