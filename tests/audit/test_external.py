"""An external auditor sees the log of the cases on which they are named, and of no other."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.oversight.access_log import case_log
from casework.oversight.workbench import outliers, written_reviews
from permissions.acting import act
from permissions.decision import Refused
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.world import AGENCIES, PASSWORD, signed_in

NOW = datetime.now(UTC)
WHY = "Bij de jaarlijkse controle gezien."


@pytest.fixture
def audited(world):
    """A world with an external auditor, Eva, who is named on the first of two cases, and the references of both."""
    since = NOW - timedelta(days=9)
    world.people |= install(
        AGENCIES, [NewPerson("eva", "Eva Extern", AGENCIES[0].name, (Role.EXTERNAL_AUDITOR,), PASSWORD)], since
    )
    cases = [world.track("triage")[0] for _ in range(2)]
    for case in cases:
        signed_in("lies").get(f"/cases/{case}")
    named(world, cases[0])
    query = "SELECT reference FROM casework_participation WHERE content_object_id = %s AND group_id = %s"
    return world, cases, [world.rows(query, case, world.agency("lies"))[0][0] for case in cases]


def named(world, case):
    given = {"assignment": {"person": str(world.eva.person_id), "keep": "yes"}}
    perform(world.saskia, Action.ASSIGN, case, given)


def case_of(world, entry):
    return world.rows("SELECT case_id FROM audit_entry WHERE id = %s", entry)[0][0]


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_log_shows_named_cases_alone(audited):
    world, cases, (mine, other) = audited
    client = signed_in("eva")
    assert "Lies Liaison" in shown(client, f"/access-review?case={mine}&period=all").split("<tbody")[1]
    assert "<tbody" not in shown(client, f"/access-review?case={other}&period=all")
    assert "Lies Liaison" not in shown(client, f"/access-review?case={other}&period=all").split("</form>")[-1]
    by_person = act(world.eva, Action.SEE_ACCESS_LOG, lambda: case_log(person=world.lies.person_id)).lines
    everything = act(world.eva, Action.SEE_ACCESS_LOG, lambda: case_log()).lines
    assert {"Lies Liaison", "Dirk Beslisser", "Eva Extern"} <= {line.person for line in everything}
    with_case = {case for line in everything if (case := case_of(world, line.entry_id))}
    assert with_case == {cases[0]}
    theirs = act(world.arie, Action.SEE_ACCESS_LOG, lambda: case_log(person=world.lies.person_id)).lines
    assert 0 < sum(line.times for line in by_person) < sum(line.times for line in theirs)


def test_outliers_exports_and_samples_hold_named_cases_alone(audited):
    world, cases, _ = audited
    for case in cases:
        signed_in("dirk").get(f"/cases/{case}")
    day = timedelta(days=1)
    found = act(world.eva, Action.SEE_ACCESS_LOG, lambda: outliers(NOW - day, NOW + day))
    assert {one.looks.case for one, _, _ in found} <= {str(cases[0])}
    client = signed_in("eva")
    asked = {"export-format": "ndjson", "export-text": WHY, "export-since": "gisteren", "export-until": "vandaag"}
    answer = client.post("/workbench/export_trail", asked)
    assert answer.status_code == 302, answer.content.decode()
    sample = {"sample-since": "gisteren", "sample-until": "vandaag", "sample-size": "200", "sample-seed": "x"}
    assert client.post("/workbench/draw_sample", sample).status_code == 302
    page = shown(client, "/workbench")
    (export,) = re.findall(r'href="(/workbench/exports/[^"]+)"', page)
    world.work()
    body = b"".join(client.get(f"{export}/file").streaming_content).decode()  # type: ignore[attr-defined]
    assert str(cases[0]) in body
    assert str(cases[1]) not in body
    (drawn,) = re.findall(r'href="(/workbench/samples/[^"]+)"', page)
    assert "Lies Liaison" in shown(client, drawn)
    assert client.get("/verify-trail").status_code == 200


def test_notes_are_written_on_what_is_seen_and_those_of_others_are_not_read(audited):
    world, cases, _ = audited
    entry = "SELECT max(id) FROM audit_entry WHERE case_id = %s AND actor_id = %s"
    mine, other = (world.rows(entry, case, world.lies.person_id)[0][0] for case in cases)
    perform(world.arie, Action.ANNOTATE_TRAIL, None, {"annotation": {"entry": other, "text": WHY}})
    perform(world.eva, Action.ANNOTATE_TRAIL, None, {"annotation": {"entry": mine, "text": WHY}})
    with pytest.raises(Refused):
        perform(world.eva, Action.ANNOTATE_TRAIL, None, {"annotation": {"entry": other, "text": WHY}})
    assert {row.made_by_id for row in act(world.eva, Action.SEE_ACCESS_LOG, written_reviews).rows} == {world.eva.person_id}
    assert len(act(world.arie, Action.SEE_ACCESS_LOG, written_reviews).rows) == 2


def test_who_is_not_named_any_more_sees_nothing_at_the_next_request(audited):
    world, cases, (mine, _) = audited
    client = signed_in("eva")
    assert "Lies Liaison" in shown(client, f"/access-review?case={mine}&period=all").split("</form>")[-1]
    assert client.get(f"/explain-access?case={mine}").status_code == 200
    given = {"assignment": {"person": str(world.eva.person_id), "remove": "yes"}}
    perform(world.saskia, Action.ASSIGN, cases[0], given)
    assert "Lies Liaison" not in shown(client, f"/access-review?case={mine}&period=all").split("</form>")[-1]
    with pytest.raises(Refused):
        perform(world.eva, Action.SEE_ACCESS_LOG, cases[0])
    assert "Nog niet verzegeld" in shown(client, "/verify-trail"), "the page is theirs, and shows nothing"


def test_a_case_itself_stays_closed(audited):
    _, cases, (mine, _) = audited
    client = signed_in("eva")
    assert client.get(f"/cases/{cases[0]}").status_code in {403, 404}
    assert "Proef" not in re.sub("Proefstad", "", shown(client, f"/access-review?case={mine}&period=all"))
