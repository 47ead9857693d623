"""What is said of a package as a whole: its ends, its basis, and what that basis asks (docs/law.md section 5)."""

from collections.abc import Mapping
from types import MappingProxyType

from casework.input.codes import HELP_KINDS
from casework.input.schema import Column, Kind, code, day, short, text, yes
from permissions.bases import BASES, GROUPS, PURPOSES, YOUTH_TASKS

ENDS = (code(*GROUPS, name="kind"), Column("receiver", Kind.AGENCY), code(*BASES, name="basis"))
NECESSITY = (text("why_items"), text("why_receiver"), text("why_now"))
SPECIAL = (yes("special", required=False), text("special_reason", required=False))
FUNCTIONARY = (short("functionary_name", required=False), day("functionary_date", required=False))
OF_LIMIT: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "letter": (short("letter", required=False, most=1),),
        "task": (text("task", required=False),),
        "youth_task": (code(*YOUTH_TASKS, name="youth_task", required=False),),
        "authority": (
            code("prosecutor", "mayor", name="authority", required=False),
            short("authority_name", required=False),
            day("authority_date", required=False),
        ),
        "purpose": (code(*(word for words in PURPOSES.values() for word in words), name="purpose", required=False),),
        "interest": (text("interest", required=False),),
        "danger": (text("interest", required=False),),
        "functionary": FUNCTIONARY,
        "secrecy": (yes("secrecy", required=False),),
        "asked": (code("asked", "unasked", name="asked_or_not", required=False),),
        "request": (text("request", required=False), day("request_date", required=False)),
    },
)
"""The columns that a limit of a basis reads; limits that are not listed follow from other rows."""

PACKAGE = (
    *ENDS,
    Column("items", Kind.ITEMS),
    *NECESSITY,
    yes("source_protected"),
    yes("acute", required=False),
    code(*HELP_KINDS, required=False, name="help_kind"),
    *SPECIAL,
    *{column.name: column for columns in OF_LIMIT.values() for column in columns}.values(),
)
"""Every column of a package."""

GROUNDS = MappingProxyType(
    {column.name: None if column.kind is Kind.DATE else "" for column in PACKAGE if column.kind in
     {Kind.CODE, Kind.TEXT, Kind.SHORT, Kind.DATE} and column.name != "kind"},
)  # fmt: skip
"""What is said in words, codes and dates, each with what stands there when nothing was said; columns of a handoff."""

ANSWERS = MappingProxyType(
    {
        "source_protected": "is_source_protected",
        "acute": "is_acute",
        "special": "is_special",
        "secrecy": "is_secrecy_pointed_out",
    },
)
"""What is answered with yes or no: the column of the part, and that of the handoff."""


def columns_for(basis: str, receiver: str) -> frozenset[str]:
    """Return the names of the columns that a package asks on this basis, to this kind of receiver; all when unknown."""
    row = BASES.get(basis)
    if row is None:
        return frozenset(column.name for column in PACKAGE)
    limits = (limit.rpartition(":") for limit in row.limits)
    asked = {limit for kind, _, limit in limits if kind in {"", receiver} or not receiver}
    optional = {column.name for columns in OF_LIMIT.values() for column in columns}
    wanted = {column.name for limit in asked for column in OF_LIMIT.get(limit, ())}
    return frozenset(column.name for column in PACKAGE if column.name not in optional or column.name in wanted)
