"""What of a record can be corrected, and whose news of a correction waits: chosen by what a person sees, not by an id."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from audit.recording import record_read
from casework.access import reach_case
from casework.facts.lookups import HIT
from casework.input.correction_parts import CORRECTABLE
from casework.models import Case, Correction, CorrectionNews, Deadline, Handoff, PackageItem, Premises, StoredFact
from casework.models.json_rows import rows_of
from casework.packages.items import Line, as_recorded_now, offers_of, package_lines, successors_of
from permissions.acting import acting
from permissions.decision import roles_for
from permissions.vocabulary import Action

NEWS_COLUMNS = ("label", "value", "withheld", "delivered_at", "made_at")


def _own(case_id: UUID) -> dict[str, object]:
    return {"case_id": case_id, "agency_id": acting().actor.agency_id}


def corrections_of(case_id: UUID) -> int:
    """Return how many corrections the acting agency made in a case: whoever corrects has seen that many."""
    return Correction.objects.filter(**_own(case_id)).count()


def places_for(case_id: UUID) -> list[Premises]:
    """Return the addresses of the acting agency's record in a case, the oldest first."""
    reach_case(case_id, Action.WRITE_RECORD)
    found = list(Premises.objects.filter(**_own(case_id)).order_by("made_at", "id"))
    if found:
        record_read("premises", Case, case_id, case=case_id, record_agency=acting().actor.agency_id, shown=["premises"])
    return found


def hits_for(case_id: UUID) -> list[StoredFact]:
    """Return the earlier warnings that were found for a case, each once, to who decides what they mean."""
    reach_case(case_id, Action.WRITE_RECORD)
    if not roles_for(acting().actor, Action.PLAN_VISIT):
        return []
    found = StoredFact.objects.filter(fact=HIT, **_own(case_id)).order_by("made_at", "id")
    return list({row.ref_id: row for row in found}.values())


def facts_for(case_id: UUID) -> list[StoredFact]:
    """Return the facts of the acting agency's record in a case that can be corrected, the newest first."""
    reach_case(case_id, Action.WRITE_RECORD)
    own = StoredFact.objects.filter(fact__in=CORRECTABLE, **_own(case_id))
    record_read("facts", Case, case_id, case=case_id, record_agency=acting().actor.agency_id, shown=["facts"])
    return list(own.order_by("-made_at", "-id"))


def news_waiting(case_id: UUID, clock: str) -> list[tuple[Handoff, str]]:
    """Return the handoffs for which the news of a correction waits by this clock, each with the other end's name."""
    reach_case(case_id, Action.WRITE_RECORD)
    waits = Deadline.objects.filter(handoff_id=OuterRef("pk"), clock=clock, met_at=None, **_own(case_id))
    rows = Handoff.objects.filter(Exists(waits), case_id=case_id).select_related("sender", "receiver")
    mine = acting().actor.agency_id
    return [
        (row, row.receiver.name if row.sender_id == mine else row.sender.name) for row in rows.order_by("moved_at", "id")
    ]


def with_news(items: QuerySet[PackageItem]) -> QuerySet[PackageItem]:
    """Return package items, each with what was told of it since, the newest first, in the same statement."""
    news = CorrectionNews.objects.filter(
        handoff_id=OuterRef("handoff_id"), origin_id=OuterRef("origin_id"), group=OuterRef("group")
    )
    return items.annotate(news=rows_of(news.order_by("-made_at"), *NEWS_COLUMNS, key=F("id")))


def lines_to_go(handoff: Handoff, items: Sequence[PackageItem]) -> list[Line]:
    """Return a package that was not delivered as its reader sees it; what was corrected since with how it will go."""
    if not handoff.is_outdated or handoff.sender_id != acting().actor.agency_id:
        return package_lines(items)
    frozen = {item.pk: (item.group, item.label, item.value, item.about_id) for item in items}
    offers = [offer for offer in offers_of(handoff.case_id, handoff.sender_id) if not offer.withheld]
    now = {item.pk: item.value for item in as_recorded_now(offers, items, successors_of(handoff.case_id, handoff.sender_id))}
    for item in items:
        item.group, item.label, item.value, item.about_id = frozen[item.pk]
    return package_lines(items, now)
