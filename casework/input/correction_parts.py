"""The parts by which a person, an address or a fact of a record is corrected (docs/decisions/0016)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from casework.input import codes
from casework.input.fact_parts import FACT_PARTS
from casework.input.fields import LONGEST
from casework.input.schema import Column, Kind, born, code, contact, number, planned, short, text, until, yes
from workflows.fitting import DECIDED_BY

PERSON_COLUMNS = (
    code(*codes.PERSON_ROLES, name="role"),
    short("family_name", required=False),
    short("infix", required=False, most=20),
    short("given_names", required=False),
    born(required=False),
    number("estimated_age", most=130),
    contact(),
    yes("contact_is_secret", required=False),
)
PREMISES_COLUMNS = (
    short("street", required=False),
    short("number", required=False, most=20),
    short("postcode", required=False, most=12),
    short("town"),
    short("country", required=False, most=60),
    yes("is_secret", required=False),
)
OF_OTHER_ROWS = frozenset({Kind.ROW, Kind.CASE, Kind.AGENCY})
"""Kinds of columns that tie a fact to another thing: that tie is never corrected."""
ANSWERS = frozenset({"reason", "question", "prior_warning_checked", "prior_warning_answer", "known_here"})
"""Answers that somebody gave in one act: they are never corrected."""


def _decides(fact: str, column: Column) -> bool:
    """Whether this is a decision on which steps rest: another one takes its place, with its own day and second person."""
    return column.name == "code" and bool(DECIDED_BY.get(fact, frozenset()) & {"first", "apart"})


CORRECTABLE: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        fact: tuple(column for column in columns if column.kind not in OF_OTHER_ROWS and not _decides(fact, column))
        for fact, columns in FACT_PARTS.items()
        if fact not in ANSWERS and not any(column.kind in {Kind.ROW, Kind.CASE} for column in columns)
    },
)
"""The facts that can be corrected, each with the columns of it that can."""
STORED_AS: Mapping[str, str] = MappingProxyType({"given_by": "name", "court": "name", "authority": "name", "number": "text"})
"""Columns of facts that stand in a column of another name."""
CODES = tuple(
    sorted({word for columns in CORRECTABLE.values() for one in columns if one.name == "code" for word in one.choices})
)
GIVERS = tuple(
    sorted({word for columns in CORRECTABLE.values() for one in columns if one.name in STORED_AS for word in one.choices}),
)
_WHY = (code(*codes.CORRECTIONS, name="why"), text("explained", required=False))
_EMPTIED = Column("emptied", Kind.ITEMS, required=False)


def _anew(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    return tuple(replace(column, required=False) for column in columns)


CORRECTING: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "person_correction": (Column("person", Kind.PERSON), *_WHY, *_anew(PERSON_COLUMNS), _EMPTIED),
        "premises_correction": (Column("premises", Kind.ROW), *_WHY, *_anew(PREMISES_COLUMNS), _EMPTIED),
        "fact_correction": (
            Column("fact", Kind.ROW),
            *_WHY,
            code(*CODES, required=False),
            code(*GIVERS, required=False, name="said_by"),
            short(required=False),
            planned(required=False),
            until(required=False),
            yes(required=False),
            Column("about", Kind.PERSON, required=False),
            text(required=False, most=LONGEST),
            _EMPTIED,
        ),
    },
)
"""What is filled in takes the place of what stood there; what is ticked under `emptied` is emptied; the rest stays."""
EMPTIABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person_correction": ("family_name", "infix", "given_names", "birth_date", "estimated_age", "contact"),
        "premises_correction": ("street", "number", "postcode", "country"),
        "fact_correction": ("text", "name", "date", "until"),
    },
)
"""What can be emptied, where it turns out not to be known."""


def has_coded_name(fact: str) -> bool:
    """Whether the name of a fact, as by whom or on what it was given, is a code."""
    return any(STORED_AS.get(column.name) == "name" and column.choices for column in FACT_PARTS.get(fact, ()))
