"""Oversight keeps to its own organisation: nobody is named, and no number is known to exist, that is not theirs."""

from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, models

from audit import settle_sql
from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.acting import acting_as
from permissions.decision import Missing, Refused
from permissions.vocabulary import Action, Role
from tests.policy.test_pages import addresses
from tests.world import PERSON, World, signed_in

WHY = "Een bevinding van genoeg tekens om te bewaren."


def strangers(world: World) -> list[int]:
    """People of another organisation, a system actor, and numbers that nobody has."""
    return [world.wim.person_id, world.anke.person_id, 1, 99_999, 2**31 - 1]


@pytest.mark.parametrize("place", range(5))
def test_a_finding_and_a_sign_off_are_about_people_of_the_own_organisation_alone(world: World, place: int) -> None:
    person = strangers(world)[place]
    with pytest.raises(Malformed, match="no_such_member"):
        perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": person, "text": WHY}})
    given = {"since": "2026-01-01", "until": "2026-01-31", "person": person, "text": WHY}
    with pytest.raises(Malformed, match="no_such_member"):
        perform(world.arie, Action.SIGN_OFF_REVIEW, None, {"sign_off": given})
    assert (world.count("casework_finding"), world.count("casework_review")) == (0, 0)


def test_who_is_there_and_who_is_not_are_answered_alike_and_by_no_name(world: World) -> None:
    client = signed_in("arie")
    answers = []
    for person in strangers(world):
        answer = client.post("/findings/new", {"finding-person": str(person), "finding-text": WHY})
        page = answer.content.decode().replace(str(person), "")
        answers.append((answer.status_code, "Wim Werker" in page, "Anke Auditor" in page))
    assert set(answers) == {(answers[0][0], False, False)}
    assert answers[0][0] in {404, 422}
    done = perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": world.leo.person_id, "text": WHY}})
    assert done.id


@pytest.mark.parametrize("who", ["wim", "wanda", "leo"])
def test_every_refused_look_at_something_that_exists_reaches_those_who_watch_over_it(world: World, who: str) -> None:
    case, track = world.track("triage")
    handoff = world.package(case)
    client = signed_in(who)
    paths = {
        "see_case": f"/cases/{case}",
        "print_case": f"/cases/{case}/print_case",
        "add_note": f"/cases/{case}/add_note",
        "submit": f"/tracks/{track}/submit",
        "see_handoff": f"/handoffs/{handoff}",
    }
    for path in paths.values():
        assert client.get(path).status_code == 404
    tried = "SELECT word, record_agency_id FROM audit_entry WHERE outcome = 'refused' AND actor_id = %s AND case_id = %s"
    found = dict(world.rows(tried, world.people[who].person_id, case))
    assert found == dict.fromkeys(paths, world.agency("lies"))
    name = world.people[who].name
    assert name in signed_in("saskia").get(f"/cases/{case}/see_case_log").content.decode()
    mine = "SELECT count(*) FROM audit_entry WHERE outcome = 'refused' AND actor_id = %s"
    with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG), connection.cursor() as cursor:
        cursor.execute(mine, [world.people[who].person_id])
        assert cursor.fetchone() == (len(paths),), "row security shows them to the owner's auditor"


OWNED_BY = ("agency_id", "sender_id")
WITHOUT_OWNER = {
    "casework_case": "a shell: placed by the record with which it began",
    "casework_draft": "what one person typed and sent to nobody",
    "casework_operation": "an id that its person's own acts have",
}
KINDS = {
    *("track", "handoff", "emergency", "finding", "review", "export", "knowncheck", "approval", "wall", "note"),
    *("agencyrecord", "personincase", "premises", "nametoken", "steptaken", "packageitem", "deadline", "notice"),
    *("outbox", "absence", "reassignment", "sharingagreement", "partnershipdecision", "membership", "disclosure"),
}
"""Of what there is one of the police below; a table that is not among them is at least read where tries are placed."""


def with_ids() -> dict[str, str]:
    """The tables whose rows an address or an act can name, each with the column of its owner."""
    found = {}
    for model in apps.get_models():
        if isinstance(model._meta.pk, models.UUIDField) or model._meta.pk.name == "review":
            columns = {field.column for field in model._meta.concrete_fields}
            found[model._meta.db_table] = next((name for name in OWNED_BY if name in columns), "")
    return found


def test_whatever_has_an_id_and_an_owner_is_looked_for_where_a_refused_try_is_placed() -> None:
    (file,) = (file for file in settle_sql.read("casework") if "lock.place_try" in file.makes)
    tables = {f"public.{name}" for name, owner in with_ids().items() if owner and name != "casework_export"}
    assert tables <= file.tables
    assert {name for name, owner in with_ids().items() if not owner} == set(WITHOUT_OWNER)


def one_of_each(world: World) -> dict[str, UUID]:
    """One row of each kind that is the police's, by its table."""
    case, _ = world.track("triage")
    world.delivered(case)
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.leo.person_id, "text": WHY}})
    other, _ = world.track()
    waiting = world.package(other)
    reference = "SELECT reference FROM casework_participation WHERE content_object_id = %s AND group_id = %s"
    called = world.rows(reference, other, world.agency("lies"))[0][0]
    glass = {"reference": called, "code": "child_at_risk_now", "text": WHY}
    perform(world.leo, Action.ASK_EMERGENCY, None, {"emergency": glass})
    perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": world.leo.person_id, "text": WHY}})
    export = {"format": "csv", "since": "gisteren", "until": "vandaag", "text": WHY}
    perform(world.arie, Action.EXPORT_TRAIL, None, {"export": export})
    known = {name: PERSON[name] for name in ("family_name", "given_names", "birth_date")}
    perform(world.vera, Action.CHECK_KNOWN, None, {"known": {**known, "text": WHY, "why": "contact_needed"}})
    perform(world.lies, Action.ASK_APPROVAL, waiting, {"approval": {"action": "check_handoff", "text": WHY}})
    decision = {"members": [world.agency("wim")], "groups": ["identity"], "citation": "Convenant", "since": "gisteren"}
    perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"partnership": decision})
    perform(world.saskia, Action.ASSIGN, world.leo.membership_id, {"absence": {"since": "vandaag", "until": "vandaag"}})
    given = {"person": world.dirk.person_id, "code": "absence", "cases": [str(other)]}
    perform(world.saskia, Action.ASSIGN, world.lies.membership_id, {"reassignment": given})
    rows = {}
    for table, owner in with_ids().items():
        query = f"SELECT id FROM {table} WHERE {owner} = %s LIMIT 1" if owner else ""
        if query and (found := world.rows(query, world.agency("lies"))):
            rows[table] = found[0][0]
    return rows


def test_a_try_on_any_kind_of_thing_reaches_the_auditors_of_whose_it_is(world: World) -> None:
    things = one_of_each(world)
    assert {table.split("_")[1] for table in things} >= KINDS
    placed = (
        "SELECT count(*) FROM audit_entry WHERE outcome <> 'done' AND (actor_id, object_pk, record_agency_id) = (%s, %s, %s)"
    )
    for key, table in {key: table for table, key in things.items()}.items():
        with pytest.raises((Missing, Refused)):
            perform(world.wim, Action.ADD_NOTE, key, {"note": {"kind": "concern", "text": "Een zorg."}})
        assert world.rows(placed, world.wim.person_id, str(key), world.agency("lies")) == [(1,)], table
    mine = "SELECT count(DISTINCT object_pk) FROM audit_entry WHERE outcome <> 'done' AND actor_id = %s"
    with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG), connection.cursor() as cursor:
        cursor.execute(mine, [world.wim.person_id])
        assert cursor.fetchone() == (len(set(things.values())),), "row security shows them to the owner's auditor"


def test_every_address_of_a_thing_that_is_not_ones_own_puts_the_try_before_its_auditors(world: World) -> None:
    things = one_of_each(world)
    named = {
        "emergencies": things["casework_emergency"],
        "findings": things["casework_finding"],
        "differences": things["casework_finding"],
        "known-checks": things["casework_knowncheck"],
        "agreements": things["permissions_sharingagreement"],
        "samples": things["casework_review"],
        "exports": things["casework_export"],
        "team": things["permissions_membership"],
        "people": things["permissions_membership"],
    }
    nobody = UUID(int=1)
    client = signed_in("wim")
    tried = set()
    for address in addresses(nobody, nobody, nobody):
        kind = next((name for name in named if f"/{name}/{nobody}" in address), "")
        if kind:
            assert client.get(address.replace(str(nobody), str(named[kind]))).status_code in {403, 404}, address
            tried.add(kind)
        else:
            assert str(nobody) not in address or address.split("/")[1] in {"cases", "tracks", "handoffs"}, address
    assert tried == set(named)
    placed = (
        "SELECT DISTINCT object_pk FROM audit_entry WHERE outcome = 'refused' AND (actor_id, record_agency_id) = (%s, %s)"
    )
    found = {row[0] for row in world.rows(placed, world.wim.person_id, world.agency("lies"))}
    assert found == {str(key) for key in named.values()}
