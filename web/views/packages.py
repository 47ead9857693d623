"""The form of a package: only bases that fit both ends, and only what the chosen basis asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from casework.input.package_parts import columns_for
from casework.selectors import receivers
from permissions.bases import LETTERS, bases_between
from permissions.vocabulary import Action, AgencyKind
from web.forms import ActForm, Choices
from web.words import label

PREFIX = "package-"


def bases_offered(sender: AgencyKind | None, receivers: Iterable[str]) -> list[tuple[str, str]]:
    """Return the bases that name this kind of sender and one of these kinds of receivers, in words."""
    kinds = [AgencyKind(kind) for kind in receivers]
    found = dict.fromkeys(basis.code for kind in kinds for basis in bases_between(sender, kind))
    return [(code, label(code)) for code in found]


def ask_by_basis(form: ActForm, basis: str, receiver: str) -> None:
    """Leave out of the form what this basis does not ask for this kind of receiver."""
    asked = columns_for(basis, receiver)
    form.leave_out(*(name for name in form.fields_of("package") if form.fields[name].column.name not in asked))


def first_values(values: Mapping[str, Any], receiver: str) -> dict[str, Any]:
    """Return what stands in the form at first: the letter of the receiver, where a source gives one."""
    letter = LETTERS.get(AgencyKind(receiver)) if receiver else None
    return {**({f"{PREFIX}letter": letter} if letter else {}), **values}


ENDS = (f"{PREFIX}receiver", f"{PREFIX}basis")


def package_form(
    sender: AgencyKind | None, data: QueryDict | None, given: dict[str, Any], choices: Choices
) -> tuple[ActForm, dict[str, Any]]:
    """Return the form of a new package, and what its page shows while receiver and basis are not chosen yet."""
    found = {str(agency.pk): agency for agency in receivers()}
    said: Mapping[str, Any] = given if data is None else data
    receiver, basis = found.get(said.get(ENDS[0], "")), said.get(ENDS[1], "")
    kind = receiver.kind if receiver else ""
    bases = bases_offered(sender, [kind] if kind else [one.kind for one in found.values()])
    known = basis in dict(bases)
    fields, values = {**choices, ENDS[1]: bases}, first_values(given, kind)
    form = ActForm(Action.PREPARE_HANDOFF, ("package",), data, choices=fields, values=values)
    ask_by_basis(form, basis if known else "", kind)
    return form, {
        "choose_first": data is None and not (known and receiver),
        "receiver": receiver,
        "bases": bases,
        "ends": choices[ENDS[0]],
    }
