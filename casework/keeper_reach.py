"""Functions of the keeper that say whether something is within reach, at the same cost whether it is hidden or not there.

A row policy is asked of a row that is found, so a look that begins at the table touches more when something is hidden
than when nothing is there. Here the row that lies nearest to the id asked for is taken, which there is in either case,
the same questions are asked about it, none depending on the answer before, and what came out counts only where the id is
the row's own. The page then fetches by the answer: an id within reach, or none.

The rules are those of casework/policies.py, with answers in the place of what they look up; an answer may be wider than
the policy, which still decides, and is never narrower.
"""

import re

from casework import policies
from permissions.decision import OVERSEERS
from permissions.guard import AGENCY, ROLE, among

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off"
MIDDLE = "80000000-0000-4000-8000-000000000000"
_KNOWN = {"agency": "agency", "person": "person", "role": "role", "action": "action", "current_moment": "moment"}


def nearest(into: str, table: str, columns: str, asked: str) -> str:
    """Return the statement that takes the row of a table whose id is this one, or lies next to it: one in either case.

    Upwards or downwards, whichever is the longer way to the end of all ids.
    """
    taken = f"SELECT {columns} INTO {into} FROM public.{table} x WHERE x.id"  # noqa: S608 - our own words alone
    return f"""
  IF {asked} < '{MIDDLE}' THEN
    {taken} >= {asked} ORDER BY x.id LIMIT 1;
  ELSE
    {taken} <= {asked} ORDER BY x.id DESC LIMIT 1;
  END IF;"""


_OF_AGENCY = """
  SELECT {columns} INTO r FROM public.casework_ruling x WHERE (x.group_id, x.content_object_id) >= (a.agency, asked)
    ORDER BY x.group_id, x.content_object_id, x.ends_at DESC LIMIT 1;"""

_CASE = """
  SELECT x.user_id, x.agency_id, x.content_object_id, x.ends_at INTO n FROM public.casework_naming x
    WHERE (x.user_id, x.agency_id, x.content_object_id) >= (a.person, a.agency, {case})
    ORDER BY x.user_id, x.agency_id, x.content_object_id, x.ends_at DESC LIMIT 1;
  named := (n.user_id, n.agency_id, n.content_object_id) = (a.person, a.agency, {case})
    AND (n.ends_at IS NULL OR n.ends_at > a.moment);
  unwalled := {case} <> ALL (ARRAY(SELECT x.case_id FROM public.casework_wall x WHERE x.user_id = a.person
    AND x.starts_at <= a.moment AND (x.ends_at IS NULL OR x.ends_at > a.moment)));
  broken := {case} = ANY (ARRAY(SELECT x.case_id FROM public.casework_emergency x WHERE x.user_id = a.person
    AND x.asker_agency_id = a.agency AND x.ended_at IS NULL AND x.ends_at > a.moment));"""
_ENDS = """
  SELECT x.sender_id AS agency, x.case_id INTO s FROM public.casework_handoff x
    WHERE (x.sender_id, x.case_id) >= (a.agency, asked) ORDER BY x.sender_id, x.case_id LIMIT 1;
  SELECT x.receiver_id AS agency, x.case_id INTO t FROM public.casework_handoff x
    WHERE (x.receiver_id, x.case_id) >= (a.agency, asked) ORDER BY x.receiver_id, x.case_id LIMIT 1;
  at_end := (s.agency, s.case_id) = (a.agency, asked) OR (t.agency, t.case_id) = (a.agency, asked);"""
"""Upwards alone, as the index of namings and rulings that says which of several rows ended last: so the last agency meets
none beyond its own last case."""


def _answered(rule: str, case: str, agency: str) -> str:
    """Return a rule of policies with what is known by now in the place of what it would look up."""
    for said, known in (
        (policies.is_named(case), "named"),
        (policies.is_unwalled(case), "unwalled"),
        (policies.has_broken_glass(case, agency), "broken"),
        (policies.has_handoff(case), "at_end"),
    ):
        rule = rule.replace(said, known)
    for name, known in _KNOWN.items():
        rule = rule.replace(f"lock.{name}()", f"a.{known}")
    if "lock." in rule or "FROM" in rule:
        raise ValueError(f"a rule that still looks something up: {rule}")
    return rule


def _reach(  # noqa: PLR0913 - the parts of a question
    kind: str, found: str, rule: str, *, case: str = "", agency: str = "", also: str = ""
) -> str:
    """Return the function that says whether one kind of thing is within reach of who acts.

    `found` takes the nearest row, `rule` is what policies say of it, `case` and `agency` are the columns that they read.
    """
    answered = _answered(rule, case, agency)
    columns = ", ".join(f"x.{name}" for name in sorted(set(re.findall(r"\br\.(\w+)", f"{answered} {case}"))))
    known = _CASE.format(case="asked" if also else case) if case else ""
    return f"""
CREATE OR REPLACE FUNCTION lock.reach_{kind}(asked uuid) RETURNS uuid LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  a lock.acting;
  r record; n record; s record; t record;
  named boolean; unwalled boolean; broken boolean; at_end boolean;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();{
        found.format(columns=columns)
    }{known}{also}
  RETURN CASE WHEN a.person IS NOT NULL AND ({answered}) THEN asked END;
END $$;
"""  # noqa: S608 - our own words alone


def _row(kind: str, table: str, rule: str, *, case: str = "") -> str:
    """Return the function for a kind that stands in a table by its own id."""
    return _reach(
        kind, nearest("r", table, "{columns}", "asked"), f"r.id = asked AND ({rule})", case=case, agency="r.agency_id"
    )


_OVERSEEN = (
    f"r.content_object_id = asked AND r.group_id = {AGENCY} AND {policies.running('r')} "
    f"AND {among(ROLE, OVERSEERS)} AND {policies.is_unwalled('r.content_object_id')}"
)
"""A case that the acting agency takes part in, for a role that watches over records and sees no case."""
_SHELL = f"r.content_object_id = asked AND ({policies.ruling('r')})"
FUNCTIONS = (
    _reach(
        "case",
        _OF_AGENCY,
        policies.in_emergency("r", _SHELL, case="content_object_id", agency="group_id"),
        case="r.content_object_id",
        agency="r.group_id",
        also=_ENDS,
    )
    + _reach("overseen", _OF_AGENCY, _OVERSEEN, case="r.content_object_id", agency="r.group_id")
    + _row("track", "casework_track", policies.in_emergency("r", policies.workflow_row("r")), case="r.case_id")
    + _row("handoff", "casework_handoff", policies.handoff("r"), case="r.case_id")
    + _row("emergency", "casework_emergency", policies.emergency("r"), case="r.case_id")
    + _row("known_check", "casework_knowncheck", policies.known_check("r"), case="r.case_id")
    + _row("finding", "casework_finding", policies.finding("r"), case="r.case_id")
    + _row("review", "casework_review", policies.review("r"))
    + _row("export", "casework_export", policies.export("r"))
)
KINDS = ("case", "overseen", "track", "handoff", "emergency", "known_check", "finding", "review", "export")
