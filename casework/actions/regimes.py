"""On which basis, and under which article, an agency keeps its record: stored together, or refused together."""

from uuid import UUID

from casework.input.read import Malformed, Values
from casework.models import AgencyRecord
from permissions.acting import acting
from permissions.bases import processing_bases
from permissions.decision import Refused
from permissions.reasons import Reason, Rule
from permissions.vocabulary import AgencyKind

DAILY_ARTICLE, INVESTIGATION_ARTICLE, INVESTIGATION_BASIS = "8", "9", "WPG_9"


def first_basis(kind: AgencyKind | None) -> str:
    """Return the basis on which a record is kept where nobody chooses another; raises Refused for a kind that keeps none."""
    bases = processing_bases(kind)
    if not bases:
        raise Refused(Reason(Rule.NO_RECORDS, acting().action))
    return bases[0]


def regime_words(part: str, values: Values) -> dict[str, str]:
    """Return the basis and article on which a record is kept; raises Malformed for what an agency of this kind has not.

    Article 9 of the police data act goes with its own basis, and that basis with no other article.
    """
    kind = acting().actor.kind
    code, article = values.get("code", ""), values.get("article", "")
    if code and code not in processing_bases(kind):
        raise Malformed(part, "code", "excluded")
    if article and not code.startswith("WPG"):
        raise Malformed(part, "article", "excluded")
    if article and (article == INVESTIGATION_ARTICLE) != (code == INVESTIGATION_BASIS):
        raise Malformed(part, "article", "excluded")
    if code.startswith("WPG"):
        article = article or (INVESTIGATION_ARTICLE if code == INVESTIGATION_BASIS else DAILY_ARTICLE)
    return {"basis": code, "wpg_article": article}


def store_basis(case_id: UUID, values: Values) -> None:
    """Store on which basis, and under which article, the acting agency keeps its record."""
    mine = AgencyRecord.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id)
    mine.update(**regime_words("basis", values))
