"""Functions of the keeper that say whether something is within reach, at the same cost whether it is hidden or not there.

A row policy is asked of a row that is found, so a look that begins at the table touches more when something is hidden
than when nothing is there. Here the row that lies nearest to the id asked for is taken, which there is in either case,
the same questions are asked about it, none depending on the answer before, and what came out counts only where the id is
the row's own. The page then fetches by the answer: an id within reach, or none.

The rules are those of casework/policies.py, said of answers in the place of what they look up; an answer may be wider than
the policy, which still decides, and is never narrower.
"""

import re
from collections.abc import Callable

from casework.policies import Rules

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


class _Answers(Rules):
    """The rules on a row whose answers are known by now, as variables of the function: nothing is looked up."""

    def __init__(self, case: str, agency: str) -> None:
        """Remember which columns were asked about: the four questions have an answer for no other."""
        self.case, self.of_agency = case, agency

    def said(self, name: str) -> str:
        """Return the field of the act that says it."""
        return f"a.{_KNOWN[name]}"

    def _answer(self, case: str, known: str) -> str:
        if case != self.case:
            raise ValueError(f"nothing was looked up about {case}")
        return known

    def is_named(self, case: str) -> str:
        """Return whether the acting person is named on the case."""
        return self._answer(case, "named")

    def is_unwalled(self, case: str) -> str:
        """Return whether no wall stands between the acting person and the case."""
        return self._answer(case, "unwalled")

    def has_broken_glass(self, case: str, agency: str) -> str:
        """Return whether the acting person's emergency runs for this agency's part of the case."""
        if agency != self.of_agency:
            raise ValueError(f"nothing was looked up about {agency}")
        return self._answer(case, "broken")

    def has_handoff(self, case: str) -> str:
        """Return whether the acting agency stands at an end of a handoff in the case."""
        return self._answer(case, "at_end")


def _reach(kind: str, found: str, answered: str, *, case: str = "", also: str = "") -> str:
    """Return the function that says whether one kind of thing is within reach of who acts.

    `found` takes the nearest row, `answered` is what the rules say of it, `case` the column of the case that they ask about.
    """
    if "lock." in answered or "FROM" in answered:
        raise ValueError(f"a rule that still looks something up: {answered}")
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


def _row(kind: str, table: str, rule: Callable[[Rules], str], *, case: str = "") -> str:
    """Return the function for a kind that stands in a table by its own id."""
    answered = rule(_Answers(case, "r.agency_id"))
    return _reach(kind, nearest("r", table, "{columns}", "asked"), f"r.id = asked AND ({answered})", case=case)


def _of_case() -> str:
    rules = _Answers("r.content_object_id", "r.group_id")
    shell = f"r.content_object_id = asked AND ({rules.ruling('r')})"
    answered = rules.in_emergency("r", shell, case="content_object_id", agency="group_id")
    return _reach("case", _OF_AGENCY, answered, case="r.content_object_id", also=_ENDS)


FUNCTIONS = (
    _of_case()
    + _row("track", "casework_track", lambda rules: rules.in_emergency("r", rules.workflow_row("r")), case="r.case_id")
    + _row("handoff", "casework_handoff", lambda rules: rules.handoff("r"), case="r.case_id")
    + _row("emergency", "casework_emergency", lambda rules: rules.emergency("r"), case="r.case_id")
    + _row("known_check", "casework_knowncheck", lambda rules: rules.known_check("r"), case="r.case_id")
    + _row("finding", "casework_finding", lambda rules: rules.finding("r"), case="r.case_id")
    + _row("review", "casework_review", lambda rules: rules.review("r"))
    + _row("export", "casework_export", lambda rules: rules.export("r"))
)
KINDS = ("case", "track", "handoff", "emergency", "known_check", "finding", "review", "export")
