"""Brings the database up to date, as its owner: tables, guards, privileges, key, mode and system actors."""

import json
import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from audit import keeping, settle_sql
from audit.roles import KEEPER
from casework.input.addresses import KEYED, keys_of
from casework.input.dates import with_precision
from casework.input.person_names import tokens_of
from casework.lock import guards, sql_answers
from casework.lock.estimates import forget_values
from casework.terms.owed import begin_owed
from config.migrated import Unfit, refuse_unfit
from permissions import factors, people
from permissions.installing import act_as_migration, settle, stored_mode
from permissions.signing import pads


def _lay_tokens() -> None:
    """Lay the words by which people are found for those who were recorded before names were folded as they are now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        cursor.execute(
            "SELECT id, tokens, family_name, given_names, birth_date, birth_precision FROM public.casework_personincase"
            " WHERE NOT EXISTS (SELECT 1 FROM unnest(tokens) AS word WHERE word LIKE 'whole:%')"
            " AND (family_name <> '' OR given_names <> '' OR birth_date IS NOT NULL)"
        )
        rows = [
            (tokens_of(family, given, with_precision(born, known_to)), key, tokens)
            for key, tokens, family, given, born, known_to in cursor.fetchall()
        ]
        found = [(laid, key) for laid, key, tokens in rows if laid != tokens]
        if found:
            act_as_migration(cursor)
            cursor.executemany("UPDATE public.casework_personincase SET tokens = %s WHERE id = %s", found)


def _begin_owed() -> None:
    """Begin the terms that are owed from before their clock was known."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        begin_owed(cursor, act_as_migration)


def _lay_keys() -> None:
    """Lay the keys by which addresses are found for those that were recorded before they were folded as they are now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        cursor.execute(f"SELECT id, address_keys, {', '.join(KEYED)} FROM public.casework_premises")  # noqa: S608 - our own words alone
        rows = [(keys_of(*address), key, keys) for key, keys, *address in cursor.fetchall()]
        found = [(laid, key) for laid, key, keys in rows if laid != keys]
        if found:
            act_as_migration(cursor)
            cursor.executemany("UPDATE public.casework_premises SET address_keys = %s WHERE id = %s", found)


def _seal_factors() -> None:
    """Encrypt the secrets of second factors that were stored before they were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        cursor.execute("SELECT id, data FROM public.mfa_authenticator")
        changed = []
        for key, data in cursor.fetchall():
            said = json.loads(data) if isinstance(data, str) else data
            found = {name: factors.seal(said[name]) for name in ("secret", "seed") if name in said}
            found = {name: text for name, text in found.items() if not said[name].startswith(factors.SEALED)}
            if found:
                changed.append((json.dumps(said | found), key))
        if changed:
            act_as_migration(cursor)
            cursor.executemany("UPDATE public.mfa_authenticator SET data = %s WHERE id = %s", changed)


def _give_numbers() -> None:
    """Give handoffs of before there were numbers theirs; the keeper's trigger chooses it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        cursor.execute("SELECT EXISTS (SELECT 1 FROM public.casework_handoff WHERE number = '')")
        if cursor.fetchone()[0]:
            act_as_migration(cursor)
            cursor.execute("UPDATE public.casework_handoff SET number = '' WHERE number = ''")


def _note_rules(*, keeps: bool) -> None:
    """Put on the trail which policies, triggers, functions, privileges and roles changed since somebody last looked."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM lock.key WHERE ipad = %s)"
            " AND to_regprocedure('trail.note_shape(boolean)') IS NOT NULL",
            [pads(settings.ACTING_KEY)[0]],
        )
        if not cursor.fetchone()[0]:
            return  # a database that is new, of before there were digests, or gets another key: nobody can look in it yet
        act_as_migration(cursor)
        cursor.execute("SELECT count(*) FROM trail.note_shape(%s)", [keeps])


def _note_columns() -> None:
    """Put on the trail what migrations put into the columns that they added, so that each row stands as its entries say."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        act_as_migration(cursor)
        cursor.execute("SELECT trail.note_columns()")


class Command(BaseCommand):
    """Run by `make run`, by the tests' template and by whoever deploys; a second run changes nothing."""

    help = "Migrate the database as its owner and settle privileges, key and mode."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Migrate and settle; refuse what this version cannot bring up to date, and what was made in another mode."""
        try:
            refuse_unfit()
        except Unfit as error:
            raise CommandError(str(error), returncode=2) from error
        call_command("migrate", verbosity=0, interactive=False)
        _note_rules(keeps=False)
        with transaction.atomic(), connection.cursor() as cursor:
            settle_sql.settle(cursor, "audit", keeping.CONSTANTS)
            settle_sql.settle(cursor, "permissions", people.CONSTANTS)
            settle_sql.settle(cursor, "casework", sql_answers.CONSTANTS)
            cursor.execute(guards.SETTLE)
            forget_values(cursor)
        settle(settings.MODE, is_scenario=os.environ.get("SCHAKEL_SCENARIO") == "1")
        _note_columns()
        _lay_tokens()
        _begin_owed()
        _lay_keys()
        _give_numbers()
        _seal_factors()
        _note_rules(keeps=True)
        kept = stored_mode()
        if kept != settings.MODE:
            raise CommandError(
                f"This database was made in {kept} mode; it cannot run in {settings.MODE} mode.", returncode=2
            )
