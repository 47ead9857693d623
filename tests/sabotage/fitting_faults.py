"""Faults of what fits what, how long a fact serves, and advice without people."""

from tests.sabotage.faults import Fault

FITTING = "tests/workflows/test_fitting.py"
WALK = "tests/casework/facts/test_fitting_walk.py"
WALKS = "tests/walks"
ADVICE = "tests/casework/actions/test_turned_into_advice.py"
TOGETHER = "tests/casework/facts/test_what_stands_together.py"
TABLES = "workflows/fitting.py"
CHILDREN = "tests/casework/facts/test_children_found.py"
LEARNED = "tests/casework/facts/test_learned_since.py"

OF_FITTING = (
    Fault("fitting", "who died was warned", TABLES, "    subject_deceased            none    none ",
          "    subject_deceased            any     none ", FITTING),
    Fault("fitting", "a visit of next week is recorded today", TABLES, '    return "too_late" if last and day > last else ""',
          '    return ""', TOGETHER),
    Fault("fitting", "halt opens the warning", TABLES,
          "halt                        visit_done youth_decision  close_unwarned escalate",
          "halt                        visit_done youth_decision  warn close_unwarned escalate", TOGETHER),
    Fault("fitting", "somebody under twelve is warned", "casework/facts/track.py",
          "and not (self.action is Action.WARN and self._is_young())", "and not (False and self._is_young())", LEARNED),
    Fault("fitting", "a search needs no authority", "casework/facts/track.py",
          "if not OUTCOME_OF[visit.outcome].is_search and not visit.homes_searched:", "if True:", WALK),
    Fault("serving", "the first review stands for the second", "casework/facts/track_rows.py",
          "return row.action == self.action and row.made_at == self.act.moment", "return True", WALKS),
    Fault("serving", "a fact of an earlier step serves again", "casework/facts/track_rows.py",
          'return how != "step" or row.made_at > self.track.moved_at', "return True", WALKS),
    Fault("advice", "earlier values of people stay", "audit/sql/destroy_versions.sql",
          "DELETE FROM public.audit_rowversion v WHERE v.case_id = of_case AND v.agency_id = of_agency;",
          "PERFORM 1;", ADVICE),
    Fault("advice", "the words that stay name people", "casework/actions/removing.py",
          "        if named := words & set(words_of(text)):\n", "        if named := words & set():\n", ADVICE),
    Fault("fitting", "an earlier decision that is typed later overturns the one that stands", "workflows/fitting.py",
          'return day > before or (day == before and not (differs and "first" in how))', "return True", TOGETHER),
    Fault("fitting", "a minor recorded after the check starts nothing", "casework/actions/records_write.py",
          "    start_clock_of_children(case_id, made)\n", "", CHILDREN),
    Fault("children", "a report on one child tells of them all", "casework/sql/untold_children.sql",
          "x.kind = 'identity' AND lock.one_person(of_case, whose, x.origin_id) = o.id)", "x.kind = 'identity')", CHILDREN),
    Fault("children", "a subject under twelve is nobody's child", "casework/sql/untold_children.sql",
          "AND of_kind = 'police'\n", "AND of_kind = 'nobody'\n", CHILDREN),
    Fault("children", "an approved no speaks of every later child", "casework/sql/untold_children.sql",
          "n.made_at >= o.since AND NOT EXISTS", "NOT EXISTS", CHILDREN),
    Fault("children", "another visit finds no other children", "casework/sql/untold_children.sql",
          "AND t.round_began_at > c.made_at AND t.round_began_at <= mine.made_at", "AND false", CHILDREN),
    Fault("learned", "a second report on the same man is warned unasked", "casework/facts/visit.py",
          'return ("prosecutor_approval", "search_decided")', "return ()", LEARNED),
    Fault("learned", "one person corrects found children away", "casework/sql/untold_children.sql",
          "    UNION ALL SELECT 'check', c.id, c.made_at FROM corrected_away c\n", "", LEARNED),
    Fault("learned", "who died before the visit was warned at it", "casework/facts/said_words.py",
          "return first is not None and day_of(first) < self.visit.visited_on", "return False", LEARNED),
    Fault("learned", "whoever visits decides that nothing is searched", "casework/facts/visit.py",
          "return row.made_by_id in dict(deciders)", "return True", LEARNED),
    Fault("learned", "nobody was home where nobody went", "casework/facts/said_words.py",
          '"visits:none": self._nobody_went', '"visits:none": lambda: False', LEARNED),
    Fault("reviews", "reviews that were planned anew were held", "casework/facts/track.py",
          "if row.met_at and not row.stop_reason]", "if row.met_at]", "tests/casework/terms/test_schedules_kept.py"),
    Fault("fitting", "a case is a new signal about itself", "casework/actions/meanings.py",
          "if found := [one for one in cases if one != case_id]:", "if found := cases:", TOGETHER),
)  # fmt: skip
