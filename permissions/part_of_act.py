"""A part of an act that runs: one of several steps, with several cases held, or at the other end of a handoff."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db import connection

from audit.acting import running
from permissions.acting import Acting, acting


@contextmanager
def step_of_act(name: object) -> Iterator[Acting]:
    """Do one of several steps of the running act, which only differ in the ids of the rows that they make."""
    whole = acting()
    token = running.set(replace(whole, operation=whole.made_id("step", name)))
    try:
        yield acting()
    finally:
        running.reset(token)


@contextmanager
def holding(what: Sequence[UUID]) -> Iterator[Acting]:
    """Do a part of the running act with the cases of these things held; its moment is the one at which they were held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.hold_all(%s)", [list(what)])
        cursor.execute("SELECT lock.take_moment()")
        (moment,) = cursor.fetchone()
    token = running.set(replace(acting(), moment=moment))
    try:
        yield acting()
    finally:
        running.reset(token)


@contextmanager
def standing_at(agency_id: int) -> Iterator[Acting]:
    """Do a part of the running act at the other end of a handoff; the database was told so before (lock.stand_at)."""
    whole = acting()
    token = running.set(replace(whole, actor=replace(whole.actor, agency_id=agency_id)))
    try:
        yield acting()
    finally:
        running.reset(token)
