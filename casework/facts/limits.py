"""What the rows of the table of bases ask, each read from what is stored of one package (docs/law.md section 5)."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from string import ascii_lowercase
from uuid import UUID

from django.db.models import Q

from casework.facts.consents import consents_of
from casework.facts.told import tells_of_limit
from casework.input.codes import ADULT_YEARS, CORRECTED, HEALTH_HELP, WITHHELD
from casework.input.dates import age_on, earliest
from casework.lock import grants
from casework.models import Approval, Handoff, PackageItem, PersonInCase, StoredFact
from casework.packages.items import person_from, thaw, told_of
from casework.people.one_person import goes_on_as, merges_of
from permissions.acting import acting
from permissions.bases import ARTICLES_18, BASES, LETTERS, PURPOSES, VALID_FROM, Provision, missing_limits
from permissions.models import BasisConfirmation, PartnershipDecision
from permissions.vocabulary import Action, AgencyKind, Role
from workflows.calendars import day_of
from workflows.table import LawError

ADULT_ROLES = frozenset({"guardian"})
CHILD_ROLES = frozenset({"subject", "minor", "possible_victim"})
"""Who is taken to be a child where no age is known, if an order of supervision is to carry the package."""


class Limits:
    """The limits that hold for one package now; each is read only when a row asks it."""

    def __init__(self, handoff: Handoff) -> None:
        """Look at one handoff, which carries both ends' kinds (casework.access)."""
        self.handoff = handoff
        self.today = day_of(acting().moment)

    def missing(self) -> tuple[str, ...]:
        """Return why the basis does not carry this package to its receiver; nothing where it does."""
        ends = [AgencyKind(getattr(self.handoff, end, "")) for end in ("sender_kind", "receiver_kind")]
        basis = BASES.get(self.handoff.basis)
        asked = ("confirmed", *basis.limits_for(ends[1])) if basis else ()
        held = frozenset(limit for limit in asked if tells_of_limit.methods[limit](self))
        missing = missing_limits(Provision(self.handoff.basis, ends[0], ends[1], held))
        return (*missing, *self._untrue_by_now())

    def _untrue_by_now(self) -> tuple[str, ...]:
        """Return why its items do not go as they were frozen: one has become secret since, or reads otherwise."""
        if grants.holds_secret(self.handoff.pk):
            return (WITHHELD,)
        return (CORRECTED,) if self.handoff.is_outdated else ()

    @cached_property
    def _items(self) -> list[PackageItem]:
        return list(
            PackageItem.objects.filter(handoff=self.handoff, package_version=self.handoff.package_version).order_by(
                "position"
            )
        )

    @cached_property
    def consents(self) -> list[UUID]:
        """Return the consents on which the package goes."""
        return consents_of(self.handoff, self.today)

    @tells_of_limit("confirmed")
    def _confirmed(self) -> bool:
        rows = BasisConfirmation.objects.filter(agency_id=self.handoff.sender_id, basis=self.handoff.basis)
        latest = rows.filter(version=VALID_FROM).order_by("-made_at").values_list("is_confirmed", flat=True).first()
        return bool(latest)

    @tells_of_limit("article")
    def _article(self) -> bool:
        """Whether the record is kept today under an article whose data may go; the package stores under which it went."""
        self.handoff.wpg_article = grants.article_of_record(self.handoff.pk)
        return self.handoff.wpg_article in ARTICLES_18

    @tells_of_limit("letter")
    def _letter(self) -> bool:
        """Whether the letter is that of the receiver, where a source gives it, and else a letter of the decree."""
        said = str(self.handoff.letter).lower()
        known = LETTERS.get(AgencyKind(getattr(self.handoff, "receiver_kind", "")))
        return said == known if known else len(said) == 1 and said in ascii_lowercase

    @tells_of_limit("task")
    def _task(self) -> bool:
        return bool(self.handoff.task)

    @tells_of_limit("youth_task")
    def _youth_task(self) -> bool:
        return bool(self.handoff.youth_task)

    @tells_of_limit("minor")
    def _minor(self) -> bool:
        """Whether the package is about people who are known to be minors, as its receiver reads it."""
        people = [(item, self._person(item)) for item in self._items if item.group == "identity"]
        ages = [self._ages(item, person) for item, person in people if person["role"] == "subject"]
        return bool(ages) and all(found is not None and found[1] < ADULT_YEARS for found in ages)

    @cached_property
    def _merges(self) -> dict[UUID, UUID]:
        return merges_of(self.handoff.case_id, self.handoff.sender_id)

    def _person(self, item: PackageItem) -> dict[str, object]:
        """Return whom an item identifies, with the age of the row into which theirs was merged, as far as it can be read."""
        person, one = person_from(item), goes_on_as(item.origin_id, self._merges)
        if one == item.origin_id:
            return person
        row = PersonInCase.objects.filter(pk=one, case_id=self.handoff.case_id, agency_id=self.handoff.sender_id).first()
        return {**person, "birth_date": row.born if row else None, "estimated_age": row.estimated_age if row else None}

    def _ages(self, item: PackageItem, person: Mapping[str, object]) -> tuple[int, int] | None:
        """Return the least and the most that somebody's age can be today: who was estimated has grown older since."""
        born, estimated = person["birth_date"], person["estimated_age"]
        if isinstance(born, date):
            return age_on(born, self.today), age_on(earliest(born), self.today)
        if not isinstance(estimated, int):
            return None
        return estimated, estimated + age_on(day_of(item.origin_made_at), self.today)

    def _is_past(self, day: date | None) -> bool:
        return day is not None and day <= self.today

    @tells_of_limit("authority")
    def _authority(self) -> bool:
        said = self.handoff.authority and self.handoff.authority_name
        return bool(said) and self._is_past(self.handoff.authority_date)

    @tells_of_limit("purpose")
    def _purpose(self) -> bool:
        return self.handoff.purpose in PURPOSES.get(self.handoff.basis, ())

    @tells_of_limit("interest")
    def _interest(self) -> bool:
        return bool(self.handoff.interest)

    @tells_of_limit("functionary")
    def _functionary(self) -> bool:
        """Whether there are no special categories, or they are strictly necessary and the functionary was consulted."""
        if not (self.handoff.is_special or self.handoff.special_reason or self._tells_of_health()):
            return True
        consulted = bool(self.handoff.functionary_name) and self._is_past(self.handoff.functionary_date)
        return bool(self.handoff.special_reason) and consulted

    def _tells_of_health(self) -> bool:
        """Whether the package says of somebody that they need help of a kind that tells of their health, or asks for it."""
        needs = {thaw(item.value).get("code", "") for item in self._items if item.label == "needs"}
        return not HEALTH_HELP.isdisjoint({self.handoff.help_kind, *needs})

    @tells_of_limit("secrecy")
    def _secrecy(self) -> bool:
        return self.handoff.is_secrecy_pointed_out

    @tells_of_limit("partnership")
    def _partnership(self) -> bool:
        rows = PartnershipDecision.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=self.today),
            agency_id=self.handoff.sender_id,
            members__contains=[self.handoff.receiver_id],
            starts_on__lte=self.today,
            confirmed_at__isnull=False,
        )
        groups = {item.group for item in self._items}
        return any(groups <= set(row.groups) for row in rows)

    @tells_of_limit("abuse")
    def _abuse(self) -> bool:
        return self.handoff.kind == "concern_report"

    @tells_of_limit("consent")
    def _consent(self) -> bool:
        return bool(self.consents)

    @tells_of_limit("supervised")
    def _supervised(self) -> bool:
        """Whether every minor whom the package identifies is under a supervision order today, and there is one."""
        return bool(self.supervised) and all(
            order is not None and self._carries(order) for order in self.supervised.values()
        )

    @cached_property
    def supervised(self) -> dict[UUID, StoredFact | None]:
        """Return every minor in the package, each with the order that was stored about them last.

        Who is reached or needs something, and is not identified, counts as a minor unless their role says otherwise.
        """
        named = {item.origin_id: self._counts_as_minor(item) for item in self._items if item.group == "identity"}
        others = {person: item.label for item in self._items if (person := told_of(item)) and person not in named}
        minors = [key for key, is_minor in named.items() if is_minor]
        minors += [key for key, role in others.items() if role not in ADULT_ROLES]
        return {key: self._orders.get(goes_on_as(key, self._merges)) for key in minors}

    def name_of(self, key: UUID) -> str:
        """Return the name of somebody whom the package identifies, as its receiver reads it."""
        people = (person_from(item) for item in self._items if item.group == "identity" and item.origin_id == key)
        names = (str(person[part]) for person in people for part in ("given_names", "infix", "family_name") if person[part])
        return " ".join(names)

    @cached_property
    def orders(self) -> list[UUID]:
        """Return the orders of supervision on which the package goes."""
        basis = BASES.get(self.handoff.basis)
        if basis is None or "supervised" not in basis.limits:
            return []
        return sorted(order.pk for order in self.supervised.values() if order is not None)

    def _carries(self, order: StoredFact) -> bool:
        """Whether an order runs today and two people vouch for it: who stored it, and who checked a package on it.

        The order that was checked is the order on which it goes: one that was stored or corrected since is checked anew.
        """
        if not self._is_past(order.on_date) or order.until_date is None or order.until_date < self.today:
            return False
        if self.handoff.state != "prepared":
            return order.pk in self.handoff.orders
        return acting().action is not Action.CHECK_HANDOFF or order.made_by_id != acting().actor.person_id

    def _counts_as_minor(self, item: PackageItem) -> bool:
        """Whether somebody can be a minor by their age, and where that is not known by what is told of them."""
        person = self._person(item)
        ages = self._ages(item, person)
        is_ordered = goes_on_as(item.origin_id, self._merges) in self._orders
        return ages[0] < ADULT_YEARS if ages else is_ordered or person["role"] in CHILD_ROLES

    @cached_property
    def _orders(self) -> dict[UUID, StoredFact]:
        """Return the order of each person that was stored last: it says also that an earlier one ended."""
        rows = StoredFact.objects.filter(
            case_id=self.handoff.case_id, agency_id=self.handoff.sender_id, fact="supervision_order"
        )
        of = ((goes_on_as(row.person_id, self._merges), row) for row in rows.order_by("made_at", "id") if row.person_id)
        return dict(of)

    @tells_of_limit("asked")
    def _asked(self) -> bool:
        return bool(self.handoff.asked_or_not)

    @tells_of_limit("danger")
    def _danger(self) -> bool:
        return self.handoff.is_acute and bool(self.handoff.interest)

    def _approvals(self) -> list[Approval]:
        rows = Approval.objects.filter(handoff_id=self.handoff.pk, version=self.handoff.package_version)
        return list(rows.exclude(approved_by_id=None).exclude(approved_by_id=self.handoff.editor_id))

    @tells_of_limit("approval")
    def _approval(self) -> bool:
        return bool(self._approvals())

    @tells_of_limit("supervisor")
    def _supervisor(self) -> bool:
        return any(Role.SUPERVISOR in row.approved_roles for row in self._approvals())

    @tells_of_limit("request")
    def _request(self) -> bool:
        return bool(self.handoff.request) and self._is_past(self.handoff.request_date)


if _lost := sorted(tells_of_limit.words - set(tells_of_limit.methods)):
    raise LawError(f"limits of a basis: nothing tells of {', '.join(_lost)}")
