"""Forms made from the parts table: one fieldset a part, one field a column, read by the very reader of the services."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from casework.input.fact_parts import PART_OF_FACT
from casework.input.parts import columns_of
from casework.input.read import Malformed, read_value
from casework.input.schema import Column, Kind
from permissions.vocabulary import Action
from web.carrying import HELD, said_of
from web.words import COMPLAINTS, can_be_needed, complaint, hint, label

Choices = dict[str, list[tuple[str, Any]]]
"""Of each field what is offered: a value with its words, or the heading of a group with those of the group."""
FEW = 5
GAP, GAP_OF_STEP = COMPLAINTS["required"], "Fill this in: the step rests on it."
"""What is said at a field that is to be filled in."""
MANY = frozenset({Kind.ITEMS, Kind.AGENCIES})
"""Kinds of which several are ticked."""
RESTS_ON = {"visit_team": "officers"}
"""Facts that rest on the number of names in one field of their part."""
UNSEEN = frozenset({"approving"})
"""Parts that the page fills in itself: which of the things that it shows is meant."""


@dataclass(frozen=True, slots=True)
class Fieldset:
    """One part of a form as a page shows it."""

    name: str
    heading: str
    fields: list[forms.BoundField]
    is_optional: bool
    is_folded: bool
    is_open: bool


class ActForm(forms.Form):
    """The form of one act. A part of which nothing was filled in is not given at all."""

    def __init__(  # noqa: PLR0913 - the parts of a form
        self,
        action: Action,
        parts: tuple[str, ...],
        data: QueryDict | None = None,
        *,
        choices: Choices | None = None,
        values: dict[str, Any] | None = None,
        optional: frozenset[str] = frozenset(),
    ) -> None:
        """Make the fields; `choices` fills selects whose choices stand in the records, `optional` are parts to skip."""
        self.action = action
        self.columns = {f"{part}-{column.name}": (part, column) for part in parts for column in columns_of(part, action)}
        self.parts = parts
        self.optional = optional
        self.operation = (data.get("operation") if data else "") or str(uuid4())
        self.held = data.get(HELD, "") if data else ""
        super().__init__(data, initial=values or {})
        self.label_suffix = ""
        for name, (part, column) in self.columns.items():
            self.fields[name] = _field(part, column, (choices or {}).get(name))

    def fieldsets(self) -> list[Fieldset]:
        """Return each part with its heading and fields; an optional part is folded until something stands in it."""
        return [self._fieldset(part) for part in self.parts if part not in UNSEEN]

    def _fieldset(self, part: str) -> Fieldset:
        names = [name for name, (owner, _column) in self.columns.items() if owner == part]
        is_asked = self.initial.get("open") == part or any(self.initial.get(name) for name in names)
        is_open = is_asked or any(name in self.errors for name in names) or (self.is_bound and self.is_given(part))
        is_optional = part in self.optional
        is_folded = is_optional and self.action is Action.WRITE_RECORD
        return Fieldset(part, label(part), [self[name] for name in names], is_optional, is_folded, is_open)

    def is_given(self, part: str) -> bool:
        """Whether anything of a part was filled in."""
        return any(any(self._raw(name)) for name, (owner, _column) in self.columns.items() if owner == part)

    def is_touched(self, part: str) -> bool:
        """Whether a part was filled in, or is complained of."""
        return self.is_given(part) or any(
            owner == part and name in self.errors for name, (owner, _c) in self.columns.items()
        )

    def _raw(self, name: str) -> list[str]:
        return [value for value in self.data.getlist(name) if value.strip()] if isinstance(self.data, QueryDict) else []

    def clean(self) -> dict[str, Any]:
        """Read every value of the parts that were given; every complaint stands at its field."""
        given: dict[str, dict[str, Any]] = {}
        if self.held:
            self.add_error(None, said_of(self.held))
            return given
        for name, (part, column) in self.columns.items():
            if not self.is_given(part):
                continue
            raw = self._raw(name)
            if column.kind not in MANY and len(set(raw)) > 1:
                self.add_error(name, _("This was sent twice, with different words. Nothing was stored; send one of them."))
                continue
            try:
                value = read_value(part, column, raw if column.kind in MANY else (raw[0] if raw else None))
            except Malformed as error:
                self.add_error(name, complaint(error))
                continue
            if value is not None:
                given.setdefault(part, {})[column.name] = value
        return given

    @property
    def complaints(self) -> list[tuple[str, str, str]]:
        """Return each complaint at a field: the id of the field, its part and name, and what is wrong with it."""
        return [
            (self[name].id_for_label or self[name].auto_id, self._called(name), str(error))
            for name in self.fields
            for error in self.errors.get(name, ())
        ]

    @property
    def only_gaps(self) -> int:
        """Return how many fields are to be filled in, where nothing else is wrong."""
        said = [str(error) for errors in self.errors.values() for error in errors]
        return len(said) if all(one in {_(GAP), _(GAP_OF_STEP)} for one in said) else 0

    def _called(self, name: str) -> str:
        """Return what a field is called among all of the form: with its part, where other parts have one of that name."""
        part, _column = self.columns[name]
        title = str(self.fields[name].label)
        owners = {owner for other, (owner, _c) in self.columns.items() if self.fields[other].label == title}
        return f"{label(part)}, {title[:1].lower()}{title[1:]}" if len(owners) > 1 else title

    def ask_for(self, facts: tuple[str, ...]) -> tuple[str, ...]:
        """Complain at the fields on which these facts rest; return the facts of which this form has no field."""
        left = []
        for fact in facts:
            part = PART_OF_FACT.get(fact, "")
            names = [name for name, (owner, _column) in self.columns.items() if owner == part]
            if not names:
                left.append(fact)
            elif (name := f"{part}-{RESTS_ON.get(fact, '')}") in names:
                self._refuse_few(name)
            elif not any(name in self.errors for name in names):
                self._ask_for(names)
        return tuple(left)

    def _refuse_few(self, name: str) -> None:
        """Say at a field of names that the step asks for more of them."""
        if name not in self.errors:
            self.add_error(name, _("Name at least two, separated by commas.") if any(self._raw(name)) else _(GAP_OF_STEP))

    def _ask_for(self, names: list[str]) -> None:
        """Complain at the first empty field on which a step can rest; where none is, at the first: it opens no step."""
        empty = [name for name in names if not any(self._raw(name))]
        empty = [name for name in empty if self.columns[name][1].required] or [
            name for name in empty if can_be_needed(*self.columns[name])
        ]
        said = _(GAP_OF_STEP) if empty else _("With this answer the step is not open.")
        self.add_error((empty or names)[0], said)

    def take_complaints(self, other: "ActForm | None") -> None:
        """Show what another reading of the same form complained of."""
        if other:
            self.operation = other.operation
        for name, errors in (other.errors if other else {}).items():
            if name not in self.errors and (name == "__all__" or name in self.fields):
                self.add_error(None if name == "__all__" else name, list(errors))

    def refuse(self, error: Malformed) -> None:
        """Show a complaint that the service made."""
        if error.part == "operation":
            self.operation = str(uuid4())
        name = f"{error.part}-{error.column}"
        self.add_error(name if name in self.fields else None, complaint(error))


class OfferedInput(forms.TextInput):
    """A field in which one types a reference, with what is most likely meant offered by reference and in words."""

    def __init__(self, offers: list[tuple[str, str]], attrs: dict[str, str]) -> None:
        """Keep what is offered."""
        self.offers = offers
        super().__init__(attrs)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Draw the field and the list that it offers."""
        key = f"offers_{name}"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        rows = format_html_join("", '<option value="{}">{}</option>', self.offers)
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, rows)


def _field(part: str, column: Column, choices: list[tuple[str, Any]] | None) -> forms.Field:
    title = label(f"{part}.{column.name}")
    help_text = hint(part, column)
    return forms.Field(label=title, help_text=help_text, required=False, widget=_widget(part, column, choices))


def _widget(part: str, column: Column, choices: list[tuple[str, Any]] | None) -> forms.Widget:  # noqa: PLR0911 - one a kind
    if column.kind is Kind.YES:
        return forms.RadioSelect(choices=[("yes", _("Yes")), ("no", _("No"))])
    if column.kind in MANY:
        return forms.CheckboxSelectMultiple(choices=choices or [])
    if column.kind is Kind.CASE:
        return OfferedInput(choices or [], {"class": "govuk-input", "autocomplete": "off"})
    if column.kind is Kind.CODE or choices is not None:
        options = choices if choices is not None else [(code, label(f"{part}:{code}")) for code in column.choices]
        if len(options) <= FEW and choices is None:
            return forms.RadioSelect(choices=options)
        return forms.Select(choices=[("", _("Choose")), *options], attrs={"class": "govuk-select"})
    if column.kind is Kind.TEXT:
        rows = "1" if column.name.endswith("_reason") else "3"
        attrs = {"class": "govuk-textarea", "rows": rows, "data-longest": str(column.longest)}
        return forms.Textarea(attrs=attrs)
    if column.kind is Kind.DATE:
        return forms.DateInput(attrs={"class": "govuk-input govuk-input--width-10"}, format="%d-%m-%Y")
    if column.kind is Kind.NUMBER:
        return forms.TextInput(attrs={"class": "govuk-input govuk-input--width-4", "inputmode": "numeric"})
    return forms.TextInput(attrs={"class": "govuk-input"})
