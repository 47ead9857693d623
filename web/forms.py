"""Forms made from the parts table: one fieldset a part, one field a column (web/fields.py)."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from casework.input.fact_parts import PART_OF_FACT
from casework.input.parts import columns_of
from casework.input.read import Malformed, ReadPart
from permissions.vocabulary import Action
from web.carrying import HELD, Restored, said_of
from web.fields import OF_KIND, Offers, PartField, unfit
from web.words import can_be_needed, label

Choices = dict[str, Offers]
"""Of each field what is offered."""
GAPS = frozenset({"required", "step_rests_on_it"})
"""What is said at a field that is to be filled in."""
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
    """The form of one act; a part in which nothing was filled in is left out.

    What it hands on (`cleaned_data`) is each part as it was read: the service checks it as a whole and stores it.
    """

    fields: dict[str, PartField]  # type: ignore[assignment]  # every field of it is one of a part

    def __init__(  # noqa: PLR0913 - the parts of a form
        self,
        action: Action,
        parts: tuple[str, ...],
        data: QueryDict | None = None,
        *,
        choices: Choices | None = None,
        values: dict[str, Any] | None = None,
        optional: frozenset[str] = frozenset(),
        is_drawn: bool = True,
    ) -> None:
        """Make the fields; `choices` fills selects whose choices stand in the records, `optional` are parts to skip.

        One that is not drawn has no words: it only reads what was sent.
        """
        self.action = action
        self.parts = parts
        self.optional = optional
        self.operation = (data.get("operation") if data else "") or str(uuid4())
        self.held = data.get(HELD, "") if data else ""
        self.is_draft = isinstance(data, Restored)
        super().__init__(data, initial=values or {})
        self.label_suffix = ""
        for part in parts:
            for column in columns_of(part, action):
                name = f"{part}-{column.name}"
                self.fields[name] = OF_KIND.get(column.kind, PartField)(
                    part, column, (choices or {}).get(name), is_drawn=is_drawn
                )

    def leave_out(self, *names: str) -> None:
        """Leave out fields that are not asked here."""
        for name in names:
            self.fields.pop(name, None)

    def fields_of(self, part: str) -> list[str]:
        """Return the names of the fields of a part."""
        return [name for name, field in self.fields.items() if field.part == part]

    def fieldsets(self) -> list[Fieldset]:
        """Return each part with its heading and fields; an optional part is folded until something stands in it."""
        return [self._fieldset(part) for part in self.parts if part not in UNSEEN]

    def _fieldset(self, part: str) -> Fieldset:
        names = self.fields_of(part)
        is_asked = self.initial.get("open") == part or any(self.initial.get(name) for name in names)
        is_open = is_asked or any(name in self.errors for name in names) or (self.is_bound and self.is_given(part))
        is_optional = part in self.optional
        is_folded = is_optional and self.action is Action.WRITE_RECORD
        return Fieldset(part, label(part), [self[name] for name in names], is_optional, is_folded, is_open)

    def is_given(self, part: str) -> bool:
        """Whether anything of a part was filled in."""
        return any(map(self._said, self.fields_of(part)))

    def is_touched(self, part: str) -> bool:
        """Whether a part was filled in, or is complained of."""
        return self.is_given(part) or any(name in self.errors for name in self.fields_of(part))

    def _said(self, name: str) -> bool:
        """Whether anything was filled in under this name."""
        return isinstance(self.data, QueryDict) and any(value.strip() for value in self.data.getlist(name))

    def clean(self) -> dict[str, ReadPart]:
        """Return the parts that were filled in, as they were read; in these an empty field that is required is an error."""
        if self.is_draft:
            self.errors.clear()
            return {}
        if self.held:
            self.errors.clear()
            self.add_error(None, said_of(self.held))
            return {}
        said = {name for name, value in self.cleaned_data.items() if value is not None} | set(self.errors)
        given = dict.fromkeys(field.part for name, field in self.fields.items() if name in said)
        found = {part: self._read(part) for part in given}
        return {part: ReadPart(self.action, part, MappingProxyType(read)) for part, read in found.items() if read}

    def _read(self, part: str) -> dict[str, Any]:
        """Return the values of a part; what must be filled in and is not is complained of."""
        found: dict[str, Any] = {}
        for name in [name for name in self.fields_of(part) if name not in self.errors]:
            field, value = self.fields[name], self.cleaned_data.get(name)
            try:
                value = field.read([]) if value is None else value
            except ValidationError as error:
                self.add_error(name, error)
            found |= {field.column.name: value} if value is not None else {}
        return found

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
        said = [error.code for errors in self.errors.as_data().values() for error in errors]
        return len(said) if set(said) <= GAPS else 0

    def _called(self, name: str) -> str:
        """Return what a field is called among all of the form: with its part, where other parts have one of that name."""
        part, title = self.fields[name].part, str(self.fields[name].label)
        owners = {field.part for field in self.fields.values() if field.label == title}
        return f"{label(part)}, {title[:1].lower()}{title[1:]}" if len(owners) > 1 else title

    def ask_for(self, facts: tuple[str, ...]) -> tuple[str, ...]:
        """Complain at the fields on which these facts rest; return the facts for which this form has no field."""
        left = []
        for fact in facts:
            part = PART_OF_FACT.get(fact, "")
            names = self.fields_of(part)
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
            few = _("Name at least two, separated by commas.")
            self.add_error(name, ValidationError(few, code="too_few") if self._said(name) else _gap_of_step())

    def _ask_for(self, names: list[str]) -> None:
        """Complain at the first empty field that the step needs; if none is empty, at the first: it opens no step."""
        empty = [name for name in names if not self._said(name)]
        empty = [name for name in empty if self.fields[name].column.required] or [
            name for name in empty if can_be_needed(self.fields[name].part, self.fields[name].column)
        ]
        closed = ValidationError(_("With this answer the step is not open."), code="step_not_open")
        self.add_error((empty or names)[0], _gap_of_step() if empty else closed)

    def take_complaints(self, other: "ActForm | None") -> None:
        """Show what another reading of the same form complained of."""
        if other:
            self.operation = other.operation
        for name, errors in other.errors.as_data().items() if other else ():
            if name not in self.errors and (name == NON_FIELD_ERRORS or name in self.fields):
                self.add_error(None if name == NON_FIELD_ERRORS else name, errors)
        if other and other.errors and not self.errors:
            said = _("Something in what was sent is wrong, and this page does not ask for it. Nothing was stored.")
            self.add_error(None, said)

    def refuse(self, error: Malformed) -> None:
        """Show a complaint that the service made."""
        if error.part == "operation":
            self.operation = str(uuid4())
        names: list[str | None] = [name for name in (f"{error.part}-{error.column}",) if name in self.fields]
        if error.why == "required":  # whatever else of this part is missing is said at once
            asked = [name for name, field in self.fields.items() if field.part == error.part and field.column.required]
            names += [name for name in asked if name not in names and not self._said(name)]
        for name in names or [None]:
            self.add_error(name, unfit(error))


def _gap_of_step() -> ValidationError:
    return ValidationError(_("Fill this in: the step rests on it."), code="step_rests_on_it")
