"""Acts on people and agencies: sign-ins, and what an installation is given before anybody can sign in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import Group

from audit.recording import record_act
from permissions.acting import acting_as, current_moment
from permissions.bases import BASES, GROUPS, VALID_FROM, WITHOUT_PERSONAL_DATA
from permissions.decision import Actor
from permissions.installing import signing_in, system_actor
from permissions.models import Agency, BasisConfirmation, Membership, SharingAgreement, User
from permissions.vocabulary import APART_FROM_CASES, CASE_ROLES, SYSTEM_ROLES, Action, AgencyKind, Role


@dataclass(frozen=True, slots=True)
class NewAgency:
    """An agency to add."""

    name: str
    kind: AgencyKind
    controller: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to add, with one membership; no password means that they cannot sign in yet."""

    username: str
    full_name: str
    agency: str
    roles: tuple[Role, ...]
    password: str = ""
    language: str = "nl"


class RolesMayNotMeet(Exception):  # noqa: N818 - read aloud as the sentence it is
    """A membership would join roles that may not meet in one person."""


def record_sign_in(role: Role, word: str, person_id: int | None) -> None:
    """Put a sign-in, good or bad, on the trail."""
    with acting_as(system_actor(role), role, Action.RECORD_SIGN_IN):
        record_act("govern", word, User, person_id or "")


class NameTaken(Exception):  # noqa: N818 - read aloud as the sentence it is
    """An agency would get a name by which people already know another."""


def check_roles(roles: Sequence[Role]) -> None:
    """Raise RolesMayNotMeet for a system role, or for a case role beside one that may have nothing to do with cases."""
    chosen = set(roles)
    if not chosen or chosen & SYSTEM_ROLES:
        raise RolesMayNotMeet("A membership needs a role, and never a system role.")
    if chosen & APART_FROM_CASES and chosen & CASE_ROLES:
        raise RolesMayNotMeet("This role may not meet a case role in one person.")


def install(agencies: Iterable[NewAgency], people: Iterable[NewPerson], since: datetime) -> dict[str, Actor]:
    """Add agencies, people and memberships as the installation itself; answers each person's actor by username.

    An agency that is there already stays as it is. Raises NameTaken where another agency has the name, whether it
    is there already or given here: people choose an agency by its name, and could not tell two of one name apart.
    """
    made: dict[str, Actor] = {}
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        known = _add_agencies(agencies)
        for person in people:
            agency = known.get(person.agency) or _agency_named(person.agency)
            made[person.username] = _add_person(person, agency, since)
    return made


def _add_agencies(agencies: Iterable[NewAgency]) -> dict[str, Agency]:
    there = {folded(agency.name): agency for agency in Agency.objects.all()}
    made: dict[str, Agency] = {}
    for new in agencies:
        if folded(new.name) in map(folded, made):
            raise NameTaken(f"Two agencies are called {new.name}: give each a name of its own.")
        found = there.get(folded(new.name))
        if found and not _is_same(found, new):
            raise NameTaken(
                f"There is an agency called {found.name} already, of kind {found.kind} under {found.controller}:"
                f" give {new.name} another name."
            )
        made[new.name] = found or _added(new)
    return made


def folded(name: str) -> str:
    """Return the name of an agency for comparison: without differences in capitals and spaces."""
    return " ".join(name.casefold().split())


def _is_same(found: Agency, new: NewAgency) -> bool:
    return (found.name, found.kind, found.controller) == (new.name, new.kind, new.controller or new.name)


def _added(new: NewAgency) -> Agency:
    group = Group.objects.create(name=new.name)
    return Agency.objects.create(group=group, kind=new.kind, name=new.name, controller=new.controller or new.name)


def agencies_by_name() -> dict[str, int]:
    """Return the id of every agency, for the installation itself."""
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        return dict(Agency.objects.order_by("name").values_list("name", "pk"))


def memberships_by_name() -> set[tuple[str, str, frozenset[str]]]:
    """Return everybody's running memberships: sign-in name, agency and roles, for the installation itself."""
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        rows = Membership.objects.filter(ends_at=None).select_related("user", "agency")
        return {(row.user.username, row.agency.name, frozenset(row.roles)) for row in rows}


def people_by_name() -> dict[str, int]:
    """Return the id of everybody by their sign-in name, for the installation itself."""
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        return dict(User.objects.values_list("username", "pk"))


def _agency_named(name: str) -> Agency:
    found = Agency.objects.filter(name=name).first()
    if found is None:
        raise LookupError(f"there is no agency {name}")
    return found


def _add_person(new: NewPerson, agency: Agency, since: datetime) -> Actor:
    check_roles(new.roles)
    user = User.objects.filter(username=new.username).first()
    if user is None:
        user = User(username=new.username, full_name=new.full_name, language=new.language)
        if new.password:
            user.set_password(new.password)
        else:
            user.set_unusable_password()
        user.save()
    membership = Membership.objects.create(user=user, agency=agency, roles=list(new.roles), starts_at=since)
    return actor_of(membership)


class NoGroups(Exception):  # noqa: N818 - read aloud as the sentence it is
    """An agreement would name nothing that may go."""


def agree(pairs: Iterable[tuple[int, int]], starts_on: date, groups: Sequence[str]) -> None:
    """Add sharing agreements between agencies, by sender and receiver id, of these field groups and no other.

    Raises NoGroups where there are none: no agreement means more than it says.
    """
    chosen = list(groups)
    if not chosen:
        raise NoGroups("An agreement names the field groups that may go.")
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        for sender, receiver in pairs:
            ends = {"sender_id": sender, "receiver_id": receiver}
            if not SharingAgreement.objects.filter(groups=chosen, ends_on=None, **ends).exists():
                now = current_moment()
                SharingAgreement.objects.create(groups=chosen, starts_on=starts_on, confirmed_at=now, **ends)


def agree_all(starts_on: date) -> None:
    """Add an agreement of every field group from every agency to every other that may hold personal data."""
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        ids = list(Agency.objects.exclude(kind__in=WITHOUT_PERSONAL_DATA).values_list("pk", flat=True))
    every = sorted({group for kind in GROUPS.values() for group in kind})
    agree([(sender, receiver) for sender in ids for receiver in ids if sender != receiver], starts_on, every)


def confirm(bases: Mapping[int, Iterable[str]], by: Mapping[int, int] | None = None) -> None:
    """Add the confirmations of privacy officers, by agency; without a name they are those of the installation itself.

    What is confirmed already stays as it is.
    """
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE) as act:
        known = set(BasisConfirmation.objects.filter(version=VALID_FROM).values_list("agency_id", "basis"))
        rows = [
            BasisConfirmation(
                id=act.made_id("confirmation", agency, code),
                agency_id=agency,
                basis=code,
                version=VALID_FROM,
                is_confirmed=True,
                made_by_id=(by or {}).get(agency, act.actor.person_id),
                made_at=act.moment,
            )
            for agency, codes in bases.items()
            for code in codes
            if (agency, code) not in known
        ]
        BasisConfirmation.objects.bulk_create(rows)


def confirm_all() -> None:
    """Confirm every basis for every agency that may send on it, as in a demonstration."""
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        found = list(Agency.objects.values_list("pk", "kind"))
    confirm({key: [row.code for row in BASES.values() if kind in row.senders] for key, kind in found})


def actor_of(membership: Membership) -> Actor:
    """Return who acts in this membership; its user and agency must be loaded."""
    return Actor(
        person_id=membership.user_id,
        agency_id=membership.agency_id,
        kind=AgencyKind(membership.agency.kind),
        roles=tuple(role for role in Role if role in membership.roles),
        membership_id=membership.pk,
        name=membership.user.full_name,
        agency_name=membership.agency.name,
        controller=membership.agency.controller,
        language=membership.user.language,
    )


def record_switch(actor: Actor) -> None:
    """Put on the trail that a person now acts in another membership."""
    with acting_as(signing_in(actor), Role.SIGN_IN, Action.SWITCH_MEMBERSHIP):
        record_act("govern", "switch_membership", Membership, actor.membership_id)


def choose_language(actor: Actor, language: str) -> None:
    """Store the language in which a person reads."""
    with acting_as(signing_in(actor), Role.SIGN_IN, Action.CHOOSE_LANGUAGE):
        User.objects.filter(pk=actor.person_id).update(language=language)
