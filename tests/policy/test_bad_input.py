"""Bad input changes nothing: every column of every table posted to every page, foreign ids, and ids written otherwise."""

import re
from uuid import uuid4

import pytest
from django.apps import apps

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.policy.test_pages import patterns
from tests.world import signed_in

KEPT = [model._meta.db_table for app in ("casework", "permissions") for model in apps.get_app_config(app).get_models()]


def everything(world):
    """A print of every row of the records and of who there is; operations are ids that were used."""
    tables = [table for table in KEPT if table != "casework_operation"]
    return {
        table: world.rows(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t")
        for table in tables
    }


def columns(world):
    """A value for every column of every table, as somebody would try it who has read the source."""
    values = {}
    for app in ("casework", "permissions"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                name = getattr(field, "attname", field.name)
                values[name] = str(world.lies.person_id if "user" in name or name.endswith("by_id") else uuid4())
    return values | {
        "state": "closed", "version": "99", "agency_id": str(world.agency("lies")), "is_superuser": "on",
        "roles": "supervisor", "approved_by_id": str(world.dirk.person_id), "keeps": "true", "round": "1",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["leo", "wanda", "lies", "arie"])
def test_every_column_posted_to_every_page_changes_nothing(world, who):
    case, track = world.track("follow_up")
    handoff = world.delivered(case)
    ids = {"case_id": case, "track_id": track, "handoff_id": handoff}
    client = signed_in(who)
    form = columns(world)
    before = everything(world)
    for route, entry in patterns():
        if not getattr(entry.callback, "actions", ()) or "assign" in route:
            continue
        address = "/" + re.sub(r"<uuid:(\w+)>", lambda one: str(ids.get(one[1], uuid4())), route)
        answer = client.post(address, form)
        assert answer.status_code in {200, 302, 403, 404, 405, 409, 422}, (address, answer.status_code)
        if who != "lies":
            assert answer.status_code != 302 or "account" in answer["Location"], address
    after = everything(world)
    changed = {table for table in before if before[table] != after[table]}
    assert not changed


@pytest.mark.parametrize("who", ["lies", "dirk", "saskia"])
def test_an_id_of_another_in_a_form_is_refused(world, who):
    case, _ = world.track("triage")
    elsewhere = perform(world.wim, Action.OPEN_CASE, given={"person": {"role": "minor", "given_names": "Kim"}})
    note = perform(world.wim, Action.ADD_NOTE, elsewhere.made["case"], {"note": {"kind": "concern", "text": "Geheim."}})
    client = signed_in(who)
    before = everything(world)
    tries: tuple[tuple[str, dict[str, str]], ...] = (
        (f"/cases/{case}/correct_note", {"correction-note": str(note.id), "correction-text": "Mijn versie."}),
        (f"/cases/{case}/assign", {"assignment-person": str(world.wim.person_id), "assignment-keep": "yes"}),
        (
            f"/cases/{case}/wall_person",
            {"wall-person": str(world.wim.person_id), "wall-text": "Een reden van genoeg tekens."},
        ),
        (
            f"/cases/{case}/write_record",
            {"new_signal-case": str(elsewhere.made["case"]), "new_signal-text": "Nieuw bericht."},
        ),
        (f"/tracks/{elsewhere.made['safety']}/start_assessment", {}),
        (f"/cases/{case}/prepare_handoff", {"package-items": f"note:{note.id}", "package-kind": "concern_report"}),
    )
    for address, form in tries:
        answer = client.post(address, form)
        assert answer.status_code in {403, 404, 422}, (address, answer.status_code)
        assert "Geheim" not in answer.content.decode()
    assert everything(world) == before


def strays(world, word):
    """Entries of tries that reached no page, and whether one of them names what was asked for."""
    rows = world.rows("SELECT object_pk, case_id, additional_data FROM audit_entry WHERE word = %s AND action = 5", word)
    assert all(row[:2] == ("", None) and row[2] == {"why": word} for row in rows)
    return len(rows)


def test_an_id_written_otherwise_finds_nothing_and_leaves_one_entry(world):
    case, _ = world.track()
    client = signed_in("lies")
    text = str(case)
    for other in (
        text.upper(),
        text.replace("-", ""),
        f"{{{text}}}",
        f"%20{text}",
        f"{text}%00",
        f"{text}/",
        f"urn:uuid:{text}",
    ):
        if other != text:
            before = world.count("audit_entry")
            assert client.get(f"/cases/{other}").status_code == 404, other
            assert world.count("audit_entry") == before + 1, other
    assert strays(world, "unknown_address") >= 5


def test_a_form_whose_token_expired_changes_nothing_and_leaves_one_entry(world):
    _, track = world.track()
    client = signed_in("lies")
    client.handler.enforce_csrf_checks = True
    before = everything(world), world.count("audit_entry")
    for token in ("", "x" * 64):
        answer = client.post(f"/tracks/{track}/submit", {"version": "0", "csrfmiddlewaretoken": token})
        assert answer.status_code == 403
        assert "verlopen" in answer.content.decode()
    assert everything(world) == before[0]
    assert world.count("audit_entry") == before[1] + 2
    assert strays(world, "form_expired") == 2
