"""What the application may do with a table of the records, as policies and privileges that `prepare` settles."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.roles import APP

AGENCY = "(SELECT lock.agency())"
PERSON = "(SELECT lock.person())"
ROLE = "(SELECT lock.role())"
ACTION = "(SELECT lock.action())"
MOMENT = "(SELECT lock.current_moment())"
ACTING = "(SELECT lock.person()) IS NOT NULL"


def among(value: str, words: Sequence[str]) -> str:
    """Return the SQL condition that a value is one of these words of our own."""
    return f"{value} IN ({', '.join(repr(str(word)) for word in words)})" if words else "false"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the app role may do with one guarded table; every `prepare` makes it again."""

    table: str
    see: str | None
    add: str | None = None
    change: str | None = None
    columns: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    """The columns that may be read; all by default."""
    remove: str | None = None

    def sql(self) -> str:
        """Return the statements that give these rights and remove all others."""
        names = ("app_see", "app_add", "app_change", "app_remove")
        dropped = [f"DROP POLICY IF EXISTS {name} ON {self.table}" for name in names]
        made = _policies(self.table, self.see, self.add, self.change, self.columns)
        if self.shown:
            made += [
                f"REVOKE SELECT ON {self.table} FROM {APP}",
                f"GRANT SELECT ({', '.join(self.shown)}) ON {self.table} TO {APP}",
            ]
        if self.remove:
            made.append(f"CREATE POLICY app_remove ON {self.table} FOR DELETE TO {APP} USING ({self.remove})")
            made.append(f"GRANT DELETE ON {self.table} TO {APP}")
        return ";\n".join([*dropped, f"REVOKE ALL ON {self.table} FROM {APP}", *made]) + ";\n"


def _by_column(table: str) -> str:
    """Return the statement that lets each column be changed: a right on the whole table would let it be locked as well."""
    return (
        f"DO $do$ BEGIN EXECUTE (SELECT format('GRANT UPDATE (%s) ON {table} TO {APP}',"
        " string_agg(quote_ident(attname), ', ')) FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped); END $do$"
    )


def _policies(table: str, see: str | None, add: str | None, change: str | None, columns: Sequence[str]) -> list[str]:
    """Return the policies and privileges of the app role: one of each for everything that it may do."""
    parts, rights = [], []
    if see:
        rights.append("SELECT")
        parts.append(f"CREATE POLICY app_see ON {table} FOR SELECT TO {APP} USING ({see})")
    if add:
        rights.append("INSERT")
        parts.append(f"CREATE POLICY app_add ON {table} FOR INSERT TO {APP} WITH CHECK ({add})")
    if change:
        parts.append(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {APP}" if columns else _by_column(table))
        parts.append(f"CREATE POLICY app_change ON {table} FOR UPDATE TO {APP} USING ({change}) WITH CHECK ({change})")
    if rights:
        parts.append(f"GRANT {', '.join(rights)} ON {table} TO {APP}")
    return parts
