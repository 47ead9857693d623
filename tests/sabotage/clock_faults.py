"""Faults of the clocks: what must start or stop, for whom, and until when."""

from tests.sabotage.faults import Fault

FOUND = "tests/casework/facts/test_children_found.py"
INFORMING = "tests/casework/terms/test_informing.py"
BEGINNINGS = "tests/casework/terms/test_beginnings.py"
SCHEDULES = "tests/workflows/test_schedules.py"
KEPT = "tests/casework/terms/test_schedules_kept.py"
HANDOFFS = "tests/casework/actions/test_handoffs.py"

FAULTS = (
    Fault("clocks", "days added by decree are forgotten", "casework/terms/decreed.py",
          "    return known[1] if known else frozenset()", "    return frozenset()", BEGINNINGS),
    Fault("clocks", "a refused report does not bring the children back", "casework/sql/handoff_clocks.sql",
          "IF found_due IS NULL OR entered NOT IN ('refused', 'expired', 'withdrawn')", "IF found_due IS NOT NULL OR entered NOT IN ('refused', 'expired', 'withdrawn')", FOUND),
    Fault("clocks", "a reasoned no needs nobody else", "casework/terms/deadlines.py",
          "for row in facts if row.fact not in APPROVED_FIRST for word", "for row in facts for word", FOUND),
    Fault("clocks", "informing one stops the terms of all", "casework/terms/informing.py",
          "    terms.filter(person_id__in=told).update(", "    terms.update(", INFORMING),
    Fault("clocks", "whatever stopped a term settles the duty to inform", "casework/terms/informing.py",
          "return gone | _with_term(case_id, people, stop_reason__in=ENDS)", 'return gone | _with_term(case_id, people, stop_reason__gt="")', INFORMING),
    Fault("clocks", "a chosen schedule is ignored", "casework/terms/deadlines.py",
          "moments(clock, schedule, act.moment", "moments(clock, [], act.moment", KEPT),
    Fault("clocks", "a week ends an hour off when the clock changes", "workflows/calendars.py",
          "    return belongs_before(today), belongs_before(today + timedelta(days=7))", "    return belongs_before(today), belongs_before(today) + timedelta(days=7)", SCHEDULES),
    Fault("clocks", "a summary ends at the hour of the refusal", "casework/lock/policies.py",
          """f"(({table}.moved_at AT TIME ZONE 'Europe/Amsterdam')::date + interval '{years} years')::date)\"""",
          """f"(({table}.moved_at AT TIME ZONE 'Europe/Amsterdam')::date + interval '{years} years' - interval '1 day')::date)\"""", HANDOFFS),
    Fault("clocks", "nothing asks to end a track about the dead", "casework/terms/outcomes.py",
          "        if row.is_death:\n", "        if not row:\n", "tests/casework/terms/test_gone.py"),
    Fault("clocks", "one try is a call", "workflows/fact_words.py",
          ', ("welfare_call", "attempted")', "", "tests/casework/terms/test_calls.py"),
)  # fmt: skip
