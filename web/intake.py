"""What each kind of agency asks when something is reported to it: the questions, in the order of the conversation."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.input.read import local_today
from permissions.decision import Actor, roles_for
from permissions.vocabulary import Action, AgencyKind
from web.forms import ActForm, Choices


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading."""

    heading: Any
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Intake:
    """One page: its title, its questions, which of them must be answered, and what is filled in already."""

    title: Any
    lead: Any
    groups: tuple[Group, ...]
    required: frozenset[str] = frozenset()
    values: tuple[tuple[str, str], ...] = ()
    is_radar: bool = False
    """Whether the agency sees at intake whom it knows already."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Return every question, in order."""
        return tuple(name for group in self.groups for name in group.fields)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts that the questions fill."""
        return tuple(dict.fromkeys(name.partition("-")[0] for name in self.fields))


_WHO = (
    "person-family_name",
    "person-infix",
    "person-given_names",
    "person-birth_date",
    "person-estimated_age",
    "person-role",
)
_WHERE = (
    *("premises-street", "premises-number", "premises-postcode", "premises-town", "premises-country"),
    "premises-is_secret",
)
_SECRET = ("person-contact", "person-contact_is_secret")
_TOLD = ("note-kind", "note-text", "note-date")
SAYS_NOTHING = {
    "note": ("note-kind", "note-date"),
    "person": ("person-role", "person-contact_is_secret"),
    "premises": ("premises-is_secret",),
}
"""Answers that say nothing where the rest of their part is empty: some are filled in before anybody types."""
_WHO_IS_IT = gettext_lazy("Who is it about")
_POLICE = Intake(
    gettext_lazy("Log a lead or report"),
    gettext_lazy("An address is enough to begin: who it is about can follow."),
    (
        Group(gettext_lazy("Where it comes from"), ("source-kind", "source-name", "source-contact", "source-protected")),
        Group(gettext_lazy("Number"), ("report-name",)),
        Group(gettext_lazy("Where it is"), _WHERE),
        Group(_WHO_IS_IT, _WHO),
        Group(gettext_lazy("What is reported"), _TOLD),
    ),
    values=(("note-kind", "observed_fact"),),
)
_VEILIG_THUIS = Intake(
    gettext_lazy("Log a report"),
    gettext_lazy("In the order of the conversation. Only advice? Then record no data about people."),
    (
        Group(gettext_lazy("Who reports"), ("source-capacity", "source-name", "source-contact", "source-protected")),
        Group(_WHO_IS_IT, (*_WHO, *_WHERE)),
        Group(
            gettext_lazy("What is the matter"),
            ("report-code", "note-date", "note-text", "note-kind", "acuteness-code", "acuteness-text"),
        ),
    ),
    frozenset({"source-capacity", "report-code", "note-text", "acuteness-code"}),
    (("note-kind", "concern"), ("person-role", "minor")),
    is_radar=True,
)
_CONCERN = Intake(
    gettext_lazy("Log a concern"),
    gettext_lazy("It is kept in your own record. Whether it is shared, and with whom, is a second step."),
    (Group(_WHO_IS_IT, (*_WHO, *_WHERE)), Group(gettext_lazy("What is the matter"), _TOLD)),
    frozenset({"note-text"}),
    (("note-kind", "concern"), ("person-role", "minor")),
)
_CLIENT = Intake(
    gettext_lazy("Log a client"),
    gettext_lazy("It is kept in your own record. Whether it is shared, and with whom, is a second step."),
    (
        Group(gettext_lazy("Who it is"), (*_WHO, *_SECRET)),
        Group(gettext_lazy("What is asked"), _TOLD),
    ),
    frozenset({"note-text"}),
    (("note-kind", "need"), ("person-role", "subject")),
)
_CARE = (AgencyKind.YOUTH_CARE_PROVIDER, AgencyKind.CERTIFIED_INSTITUTION, AgencyKind.LOCAL_TEAM)
_HELP = (
    *(AgencyKind.PROSECUTION, AgencyKind.CHILD_PROTECTION_BOARD, AgencyKind.PROBATION, AgencyKind.FORENSIC_CARE),
    *(AgencyKind.VICTIM_SUPPORT, AgencyKind.SEXUAL_VIOLENCE_CENTRE, AgencyKind.HALT, AgencyKind.CARE_SAFETY_HOUSE),
)
_BY_KIND: dict[AgencyKind, Intake] = {
    AgencyKind.POLICE: _POLICE,
    AgencyKind.VEILIG_THUIS: _VEILIG_THUIS,
    **dict.fromkeys(_CARE, _CONCERN),
    **dict.fromkeys(_HELP, _CLIENT),
}
KNOWN = ("known_here",)


def intake_of(kind: AgencyKind | None) -> Intake | None:
    """Return what this kind of agency asks; a kind that is not in the list keeps no records, and has no intake."""
    return _BY_KIND.get(kind) if kind else None


def may_share(actor: Actor) -> bool:
    """Whether any role of this person may prepare what is shared: to others the second step is not offered."""
    return bool(roles_for(actor, Action.PREPARE_HANDOFF))


def typed(data: QueryDict) -> QueryDict:
    """Return what was typed: a box that is not ticked says no; a note without words, a role without a person are none."""
    answer = data.copy()
    if not answer.get("source-protected") and any(
        answer.get(f"source-{name}", "").strip() for name in ("kind", "capacity", "name", "contact")
    ):
        answer["source-protected"] = "no"
    for part, beside in SAYS_NOTHING.items():
        if not any(answer.get(name, "").strip() for name in answer if name.startswith(f"{part}-") and name not in beside):
            for name in beside:
                answer.pop(name, None)
    return answer


def intake_form(intake: Intake, data: QueryDict | None, choices: Choices, *, joins: bool = False) -> ActForm:
    """Return the form of an intake; where a new report can be joined to a known case, that is asked too."""
    parts = intake.parts + (KNOWN if joins else ())
    values = {"note-date": local_today(), **dict(intake.values)}
    form = ActForm(Action.OPEN_CASE, parts, data, choices=choices, values=values)
    form.leave_out(*(set(form.fields) - {*intake.fields, *form.fields_of("known_here")}))
    for name in intake.required:
        if form.fields[name].help_text == _("Optional."):
            form.fields[name].help_text, form.fields[name].is_just_optional = "", False
    return form


def complain_of_gaps(intake: Intake, form: ActForm) -> None:
    """Complain of each question that must be answered and is not, and of a report about nobody and nowhere."""
    for name in intake.fields:
        if name in intake.required and not form.data.get(name, "").strip() and name not in form.errors:
            form.add_error(name, ValidationError(_("Fill this in."), code="required"))
    if not form.errors and not {"person", "premises"} & set(form.cleaned_data):
        form.add_error(None, _("Fill in at least an address or a person."))
