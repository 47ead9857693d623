"""Brings the database up to date, as its owner: tables, guards, privileges, key, mode and system actors."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from audit import destroy_expired, settle_sql
from audit.roles import KEEPER
from casework.input.addresses import KEYED, keys_of
from casework.input.dates import with_precision
from casework.input.person_names import tokens_of
from casework.lock import guards, sql_answers
from casework.lock.estimates import forget_values
from casework.terms.owed import begin_owed
from config.migrated import Unfit, refuse_unfit
from permissions import factors, people
from permissions.installing import act_as_migration, settle
from permissions.signing import pads


@contextmanager
def _as_keeper() -> Iterator[Any]:
    """Open a transaction with the rights of the keeper, and yield its cursor."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        yield cursor


def _update(cursor: Any, table: str, column: str, changed: list[tuple[Any, Any]]) -> None:
    """Write this column of these rows, each as its value and id, as the system actor `migration`."""
    if changed:
        act_as_migration(cursor)
        cursor.executemany(f"UPDATE public.{table} SET {column} = %s WHERE id = %s", changed)  # noqa: S608 - our own words alone


def _make_name_tokens() -> None:
    """Make the words by which people are found for those who were recorded before names were folded as they are now."""
    with _as_keeper() as cursor:
        cursor.execute(
            "SELECT id, tokens, family_name, given_names, birth_date, birth_precision FROM public.casework_personincase"
            " WHERE NOT EXISTS (SELECT 1 FROM unnest(tokens) AS word WHERE word LIKE 'whole:%')"
            " AND (family_name <> '' OR given_names <> '' OR birth_date IS NOT NULL)"
        )
        rows = [
            (tokens_of(family, given, with_precision(born, known_to)), key, tokens)
            for key, tokens, family, given, born, known_to in cursor.fetchall()
        ]
        _update(cursor, "casework_personincase", "tokens", [(new, key) for new, key, tokens in rows if new != tokens])


def _begin_owed() -> None:
    """Begin the terms that should have begun before the product knew their clock."""
    with _as_keeper() as cursor:
        begin_owed(cursor, act_as_migration)


def _make_address_keys() -> None:
    """Make the keys by which addresses are found for those that were recorded before they were folded as they are now."""
    with _as_keeper() as cursor:
        cursor.execute(f"SELECT id, address_keys, {', '.join(KEYED)} FROM public.casework_premises")  # noqa: S608 - our own words alone
        rows = [(keys_of(*address), key, keys) for key, keys, *address in cursor.fetchall()]
        _update(cursor, "casework_premises", "address_keys", [(new, key) for new, key, keys in rows if new != keys])


def _seal_factors() -> None:
    """Encrypt the secrets of second factors that an earlier version stored without encryption."""
    with _as_keeper() as cursor:
        cursor.execute("SELECT id, data FROM public.mfa_authenticator")
        changed = []
        for key, data in cursor.fetchall():
            said = json.loads(data) if isinstance(data, str) else data
            found = {name: factors.seal(said[name]) for name in ("secret", "seed") if name in said}
            found = {name: text for name, text in found.items() if not said[name].startswith(factors.SEALED)}
            if found:
                changed.append((json.dumps(said | found), key))
        _update(cursor, "mfa_authenticator", "data", changed)


def _give_numbers() -> None:
    """Give a number to each handoff that was made before handoffs had numbers; the keeper's trigger chooses it."""
    with _as_keeper() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM public.casework_handoff WHERE number = '')")
        if cursor.fetchone()[0]:
            act_as_migration(cursor)
            cursor.execute("UPDATE public.casework_handoff SET number = '' WHERE number = ''")


def _rules_found(cursor: Any) -> str | None:
    """Return the digest of each policy, trigger, function, privilege and role, before all of them are settled anew.

    Nothing where the database is new, has no digests yet, or gets another key: nobody can act in it yet.
    """
    cursor.execute(f"SET LOCAL ROLE {KEEPER}")
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM lock.key WHERE ipad = %s)"
        " AND to_regprocedure('trail.note_shape(boolean)') IS NOT NULL",
        [pads(settings.ACTING_KEY)[0]],
    )
    found = None
    if cursor.fetchone()[0]:
        cursor.execute("SELECT jsonb_object_agg(thing, digest)::text FROM trail.shape_now()")
        (found,) = cursor.fetchone()
    cursor.execute("RESET ROLE")
    return found


def _list_rules(cursor: Any) -> tuple[str, ...]:
    """Return the rules that decide what is open and what lacks a term; none in a database that has none yet."""
    cursor.execute("SELECT to_regclass('lock.law_final') IS NOT NULL, to_regprocedure('lock.recorded_clocks()') IS NOT NULL")
    has_law, has_clocks = cursor.fetchone()
    found = []
    cursor.execute(f"SET LOCAL ROLE {KEEPER}")
    if has_law:
        cursor.execute("SELECT f::text FROM lock.law_final AS f ORDER BY 1")
        found += [row for (row,) in cursor.fetchall()]
    if has_clocks:
        cursor.execute("SELECT lock.recorded_clocks()::text")
        found += [row for (row,) in cursor.fetchall()]
    cursor.execute("SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure('lock.sort_keys(uuid, integer)')")
    found += [row for (row,) in cursor.fetchall()]
    cursor.execute("RESET ROLE")
    return tuple(found)


def _update_lists(cursor: Any) -> None:
    """Order lists anew where their rules changed; otherwise a difference stays, for a reconciling run to find."""
    cursor.execute(f"SET LOCAL ROLE {KEEPER}")
    cursor.execute(
        "SELECT lock.refresh(r.content_object_id, r.group_id) FROM public.casework_participation r"
        " CROSS JOIN LATERAL lock.sort_keys(r.content_object_id, r.group_id) AS k WHERE r.ends_at IS NULL"
        " AND (r.is_open, r.lacks_term) <> (k.is_open, k.lacks_term)"
    )
    cursor.execute("RESET ROLE")


def _note_found(cursor: Any, found: str) -> None:
    """Put on the trail which rules somebody changed since the last `prepare`."""
    cursor.execute(f"SET LOCAL ROLE {KEEPER}")
    act_as_migration(cursor)
    cursor.execute("SELECT count(*) FROM trail.note_found(%s, false)", [found])


def _note_rules() -> None:
    """Put on the trail which rules this very `prepare` changed; what was found now is what will be compared with."""
    with _as_keeper() as cursor:
        act_as_migration(cursor)
        cursor.execute("SELECT count(*) FROM trail.note_shape(true)")


def _note_columns() -> None:
    """Put on the trail what migrations put into the columns that they added, so that each row agrees with its entries."""
    with _as_keeper() as cursor:
        act_as_migration(cursor)
        cursor.execute("SELECT trail.note_columns()")
        cursor.execute("SELECT trail.note_factors()")


class Command(BaseCommand):
    """Run by `make run`, by the tests' template and by whoever deploys; a second run changes nothing."""

    help = "Migrate the database as its owner and settle privileges, key and mode."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Migrate and settle, unless the database is unfit: then end with the reason and change nothing."""
        try:
            refuse_unfit(settings.MODE)
        except Unfit as error:
            raise CommandError(str(error), returncode=2) from error
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic(), connection.cursor() as cursor:
            found, lists = _rules_found(cursor), _list_rules(cursor)
            made = settle_sql.settle(cursor, "audit", destroy_expired.CONSTANTS)
            made |= settle_sql.settle(cursor, "permissions", people.CONSTANTS)
            made |= settle_sql.settle(cursor, "casework", sql_answers.CONSTANTS)
            cursor.execute(guards.SETTLE)
            settle_sql.drop_others(cursor, made)
            forget_values(cursor)
            if found:
                _note_found(cursor, found)
            if lists != _list_rules(cursor):
                _update_lists(cursor)
        settle(settings.MODE, is_scenario=os.environ.get("SCHAKEL_SCENARIO") == "1")
        _note_columns()
        _make_name_tokens()
        _begin_owed()
        _make_address_keys()
        _give_numbers()
        _seal_factors()
        _note_rules()
