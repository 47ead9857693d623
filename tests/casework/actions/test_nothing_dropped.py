"""Whatever is given with a record is stored, or refused in one sentence: every part, every column, every wrong shape."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.actions.perform import perform
from casework.input.parts import ONE, PARTS, RECORDED, columns_of, parts_for
from casework.input.read import Malformed, read_inputs
from casework.input.schema import Column, Kind
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.world import World
from workflows.table import Incomplete, NotNow

REFUSED = (Malformed, Refused, NotNow, Incomplete)
WRITTEN = parts_for(Action.WRITE_RECORD)
SHAPES: tuple[Any, ...] = ({"a": "b"}, [{"a": "b"}], [["x"]], [None], {"x"}, b"x", object(), {})
"""What is no value of any column: mappings, lists of what is no value, and what no file and no form can hold."""
TABLES = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'case_id'
  AND table_name LIKE 'casework%'
"""


def value_for(column: Column, place: int, world: World, case: UUID) -> Any:
    """A value of this column that stands nowhere else."""
    dated = {"birth_date": date(1981, 2, 3), "until": date(2031, 3, 4)}.get(column.name, datetime.now(UTC).date())
    worded = {"number": "17", "postcode": "1234AB"}.get(
        column.name, f"Woord {place} van {column.name} hier"[: column.longest]
    )
    elsewhere = "SELECT reference FROM casework_participation WHERE content_object_id <> %s ORDER BY reference"
    somebody = "SELECT id FROM casework_personincase WHERE case_id = %s ORDER BY id"
    found: dict[Kind, Any] = {
        Kind.CODE: (column.choices or ("",))[-1],
        Kind.DATE: dated,
        Kind.NUMBER: 3,
        Kind.TEXT: worded,
        Kind.SHORT: worded,
        Kind.NAMES: ["Agent Eerste", "Agent Tweede"],
        Kind.PERSON: world.rows(somebody, case)[0][0],
        Kind.CASE: world.rows(elsewhere, case)[0][0],
        Kind.AGENCY: world.agency("wim"),
        Kind.YES: "yes",
    }
    return found.get(column.kind, uuid4())


def rows_of(world: World, case: UUID) -> set[str]:
    """Every row of the case, in every table, written out."""
    tables = [row[0] for row in world.superuser.execute(TABLES).fetchall()]
    return {
        f"{name} {said}"
        for name in tables
        for (said,) in world.rows(f"SELECT to_jsonb(x)::text FROM {name} x WHERE x.case_id = %s", case)
    }


def written(world: World, column: Column, value: Any) -> list[str]:
    """How a value may stand in a row, written out."""
    if column.kind is Kind.DATE:
        return [value.isoformat()]
    if column.kind is Kind.YES:
        return ["true", '"yes"']
    if column.kind is Kind.NUMBER:
        return [f": {value}"]
    if column.kind is Kind.NAMES:
        return list(map(str, value))
    if column.kind is Kind.CASE:  # what people call by its reference is stored by its id
        return [
            str(row[0])
            for row in world.rows("SELECT content_object_id FROM casework_participation WHERE reference = %s", value)
        ]
    return [str(value)]


def on_ground(world: World, kind: str) -> tuple[str, UUID]:
    """A case to write on, and who does: with a visit that was planned, at Veilig Thuis, or where no track began."""
    world.opened("lies", person={"role": "subject", "family_name": "Ander"}, premises={"town": "Elders"})
    world.opened("wim", person={"role": "subject", "family_name": "Verder"}, premises={"town": "Verweg"})
    world.opened("joke", person={"role": "subject", "family_name": "Jongst"}, premises={"town": "Dichtbij"})
    if kind == "visit":
        return "lies", world.track("visit_scheduled")[0]
    who = {"report": "wim", "no_track": "joke"}[kind]
    return who, world.opened(who).made["case"]


@pytest.mark.parametrize("ground", ["visit", "report", "no_track"])
def test_every_column_of_every_part_of_a_record_is_stored_or_refused(world, ground):
    who, case = on_ground(world, ground)
    dropped = []
    for part in WRITTEN:
        values = {c.name: value_for(c, place, world, case) for place, c in enumerate(columns_of(part, Action.WRITE_RECORD))}
        before = rows_of(world, case)
        try:
            perform(world.people[who], Action.WRITE_RECORD, case, {part: values})
        except REFUSED:
            assert rows_of(world, case) == before, part
            continue
        fresh = " ".join(rows_of(world, case) - before)
        asked = columns_of(part, Action.WRITE_RECORD)
        dropped += [(part, c.name) for c in asked if not any(word in fresh for word in written(world, c, values[c.name]))]
    assert dropped == []


@pytest.mark.parametrize("action", [Action.WRITE_RECORD, Action.OPEN_CASE, Action.PREPARE_HANDOFF, Action.MANAGE_AGREEMENTS])
def test_no_column_takes_a_wrong_shape(world, action):
    for part in parts_for(action):
        for column in columns_of(part, action):
            for shape in SHAPES:
                with pytest.raises(Malformed) as told:
                    read_inputs(action, {part: {column.name: shape, **needed(part, action, column)}})
                assert told.value.part == part
                assert told.value.column == column.name, (part, column.name, shape)


def needed(part: str, action: Action, but: Column) -> dict[str, Any]:
    """What else a part asks, so that the complaint can only be about one column: nothing, as it is read in its order."""
    plain: dict[Kind, Any] = {
        Kind.DATE: "today", Kind.YES: "yes", Kind.NUMBER: 1, Kind.NAMES: ["A B"], Kind.PERSON: uuid4(), Kind.ROW: uuid4(),
        Kind.CASE: uuid4(), Kind.AGENCY: 1, Kind.AGENCIES: [1], Kind.ITEMS: ["identity"], Kind.MEMBER: 1,
    }  # fmt: skip
    found = {}
    for column in columns_of(part, action):
        if column.name == but.name or not column.required:
            continue
        text = "Woorden van genoeg lengte." if column.kind is Kind.TEXT else "Kort"
        found[column.name] = column.choices[0] if column.choices else plain.get(column.kind, text)
    return found


def test_a_town_that_is_a_mapping_is_refused_at_the_service(world):
    with pytest.raises(Malformed, match=r"premises\.town: not_a_short"):
        world.opened(premises={"town": {"a": "b"}})


@pytest.mark.parametrize(
    ("part", "first"), [(p, c.name) for p, cs in PARTS.items() for c in cs if c.name in {"date", "since"}
                        and "until" in {other.name for other in cs}],
)  # fmt: skip
def test_no_part_holds_until_before_it_begins(part, first):
    action = next(action for action in Action if part in parts_for(action))
    two = {first: date(2026, 3, 5), "until": date(2026, 3, 4)}
    columns = {column.name: column for column in columns_of(part, action)}
    given = needed(part, action, columns["until"]) | two
    with pytest.raises(Malformed, match=rf"{part}\.until: before_since"):
        read_inputs(action, {part: given})
    given["until"] = given[first]
    assert read_inputs(action, {part: given})[part][0]["until"] == date(2026, 3, 5)


def test_the_basis_of_a_record_is_stored_whole_or_refused(world):
    case, _ = world.track("draft")
    query = "SELECT basis, wpg_article FROM casework_agencyrecord WHERE case_id = %s"
    perform(world.lies, Action.WRITE_RECORD, case, {"basis": {"code": "WPG_9", "article": "9"}})
    assert world.rows(query, case) == [("WPG_9", "9")]
    assert world.rows("SELECT basis FROM casework_track WHERE case_id = %s", case) == [("WPG_9",)]
    for unfit in ({"code": "WPG_9", "article": "8"}, {"code": "WPG_8", "article": "9"}, {"code": "JW_7_3"}):
        with pytest.raises(Malformed, match="excluded"):
            perform(world.lies, Action.WRITE_RECORD, case, {"basis": unfit})
    perform(world.lies, Action.WRITE_RECORD, case, {"basis": {"code": "WPG_8"}})
    assert world.rows(query, case) == [("WPG_8", "8")]
    opened = world.opened(basis={"code": "WPG_9"}).made["case"]
    assert world.rows(query, opened) == [("WPG_9", "9")], "the article follows from the basis"
    here = world.opened("joke").made["case"]
    with pytest.raises(Malformed, match="excluded"):
        perform(world.joke, Action.WRITE_RECORD, here, {"basis": {"code": "JW_7_3", "article": "8"}})


ACTS_WITH_ONE = sorted((action, part) for action in Action for part in parts_for(action) if part in ONE)


@pytest.mark.parametrize(("action", "part"), ACTS_WITH_ONE)
def test_of_what_is_given_once_a_second_is_refused_and_never_dropped(action: Action, part: str) -> None:
    with pytest.raises(Malformed, match="one_alone"):
        read_inputs(action, {part: [{}, {}]})


SEVERAL = {
    *(
        "acknowledgement",
        "advice",
        "approval",
        "assignment",
        "confirmation",
        "correction",
        "lifting",
        "reason",
        "term",
        "wall",
    ),
}
"""Parts of acts of their own in which each of several is stored."""


def test_a_part_is_given_once_unless_each_of_several_is_stored() -> None:
    assert set(PARTS) - ONE - RECORDED == SEVERAL


def test_an_agreement_takes_one_thing_and_refuses_what_it_would_drop(world: World) -> None:
    since = {"groups": ["identity"], "since": "2026-01-01"}
    sharing = {"receiver": world.agency("wim"), **since}
    partnership = {"members": [world.agency("wim")], "citation": "Convenant", **since}
    before = world.count("permissions_sharingagreement")
    for given in (
        {"sharing": sharing, "partnership": partnership},
        {"sharing": sharing, "ending": {"until": "2031-01-01"}},
    ):
        with pytest.raises(Malformed, match="not_taken_here"):
            perform(world.saskia, Action.MANAGE_AGREEMENTS, None, given)
    key = perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"partnership": partnership}).id
    with pytest.raises(Malformed, match="not_taken_here"):
        perform(world.sjoerd, Action.MANAGE_AGREEMENTS, key, {"sharing": sharing})
    assert world.count("permissions_sharingagreement") == before
    assert world.rows("SELECT confirmed_at FROM permissions_partnershipdecision WHERE id = %s", key) == [(None,)]


def test_both_who_lift_a_wall_say_why_and_a_conflict_is_ones_own(world: World) -> None:
    case, _ = world.track()
    wall = {"wall": {"person": world.leo.person_id, "text": "Een familielid van hem woont daar."}}
    perform(world.saskia, Action.WALL_PERSON, case, wall)
    for who, why in (("saskia", "Hij is verhuisd, de eerste zegt het."), ("sjoerd", "Nagegaan: de tweede zegt het.")):
        perform(world.people[who], Action.LIFT_WALL, case, {"lifting": {"person": world.leo.person_id, "text": why}})
    assert world.rows("SELECT lift_reason, lifted_reason FROM casework_wall") == [
        ("Hij is verhuisd, de eerste zegt het.", "Nagegaan: de tweede zegt het.")
    ]
    with pytest.raises(Malformed, match="not_taken_here"):
        perform(world.lies, Action.DECLARE_CONFLICT, case, wall)
    assert world.count("casework_wall") == 1


def test_who_is_taken_off_a_case_is_not_kept_on_it_in_the_same_breath(world: World) -> None:
    case, _ = world.track()
    with pytest.raises(Malformed, match="not_taken_here"):
        both = {"person": world.lies.person_id, "remove": "yes", "keep": "yes"}
        perform(world.saskia, Action.ASSIGN, case, {"assignment": both})
