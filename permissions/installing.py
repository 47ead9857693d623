"""What a fresh database needs after its tables: privileges, the signing key, its mode and the system actors."""

from dataclasses import asdict, replace
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from audit.roles import APP, KEEPER
from permissions import people
from permissions.circumstances import Circumstances
from permissions.decision import Actor
from permissions.signing import Identity, pads, signed
from permissions.unguarded import UNGUARDED
from permissions.vocabulary import Role

SYSTEM_IDS = {
    Role.COURIER: 1,
    Role.SCHEDULER: 2,
    Role.SEALER: 3,
    Role.SIGN_IN: 4,
    Role.VISITOR: 5,
    Role.MIGRATION: 6,
}
FIRST_PERSON_ID = 100


def system_actor(role: Role, agency_id: int | None = None) -> Actor:
    """Return the named actor for what no person does, for one agency or for none."""
    return Actor(SYSTEM_IDS[role], agency_id, None, (role,), name=role.value)


def signing_in(actor: Actor) -> Actor:
    """Return the sign-in service as it acts for one person in one agency: what a session does beside any work."""
    return replace(system_actor(Role.SIGN_IN, actor.agency_id), person_id=actor.person_id)


def settle(mode: str, *, is_scenario: bool) -> None:
    """Give the app role its rights on the libraries' tables, store key and mode, make the system actors; repeatable."""
    with transaction.atomic(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
        for table, (rights, _) in UNGUARDED.items():
            if table.startswith("audit_"):
                continue
            cursor.execute(f"REVOKE ALL ON {table} FROM {APP}")
            if rights:
                cursor.execute(f"GRANT {rights} ON {table} TO {APP}")
        cursor.execute(people.SETTLE)
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {KEEPER}")
        cursor.execute(f"GRANT SELECT, INSERT ON casework_outbox, casework_operation TO {KEEPER}")
        cursor.execute(f"GRANT UPDATE ON casework_operation TO {KEEPER}")
        cursor.execute(f"SET LOCAL ROLE {KEEPER}")
        inner, outer = pads(settings.ACTING_KEY)
        cursor.execute(
            "INSERT INTO lock.key VALUES (1, %s, %s) ON CONFLICT (id) DO UPDATE SET ipad = excluded.ipad,"
            " opad = excluded.opad",
            [inner, outer],
        )
        cursor.execute(
            "INSERT INTO lock.installation (mode, is_scenario) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [mode, is_scenario],
        )
        _make_system_actors(cursor)


def act_as_migration(cursor: object) -> None:
    """Let the keeper's connection act as the system actor `migration` until its transaction ends."""
    pid = connection.connection.info.backend_pid
    cursor.execute("SELECT lock.act_as(%s, %s)", signed("identity", **asdict(migrating(pid))))  # type: ignore[attr-defined]


def migrating(pid: int) -> Identity:
    """Return the identity of the system actor `migration` on the connection with this process of the server."""
    return Identity(
        pid=pid,
        person=SYSTEM_IDS[Role.MIGRATION],
        role=Role.MIGRATION,
        action="migrate",
        purpose="migrate",
        basis="",
        operation=UUID("00000000-0000-4000-8000-000000000000"),
        **Circumstances().signed_fields(),
    )


def _make_system_actors(cursor: object) -> None:
    act_as_migration(cursor)
    execute = cursor.execute  # type: ignore[attr-defined]
    for role, number in SYSTEM_IDS.items():
        execute(
            "INSERT INTO public.permissions_user (id, username, email, full_name, is_active, is_system, is_superuser,"
            " language, password) SELECT %s, %s, '', %s, false, true, false, 'en', '!' WHERE NOT EXISTS"
            " (SELECT 1 FROM public.permissions_user WHERE id = %s)",
            [number, f"system-{role}", role.value, number],
        )
    execute("RESET ROLE")
    execute(
        "SELECT setval(pg_get_serial_sequence('permissions_user', 'id'), greatest(%s, (SELECT last_value FROM"
        " permissions_user_id_seq)))",
        [FIRST_PERSON_ID],
    )


class TooPowerful(Exception):  # noqa: N818 - read aloud as the sentence it is
    """This process is connected as a role that could read past the lock."""


def require_unprivileged_role() -> None:
    """Raise TooPowerful unless this process is connected as a role that owns nothing and obeys row security."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, r.rolsuper OR r.rolbypassrls OR pg_has_role(current_user, %s, 'MEMBER')"
            " OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relpersistence <> 't')"
            " FROM pg_roles r WHERE r.rolname = current_user",
            [KEEPER],
        )
        name, is_powerful = cursor.fetchone()
    if is_powerful:
        raise TooPowerful(f"The database role {name} can read past row security: start as {APP}.")


def stored_mode() -> str:
    """Return the mode that was stored at the first start; empty in a database that was never prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('lock.mode()') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return ""
        cursor.execute("SELECT coalesce(lock.mode(), '')")
        return str(cursor.fetchone()[0])
