"""Others' data with a mark in every text, so that any of it is known again wherever it comes out."""

import re
from contextlib import suppress
from uuid import uuid4

import psycopg
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from psycopg import sql

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.world import FormClient, World, signed_in, signing_in, with_factor

MARK = re.compile(r"zq[0-9a-f]{8}xq")
NOT_SECRET = ("django_migrations", "django_content_type", "auth_permission", "permissions_agency", "casework_decreedday")
TEXTS = ("text", "character varying", "jsonb", "json")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def others_at_work(world: World) -> None:
    """Let police, Veilig Thuis and others of one case leave a row of every kind."""
    case, track = world.track("follow_up")
    world.delivered(case)
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    perform(
        world.dirk, Action.ASK_APPROVAL, track, {"approval": {"action": "close_warning", "text": "Klaar om te sluiten."}}
    )
    perform(world.saskia, Action.DECLARE_CONFLICT, case, {"wall": {"text": "Een familielid van mij woont daar."}})
    (person,) = world.rows("SELECT id FROM casework_personincase WHERE agency_id = %s LIMIT 1", world.agency("lies"))[0]
    corrected = {"why": "mistyped", "person": person, "family_name": "Verbeterd"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": corrected})
    given = {"export": {"format": "csv", "since": "gisteren", "until": "vandaag", "text": "Voor de jaarlijkse audit."}}
    perform(world.arie, Action.EXPORT_TRAIL, None, given)
    world.work()
    signed_in("lies").get(f"/cases/{case}")
    FormClient().post("/account/sign-in", {"login": "dirk", "password": "een-verkeerd-wachtwoord"})
    with_factor("lies", SECRET)
    with signing_in("lies") as user:
        RecoveryCodes.activate(user)
    world.superuser.execute(
        "INSERT INTO account_emailaddress (email, verified, \"primary\", user_id) VALUES ('a@b.example', true, true, %s)",
        [world.lies.person_id],
    )


class Marked:
    """Which marks and ids are others', and which are seen by whoever acts."""

    def __init__(self, world: World, own_agency: int) -> None:
        """Put a mark in place of every text of everybody."""
        self.world, self.own = world, own_agency
        admin = world.superuser
        admin.execute("SET session_replication_role = replica")
        self.hidden, self.beside = set[str](), set[str]()
        for schema, table, column, kind in self._texts():
            found = self._mark(schema, table, column, kind)
            mine = self._of_mine(table, column)
            self.beside |= mine
            found -= mine
            self.hidden |= found
        self.beside |= self._names_of_agencies()
        admin.execute("SET session_replication_role = origin")
        self.ids = {str(key) for table, column in self._keys() for (key,) in self._others_keys(table, column)}
        admin.execute("ANALYZE")

    def _texts(self) -> list[tuple[str, str, str, str]]:
        query = (
            "SELECT c.table_schema, c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name) WHERE t.table_type = 'BASE TABLE'"
            " AND c.table_schema = 'public' AND c.data_type = ANY (%s) AND c.table_name <> ALL (%s)"
            " AND c.is_generated = 'NEVER' AND coalesce(c.character_maximum_length, 99) >= 12"
        )
        return list(self.world.rows(query, list(TEXTS), list(NOT_SECRET)))

    def _mark(self, schema: str, table: str, column: str, kind: str) -> set[str]:
        """Mark a column: one mark for all of its rows, as a name that is common, and else one for each."""
        each = "'zq' || substr(md5(random()::text || ctid::text), 1, 8) || 'xq'"
        marks = (each,) if table.startswith("permissions") else (f"'zq{uuid4().hex[:8]}xq'::text", each)
        only = " WHERE NOT is_system" if table == "permissions_user" else ""
        names = {"t": sql.Identifier(schema, table), "c": sql.Identifier(column)}
        for mark in marks:
            value = f"to_jsonb({mark})" if kind.startswith("json") else mark
            query = sql.SQL(f"UPDATE {{t}} SET {{c}} = {value}{only} RETURNING {{c}}::text").format(**names)
            with suppress(psycopg.Error), self.world.superuser.transaction():
                return {text.strip('"') for (text,) in self.world.superuser.execute(query).fetchall()}
        return set()  # a word of a list stays as it is: it tells of nobody

    def _of_mine(self, table: str, column: str) -> set[str]:
        """Return the marks that an agency sees of its own: names of colleagues, not the hashes of their passwords."""
        if table == "permissions_user" and column != "password":
            query = f"SELECT {column} FROM {table} u JOIN permissions_membership m ON m.user_id = u.id"
            return {text for (text,) in self.world.rows(f"{query} WHERE m.agency_id = %s", self.own)}
        if table == "permissions_basisconfirmation":
            return {text for (text,) in self.world.rows(f"SELECT {column} FROM {table} WHERE agency_id = %s", self.own)}
        return set()

    def _names_of_agencies(self) -> set[str]:
        return self._mark("public", "permissions_agency", "name", "text") | self._mark(
            "public", "permissions_agency", "controller", "text"
        )

    def _keys(self) -> list[tuple[str, str]]:
        query = (
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type = 'uuid' AND (table_name LIKE 'casework%%' OR table_name = 'permissions_membership')"
        )
        return list(self.world.rows(query))

    def _others_keys(self, table: str, column: str) -> list[tuple[object]]:
        others = f" AND agency_id <> {self.own}" if table == "permissions_membership" else ""
        return self.world.rows(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL{others}")

    def found_in(self, said: str, *, nobody: bool) -> set[str]:
        """Return which marks and ids of others stand in an answer; of everybody, where nobody acts."""
        text = said.lower()
        marks = set(MARK.findall(text))
        found = marks & self.hidden | (marks & self.beside if nobody else set())
        return found | {key for key in self.ids if key in text}

    def a_few(self, count: int) -> list[str]:
        """Return some of the ids, always the same ones of one world."""
        return sorted(self.ids)[:count]


def absent() -> str:
    """Return an id that nothing has."""
    return str(uuid4())
