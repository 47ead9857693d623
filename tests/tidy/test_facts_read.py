"""Whatever a form asks for is read by a rule or shown to somebody: nobody types what nobody reads."""

from pathlib import Path

from casework.actions.records_write import FACT_COLUMNS
from casework.input.fact_parts import FACT_PARTS, PART_OF_FACT
from casework.models.json_rows import columns_of
from casework.selectors.record_rows import FactRow
from workflows.clocks import TERMS
from workflows.fact_words import SAYS
from workflows.outcomes import OUTCOMES
from workflows.schedules import SCHEDULE_OF
from workflows.tracks import WORKFLOWS

READ_BY = {
    "informing_postponed": "casework/facts/track.py",
    "supervision_order": "casework/facts/limits.py",
    "consent_withdrawn": "casework/facts/consents.py",
    "report": "casework/actions/intake.py",
    "known_here": "casework/actions/radar.py",
}
"""Parts that no step names and no clock starts or stops by: which rule reads each."""
NOT_ON_THE_PAGE = {
    "person_id": "shown by name",
    "receiver_id": "shown by name",
    "handoff_id": "its answers stand on the page of the handoff",
}


def test_every_part_is_read_by_a_step_a_clock_an_outcome_or_a_rule():
    steps = {need for workflow in WORKFLOWS.values() for step in workflow.steps for need in step.needs}
    words = {word for clock in TERMS.values() for word in (*clock.starts, *clock.stops)}
    read = {PART_OF_FACT.get(need, need) for need in steps} | steps | words
    read |= {fact for fact, _ in SAYS} | {row.fact for row in OUTCOMES} | set(SCHEDULE_OF.values())
    unread = set(FACT_PARTS) - read
    assert unread == set(READ_BY), "a part that a form offers and nothing reads, or one that has a reader of its own by now"
    for part, path in READ_BY.items():
        assert f'"{part}"' in Path(path).read_text(), f"{path} does not read {part}"


def test_every_column_of_a_fact_is_shown_with_the_record():
    shown = {*columns_of(FactRow), *NOT_ON_THE_PAGE}
    assert not set(FACT_COLUMNS.values()) - shown, "stored, and shown to nobody"
    page = Path("web/templates/web/record.html").read_text()
    for column in {*columns_of(FactRow)} - {"action", "made_at"}:
        assert f"fact.{column}" in page, f"{column} is read for the page, and stands nowhere on it"
