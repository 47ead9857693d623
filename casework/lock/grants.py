"""The grants: which agency takes part in a case and who is named on it; only functions of the role keeper write them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from casework.models import Handoff
from casework.people.children import ARRIVED
from permissions.acting import acting
from permissions.part_of_act import standing_at
from workflows.clocks import RULE_VERSION

REVIEWED_AT = 50
"""At how many searches an hour an auditor is told (docs/decisions/0006)."""
ALARMS = UUID("5f6d3f0e-6f51-4d1c-9d0a-3b9c1f1d9a10")
"""The namespace of the ids of findings about many searches."""


def _call(function: str, *arguments: UUID | int | str | list[str]) -> None:
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{function}({marks})", list(arguments))


def is_within_reach(named: UUID) -> bool:
    """Whether a case, track or handoff of this id may be within reach of the acting person; if not, no row shows it.

    Hidden and absent cost the same (casework/sql/reach_case.sql).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(lock.reach_case(%(id)s), lock.reach_track(%(id)s), lock.reach_handoff(%(id)s)) IS NOT NULL",
            {"id": named},
        )
        return bool(cursor.fetchone()[0])


def open_case(case_id: UUID) -> None:
    """Open the shell, let the acting agency take part under a reference of its own, and name the opener."""
    _call("open_case", case_id)


def remove_people(track_id: UUID) -> None:
    """Take everything on the people concerned out of the acting agency's record, and out of its earlier versions."""
    _call("remove_people", track_id)


def break_glass(made: UUID, values: Mapping[str, Any], *, until: datetime, review_due: datetime) -> tuple[UUID | None, bool]:
    """Open a case by its reference in an emergency; answers the case, and whether the person is named on it anyway."""
    review = acting().made_id("deadline", made)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT of_case, is_named FROM lock.break_glass(%s, %s, %s, %s, %s, %s, %s, %s)",
            [made, values["reference"].lower(), values["code"], values["text"], until, review, review_due, RULE_VERSION],
        )
        case_id, is_named = cursor.fetchone()
    return case_id, bool(is_named)


def ask_known(made: UUID, likenesses: Sequence[tuple[str, str]], reason: str) -> None:
    """Ask every other agency that knows somebody who may be this person; nothing is answered here."""
    lows, highs = [low for low, _ in likenesses], [high for _, high in likenesses]
    _call("ask_known", made, lows, highs, reason)


def searches_lately() -> int:
    """Count the acting person's searches of the last hour; one that runs beside this one ends first, and counts too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.searches_lately()")
        return int(cursor.fetchone()[0])


def many_searches(lately: int) -> None:
    """Tell the auditors of the acting agency that somebody searches very often: a finding, once a clock hour.

    It has its id by person and hour: however many searches run at once, none of them slips past the number.
    """
    if lately >= REVIEWED_AT:
        act = acting()
        hour = act.moment.strftime("%Y-%m-%dT%H")
        _call("many_searches", uuid5(ALARMS, f"{act.actor.agency_id}:{act.actor.person_id}:{hour}"))


def name_person(case_id: UUID, person_id: int) -> None:
    """Name a member of the acting agency on a case in which it takes part."""
    _call("name_person", case_id, person_id)


def end_assignment(case_id: UUID, person_id: int) -> None:
    """End an assignment at this moment; it stays readable as history."""
    _call("end_assignment", case_id, person_id)


def end_assignments(person_id: int) -> None:
    """Take somebody who is no member of the acting agency any more off all of its cases; each stays readable as history."""
    _call("end_assignments", person_id)


def receive(handoff_id: UUID) -> None:
    """Let the receiver of a delivered handoff take part, and write the ledger line."""
    _call("receive", handoff_id, acting().made_id("ledger", handoff_id))


def tell_recipients(case_id: UUID, cause: UUID, changed: Sequence[Any], due: datetime) -> list[tuple[UUID, int]]:
    """Store news for every handoff that delivered one of these things; returns which handoffs, and to whom."""
    columns = [[str(getattr(row, name)) for row in changed] for name in ("origin_id", "group", "label", "said", "withheld")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT of_handoff, of_receiver FROM lock.tell_recipients(%s, %s, %s::uuid[], %s::text[], %s::text[],"
            " %s::text[], %s::text[], %s, %s)",
            [case_id, cause, *columns, due, RULE_VERSION],
        )
        return list(cursor.fetchall())


def owes_news(handoff_id: UUID) -> bool:
    """Whether the sender of this handoff still owes its receiver the news of a correction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.owes_news(%s)", [handoff_id])
        return bool(cursor.fetchone()[0])


def deliver_news(handoff_id: UUID, due: datetime) -> None:
    """Bring the receiver what waits to be told, with its ledger line, and begin the receiver's own term."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lock.deliver_news(%s, %s, %s, %s)",
            [handoff_id, acting().made_id("news", handoff_id), due, RULE_VERSION],
        )


@contextmanager
def at_the_sender(handoff_id: UUID) -> Iterator[None]:
    """Let the courier stand at the sender's end of what it delivers, and then at the receiver's again.

    What goes wrong at the sender's end undoes the whole act, and with it where the courier stands.
    """
    with standing_at(_stand_at(handoff_id, at_sender=True)):
        yield
    _stand_at(handoff_id, at_sender=False)


def _stand_at(handoff_id: UUID, *, at_sender: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.stand_at(%s, %s)", [handoff_id, at_sender])
        return int(cursor.fetchone()[0])


def sender_is_walled(handoff_id: UUID) -> bool:
    """Whether a conflict of interest stands by now between the case and who sent this, for whom the courier delivers it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.sender_is_walled(%s)", [handoff_id])
        return bool(cursor.fetchone()[0])


def article_of_record(handoff_id: UUID) -> str:
    """Return under which article the sender keeps the record of a package now; also to those who cannot read the record."""
    return _word("article_of_record", handoff_id)


def marked_secret(case_id: UUID, agency_id: int | None) -> set[UUID]:
    """Return which addresses of an agency's record, and the contacts of which people, are secret."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.marked_secret(%s, %s)", [case_id, agency_id])
        return {row[0] for row in cursor.fetchall()}


def holds_secret(handoff_id: UUID) -> bool:
    """Whether a package that was not delivered holds what is secret now; also for those who cannot read the record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.holds_secret(%s)", [handoff_id])
        return bool(cursor.fetchone()[0])


def reporter_to_inform(case_id: UUID) -> str:
    """Return whom there is to inform of a report: nobody, an agency, somebody known or somebody protected."""
    return _word("reporter_to_inform", case_id)


def _word(function: str, about: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{function}(%s)", [about])
        return str(cursor.fetchone()[0] or "")


def helped_in(handoff_id: UUID) -> UUID | None:
    """Return the sender's row of the person whom a package asks to help, where it identifies them; either end may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.helped_in(%s)", [handoff_id])
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def leave(handoff_id: UUID) -> None:
    """End the receiver's part in the case of a handoff that came to nothing, unless it has a record there."""
    _call("leave", handoff_id)


def twins_of(case_id: UUID, people: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Return each of these people of the acting agency with every row taken over from the same row of its sender."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, twin FROM lock.twins(%s, %s::uuid[])", [case_id, list(people)])
        return list(cursor.fetchall())


def update_handoff_clocks(  # noqa: PLR0913 - what one statement does for both ends
    handoff: Handoff,
    entered: str,
    stopped: Sequence[str],
    started: Sequence[tuple[str, str, datetime]],
    rule_version: str,
    *,
    names: int | None = None,
    found_due: datetime | None = None,
) -> None:
    """Stop and start the terms of a handoff, each at the end whose turn it is: (clock, end, due); and name a person.

    What the sender owes besides follows: an earlier one of the kind is sent again, children found are reported or, by
    `found_due`, are still to be.
    """
    act = acting()
    ids = [act.made_id("deadline", handoff.pk, code) for code, _, _ in started]
    codes, ends, dues = ([row[place] for row in started] for place in range(3))
    query = (
        "SELECT lock.handoff_clocks(%s, %s::text[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s),"
        " lock.sender_clocks(%s, %s, %s, %s, %s)"
    )
    values: list[Any] = [handoff.pk, list(stopped), ids, codes, ends, dues, rule_version]
    values += [handoff.pk, entered, act.made_id("deadline", handoff.pk, "CHILDREN_FOUND"), found_due, rule_version]
    if names is not None:
        query += ", lock.name_person(%s, %s)"
        values += [handoff.case_id, names]
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def has_untold_children(case_id: UUID, told: Sequence[str] = ARRIVED, said_no: datetime | None = None) -> bool:
    """Whether the acting agency knows children who are to be reported and whom no report in these states names.

    `said_no` is when a reason for no report was stored that is being approved with this very act.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.untold_children(%s, %s, %s)", [case_id, list(told), said_no])
        return bool(cursor.fetchone()[0])
