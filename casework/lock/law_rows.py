"""The workflow tables as rows of the database, so that it refuses what is not in them (casework/sql/steps_by_law.sql)."""

from audit.roles import KEEPER
from workflows.tracks import BEGINNINGS, CONSEQUENCES, WORKFLOWS


def law_rows() -> str:
    """Return the rows of the workflow tables as SQL."""
    steps = {(name, s.source, str(s.action), s.target) for name, w in WORKFLOWS.items() for s in w.steps}
    for kind, action, like in CONSEQUENCES:
        steps |= {(kind, s.source, str(action), s.target) for s in WORKFLOWS[kind].steps if s.action is like}
    steps.add(("handoff", "prepared", "prepare_handoff", "prepared"))  # editing the items is a new version
    steps.add(("handoff", "delivered", "accept_handoff", "acknowledged"))  # who accepts acknowledges in the same act
    steps.add(("handoff", "sent", "deliver_handoff", "withdrawn"))  # what sending asked no longer holds: nothing goes
    starts = {(b.track, b.state, str(b.action)) for b in BEGINNINGS}
    starts.add(("handoff", WORKFLOWS["handoff"].start, "open_case"))  # logged together with what is to be shared
    finals = {(name, state) for name, w in WORKFLOWS.items() for state in w.final}
    return "".join(
        f"INSERT INTO lock.{table} VALUES {', '.join(repr(row) for row in sorted(rows))};\n"
        for table, rows in (("law_step", steps), ("law_start", starts), ("law_final", finals))
    )


SETTLE = f"SET ROLE {KEEPER}; TRUNCATE lock.law_step, lock.law_start, lock.law_final;\n{law_rows()}RESET ROLE;\n"
"""Brings the rows up to date, whatever was there before."""
