"""What is to be kept secret goes nowhere, however it was written and whenever that was said."""

from typing import Any
from uuid import UUID

import pytest

from casework.selectors import see_handoff
from permissions.acting import act
from permissions.vocabulary import Action
from tests.world import PERSON, World
from tests.world import perform as do
from workflows.table import Incomplete

WHY = {"reason": {"code": "content_changed", "text": "Een verzonnen reden van genoeg tekens om te bewaren."}}
PLACE = {"street": "Proefstraat", "number": "1", "postcode": "1234 AB", "town": "Voorbeeldstad"}
SOMEBODY = {"role": "contact", "family_name": "Proefcontact"}
SECRET: dict[str, dict[str, Any]] = {
    "household": {"premises": {**PLACE, "is_secret": "yes"}},
    "contact": {"person": {**SOMEBODY, "contact": "06-12345678", "contact_is_secret": "yes"}},
}
"""What is written again as secret, by the field group in which it stands."""


def about(world: World) -> UUID:
    """A case with an address and a contact that are no secret yet."""
    found: UUID = world.opened(person={**PERSON, "contact": "0612345678"}, premises=PLACE).made["case"]
    return found


def stands(world: World, handoff: UUID, state: str) -> None:
    """Bring a prepared package into this state."""
    if state != "prepared":
        do(world.karin, Action.CHECK_HANDOFF, handoff)
    if state == "sent":
        do(world.karin, Action.SEND_HANDOFF, handoff)


def package_of(world: World, case: UUID, group: str) -> UUID:
    """A package that holds something of this group, of a kind that may."""
    if group == "contact":
        return world.package(case, kind="help", items=["identity", group])
    return world.package(case, items=["identity", group])


@pytest.mark.parametrize("state", ["prepared", "checked", "sent"])
@pytest.mark.parametrize("group", SECRET)
def test_what_is_secret_by_now_keeps_a_package_that_holds_it_at_its_sender(world: World, group: str, state: str) -> None:
    case = about(world)
    handoff = package_of(world, case, group)
    stands(world, handoff, state)
    do(world.lies, Action.WRITE_RECORD, case, SECRET[group])
    assert world.rows("SELECT is_outdated FROM casework_handoff") == [(True,)]
    if state == "sent":
        world.work()
        assert world.rows("SELECT state, delivered FROM casework_handoff") == [("withdrawn", [])]
        reasons = world.rows("SELECT code FROM casework_storedfact WHERE handoff_id = %s AND fact = 'reason'", handoff)
        assert reasons == [("limit:kept_secret",)]
        return
    with pytest.raises(Incomplete):
        do(world.karin, Action.CHECK_HANDOFF if state == "prepared" else Action.SEND_HANDOFF, handoff)
    page = act(world.karin, Action.SEE_HANDOFF, lambda: see_handoff(handoff), about=handoff)
    assert page.missing == ("kept_secret",), "whoever checks cannot read the record, and is told all the same"
    if state == "checked":
        do(world.karin, Action.REWORK_HANDOFF, handoff, WHY)
        assert world.rows('SELECT "group" FROM casework_packageitem WHERE package = 2') == [("identity",)]


@pytest.mark.parametrize("state", ["prepared", "checked", "sent"])
def test_secrecy_is_judged_when_it_is_asked_and_not_by_a_mark_alone(world: World, state: str) -> None:
    case = about(world)
    handoff = world.package(case)
    stands(world, handoff, state)
    do(world.lies, Action.WRITE_RECORD, case, SECRET["household"])
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_handoff SET is_outdated = false")
    world.superuser.execute("SET session_replication_role = origin")
    if state == "sent":
        world.work()
    else:
        with pytest.raises(Incomplete):
            do(world.karin, Action.CHECK_HANDOFF if state == "prepared" else Action.SEND_HANDOFF, handoff)
    assert world.rows("SELECT delivered FROM casework_handoff") == [([],)]


@pytest.mark.parametrize(
    ("part", "said"),
    [("premises", {**PLACE, "street": "Anderestraat"}), ("person", {**SOMEBODY, "contact": "06-87654321"})],
)
def test_another_address_or_contact_that_is_secret_keeps_no_package(world: World, part: str, said: dict[str, Any]) -> None:
    case = about(world)
    handoff = world.package(case)
    secret = "is_secret" if part == "premises" else "contact_is_secret"
    other = {"postcode": "9999 ZZ"} if part == "premises" else {}
    do(world.lies, Action.WRITE_RECORD, case, {part: {**said, **other, secret: "yes"}})
    assert world.rows("SELECT is_outdated FROM casework_handoff") == [(False,)]
    do(world.karin, Action.CHECK_HANDOFF, handoff)
    do(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    assert world.rows("SELECT state FROM casework_handoff") == [("delivered",)]


def test_who_received_an_address_that_is_secret_since_is_told_without_what_it_is(world: World) -> None:
    case = about(world)
    world.delivered(case)
    do(world.lies, Action.WRITE_RECORD, case, SECRET["household"])
    world.work()
    news = world.rows('SELECT "group", value, withheld, delivered_at IS NOT NULL FROM casework_correctionnews')
    assert news == [("household", "", "kept_secret", True)]


@pytest.mark.parametrize(
    "written",
    [
        {"street": "Proefstraat 1"},
        {"street": "Proefstr.", "number": "1"},
        {"street": "PROEFSTRAAT", "number": "nr 01", "country": "Nederland"},
        {"street": "Proefstraat", "number": "1", "postcode": "1234ab"},
        {"number": "1", "postcode": "1234 AB"},
    ],
)
def test_an_address_is_secret_however_it_was_written(world: World, written: dict[str, str]) -> None:
    case = world.opened(premises={"town": "Voorbeeldstad", **written}).made["case"]
    do(world.lies, Action.WRITE_RECORD, case, SECRET["household"])
    world.package(case)
    assert world.rows('SELECT "group" FROM casework_packageitem') == [("identity",)]


def test_an_address_is_secret_by_a_row_between_that_says_it_is_the_same(world: World) -> None:
    case = world.opened(premises={"number": "1", "postcode": "1234 AB", "town": "Voorbeeldstad"}).made["case"]
    do(world.lies, Action.WRITE_RECORD, case, {"premises": PLACE})
    do(world.lies, Action.WRITE_RECORD, case, {"premises": {**PLACE, "postcode": "", "is_secret": "yes"}})
    world.package(case)
    assert world.rows('SELECT "group" FROM casework_packageitem') == [("identity",)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("06-12345678", "0612345678", True),
        ("06 12 34 56 78", "+31612345678", True),
        ("+31 (0)6 - 12 34 56 78", "0031 6 12345678", True),
        ("(010) 123 45 67", "+31 10 1234567", True),
        ("+49 30 1234567", "0049-30-1234567", True),
        ("Bel 06-12345678 na zessen", "0612345678", True),
        ("06-12345678 / 06-87654321", "0687654321", True),
        ("Sem@Voorbeeld.NL", "sem@voorbeeld.nl", True),
        ("mail sem@voorbeeld.nl, of bel", "SEM@voorbeeld.nl.", True),
        ("Via de  wijkagent", "via de wijkagent", True),
        ("06-12345678", "06-12345679", False),
        ("+31 6 12345678", "+32 6 12345678", False),
        ("sem@voorbeeld.nl", "kim@voorbeeld.nl", False),
    ],
)
def test_a_contact_is_the_same_however_it_was_written(world: World, one: str, other: str, *, same: bool) -> None:
    case = world.opened(person={**PERSON, "contact": one}).made["case"]
    do(world.lies, Action.WRITE_RECORD, case, {"person": {**SOMEBODY, "contact": other, "contact_is_secret": "yes"}})
    world.package(case, kind="help", receiver="joke", items=["contact"] if not same else ["identity", "contact"])
    groups = world.rows('SELECT DISTINCT "group" FROM casework_packageitem')
    assert groups == ([("identity",)] if same else [("contact",)])
    handoff = world.rows("SELECT id FROM casework_handoff")[0][0]
    stays = act(world.karin, Action.SEE_HANDOFF, lambda: see_handoff(handoff), about=handoff).stays
    kept = [row.why for row in stays if row.kind == "contact"]
    assert kept == ["kept_secret"] * (2 if same else 1)


@pytest.mark.parametrize(("is_secret", "goes_as"), [("no", "99"), ("yes", None)])
def test_the_sender_reads_how_a_corrected_address_will_go_unless_it_stays(
    world: World, is_secret: str, goes_as: str | None
) -> None:
    case = about(world)
    handoff = world.package(case)
    place = world.rows("SELECT id FROM casework_premises")[0][0]
    said = {"premises": place, "why": "mistyped", "number": "99", "is_secret": is_secret}
    do(world.lies, Action.WRITE_RECORD, case, {"premises_correction": said})
    page = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff), about=handoff)
    [line] = [line for line in page.lines if line.group == "household"]
    assert dict(line.values)["number"] == "1", "what was frozen stays readable"
    assert dict(line.to_go).get("number") == goes_as
