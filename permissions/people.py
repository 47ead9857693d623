"""Row policies of who people are and how they sign in: for colleagues, for who signs in as themselves, and nobody else.

Outside an act nothing is listed. sql/signing_in.sql says how the person who signs in is found.
"""

from audit.roles import KEEPER
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import ACTING, ACTION, AGENCY, PERSON, ROLE, Rights, among
from permissions.rights import (
    AGREEMENTS,
    CHANGES,
    CONFIRMATIONS,
    INVITATIONS,
    INVITED_HOURS,
    MANAGES_PEOPLE,
    PARTNERSHIPS,
    PEOPLE_MANAGERS,
)
from permissions.vocabulary import GIVEN_BY_TWO, Action

_SERVES = f"{ROLE} = 'migration'"
_SERVES_ALONE = f"{ACTION} = 'migrate'"
_AGENCIES = among(ACTION, ["migrate", "manage_agencies"])
_OWN_PEOPLE = f"{ACTION} = 'migrate' OR ({MANAGES_PEOPLE} AND agency_id = {AGENCY})"
WATCHERS = sorted({*roles_with(Action.SEE_ACCESS_LOG, Cell.AGENCY, Cell.NAMED), *roles_with(Action.SEE_CASE_LOG, Cell.OWN)})
"""Roles that watch over the records of an organisation: they read the names of others who looked (sql/who_looked.sql)."""
CONSTANTS: dict[str, int | tuple[str, ...]] = {
    "lock.watchers": tuple(map(str, WATCHERS)),
    "lock.people_managers": tuple(map(str, PEOPLE_MANAGERS)),
    "lock.given_by_two": tuple(sorted(map(str, GIVEN_BY_TWO))),
    "lock.invited_hours": INVITED_HOURS,
}
"""The roles of the matrix that SQL needs, and for how long an invitation holds."""
_HERE = f"m.user_id = permissions_user.id AND m.agency_id = {AGENCY}"
_COLLEAGUE = f"EXISTS (SELECT 1 FROM permissions_membership m WHERE {_HERE})"  # noqa: S608 - our own words alone
_SIGNS_IN = f"{ACTION} = 'record_sign_in' AND {ROLE} = 'sign_in' AND user_id = {PERSON}"
_TRIES = f"{ACTION} = 'record_sign_in' AND {among(ROLE, ['sign_in', 'visitor'])}"
SHOWN_COLUMNS = ("id", "username", "email", "full_name", "is_active", "is_system", "is_superuser", "language")
"""What one sees of a colleague: everything but the hash of the password."""
RIGHTS = (
    Rights("permissions_agency", ACTING, _AGENCIES, _AGENCIES),
    Rights(
        "permissions_user",
        f"{_SERVES} OR id = {PERSON} OR ({ACTING} AND is_system) OR {_COLLEAGUE} OR lock.looked_here(id)",
        _SERVES_ALONE,
        f"{_SERVES_ALONE} OR id = {PERSON}",
        ("full_name", "email", "is_active", "language", "password"),
        SHOWN_COLUMNS,
    ),
    Rights(
        "permissions_membership",
        f"{_SERVES} OR agency_id = {AGENCY} OR user_id = {PERSON}",
        _OWN_PEOPLE,
        _OWN_PEOPLE,
        ("ends_at", "roles"),
    ),
    CHANGES,
    INVITATIONS,
    AGREEMENTS,
    PARTNERSHIPS,
    CONFIRMATIONS,
)
"""The tables that say who acts, guarded since they were made."""


def _writable(table: str, rule: str) -> Rights:
    return Rights(table, rule, rule, rule, remove=rule)


OF_LIBRARIES = (
    Rights("auth_group", _AGENCIES, _AGENCIES),
    _writable("mfa_authenticator", _SIGNS_IN),
    Rights("account_emailaddress", _SIGNS_IN, _SIGNS_IN, _SIGNS_IN),
    _writable("axes_accessattempt", _TRIES),
    _writable("axes_accessattemptexpiration", _TRIES),
)
"""Tables of libraries that have policies of ours, and no trail of their own."""

TABLES = ", ".join(rights.table for rights in OF_LIBRARIES)
SETTLE = (
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO {KEEPER};"
    + "".join(
        f"ALTER TABLE {rights.table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {rights.table} FORCE ROW LEVEL SECURITY;"
        f"DROP POLICY IF EXISTS keeper_all ON {rights.table};"
        f"CREATE POLICY keeper_all ON {rights.table} TO {KEEPER} USING (true) WITH CHECK (true);"
        for rights in OF_LIBRARIES
    )
    + "".join(rights.sql() for rights in (*RIGHTS, *OF_LIBRARIES))
)
"""The statements that every `prepare` runs."""
