"""Begins and ends the one story of a demo, in which alone a moment of the past may be said (docs/decisions/0026-demo.md)."""

from datetime import datetime

from django.db import connection


def begin_story() -> bool:
    """Begin the story where this is a demo in which nothing was recorded yet; answers whether it began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.begin_story()")
        return bool(cursor.fetchone()[0])


def story_began() -> datetime | None:
    """Return when the story began that is being told; None where none is, or it is told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.story_began()")
        found: datetime | None = cursor.fetchone()[0]
        return found


def end_story() -> None:
    """End the story for good."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.end_story()")
