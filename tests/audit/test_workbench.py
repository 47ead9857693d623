"""The auditor's workbench: who saw what, what to look at first, samples, notes, and nobody reviews oneself."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from psycopg.errors import CheckViolation

from audit.sealer import tip
from casework.actions.perform import perform
from casework.input.read import Malformed
from casework.oversight.workbench import outliers, written_reviews
from permissions.acting import act
from permissions.decision import Missing, Refused
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.audit.bundle import sealed
from tests.audit.forging import SIGNER
from tests.world import AGENCIES, PASSWORD, signed_in

NOW = datetime.now(UTC)
WHY = "Bij de maandelijkse controle gezien."


def called(world, who="lies"):
    return world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency(who))[0][0]


def emergency(world):
    text = "Een kind loopt vanavond gevaar."
    return {"emergency": {"reference": called(world), "code": "child_at_risk_now", "text": text}}


def first_outliers(world):
    return act(world.arie, Action.SEE_ACCESS_LOG, lambda: outliers(NOW - timedelta(days=1), NOW + timedelta(days=1)))


def test_who_saw_a_case_is_answered_in_three_interactions(world):
    case, _ = world.track("triage")
    signed_in("lies").get(f"/cases/{case}")
    client = signed_in("arie")
    page = client.get("/access-review").content.decode()
    assert 'name="case"' in page
    assert 'value="last_month"' in page
    answer = client.get(f"/access-review?case={called(world)}&period=month").content.decode()
    assert "Lies Liaison" in answer
    assert "Proef" not in rows_of(client.get(f"/access-review?case={called(world)}&period=month")).replace("Proefstad", "")


def test_the_log_is_asked_by_person_and_by_organisation(world):
    case, _ = world.track("triage")
    world.delivered(case)
    client = signed_in("arie")
    by_person = client.get(f"/access-review?person={world.dirk.person_id}").content.decode().split("<tbody")[1]
    assert "Dirk Beslisser" in by_person
    assert "Lies Liaison" not in by_person
    mine = client.get(f"/access-review?organisation={world.agency('lies')}").content.decode().split("<tbody")[1]
    assert "Veilig Thuis Proefstad" not in mine
    for broken in ("person=x", "organisation=99999999999999", "period=ever"):
        assert client.get(f"/access-review?{broken}").status_code == 400


def test_whoever_loads_a_page_a_thousand_times_buries_no_look_behind_it(world):
    case, _ = world.track("triage")
    signed_in("lies").get(f"/cases/{case}")
    signed_in("dirk").get("/work")
    columns = "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = 'audit_entry'::regclass"
    names = world.superuser.execute(f"{columns} AND attnum > 0 AND NOT attisdropped AND attname <> 'id'").fetchone()[0]
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        f"INSERT INTO audit_entry (id, {names}) SELECT e.id + 1000000 + n, {names} FROM generate_series(1, 1200) n,"
        " (SELECT * FROM audit_entry WHERE actor_id = %s ORDER BY id DESC LIMIT 1) e",
        [world.dirk.person_id],
    )
    world.superuser.execute("SET session_replication_role = origin")
    page = signed_in("arie").get("/access-review").content.decode()
    assert "Dirk Beslisser" in rows_of_page(page)
    assert "Lies Liaison" in rows_of_page(page)
    assert "after=" not in page, "1,200 entries of one kind are one line"


def rows_of_page(page):
    return page.split("<tbody")[1]


def test_the_badge_says_how_far_the_trail_is_sealed(world):
    world.track()
    assert "Nog niet verzegeld" in signed_in("arie").get("/access-review").content.decode()
    sealed()
    page = signed_in("arie").get("/access-review").content.decode()
    assert re.search(r"Verzegeld: \d+", page)
    assert "nog niet extern bevestigd" in page


def test_whoever_may_verify_can_take_the_checkpoint_along(world):
    world.track()
    sealed()
    for who, may in {"arie": True, "otto": True, "lies": False, "bea": False}.items():
        answer = signed_in(who).get("/verify-trail")
        assert answer.status_code == (200 if may else 403)
        if may:
            page = answer.content.decode()
            assert SIGNER.line in page.replace("&#x2B;", "+")
            assert f"{SIGNER.name}\n{tip().size}\n" in page


def test_audit_who_answers_at_the_prompt(world):
    case, _ = world.track("triage")
    out = StringIO()
    call_command("audit_who", called(world), "--month", "this", stdout=out)
    said = out.getvalue()
    assert "Lies Liaison" in said
    assert "Politie Voorbeeld Oost" in said
    assert "Proef" not in said.replace("Proefstad", "")
    assert world.rows("SELECT count(*) FROM audit_entry WHERE word = 'see_access_log' AND case_id = %s", case)[0][0] == 1
    call_command("audit_who", called(world), "--month", stdout=StringIO())
    for wrong in (("2000-abcdef",), (called(world), "--month", "march")):
        with pytest.raises(CommandError):
            call_command("audit_who", *wrong, stdout=StringIO())


def test_who_looks_without_a_task_or_at_a_namesake_stands_first(world):
    case, _ = world.track("triage")
    asked = {
        "emergency": {"reference": called(world), "code": "child_at_risk_now", "text": "Een kind loopt vanavond gevaar."}
    }
    perform(world.leo, Action.ASK_EMERGENCY, None, asked)
    signed_in("leo").get(f"/cases/{case}")
    found = first_outliers(world)
    assert found[0][1] == "Leo Liaison"
    assert {rule.name for rule, _ in found[0][0].reasons} >= {"no_task"}
    assert found[0][2] == called(world)
    assert all("no_task" not in {rule.name for rule, _ in one.reasons} for one, name, _ in found if name == "Lies Liaison")
    namesake = {"person": {"role": "contact", "family_name": "Liaison", "given_names": "Pim"}}
    perform(world.lies, Action.WRITE_RECORD, case, namesake)
    signed_in("lies").get(f"/cases/{case}")
    named = {name: {rule.name for rule, _ in one.reasons} for one, name, _ in first_outliers(world)}
    assert "own_surname" in named["Lies Liaison"]
    page = signed_in("arie").get("/workbench").content.decode()
    assert "Zelfde achternaam" in page
    assert "Pim" not in page


def test_the_looks_to_see_first_go_on_to_their_end(world, monkeypatch):
    monkeypatch.setattr("web.views.reviews.PAGE_SIZE", 1)
    for case in [world.track()[0] for _ in range(3)]:
        perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": "contact", "family_name": "Liaison"}})
        signed_in("lies").get(f"/cases/{case}")
    every = len(first_outliers(world))
    assert every >= 3
    client, address, seen = signed_in("arie"), "/workbench", 0
    while address:
        page = unescape(client.get(address).content.decode())
        seen += 1
        further = re.search(r'href="(\?[^"]*place=\d+[^"]*)"', page)
        address = f"/workbench{further[1]}" if further else ""
    assert seen == every, "one on each page"


def test_a_wall_hides_a_case_in_the_workbench_too(world):
    case, _ = world.track("triage")
    asked = {
        "emergency": {"reference": called(world), "code": "child_at_risk_now", "text": "Een kind loopt vanavond gevaar."}
    }
    perform(world.leo, Action.ASK_EMERGENCY, None, asked)
    signed_in("leo").get(f"/cases/{case}")
    assert first_outliers(world)
    wall = {"wall": {"person": world.arie.person_id, "text": "Een familielid van hem woont daar."}}
    perform(world.saskia, Action.WALL_PERSON, case, wall)
    assert first_outliers(world) == []


def rows_of(answer):
    return answer.content.decode().split("<tbody")[1].split("</tbody")[0]


def test_a_sample_is_drawn_again_by_its_seed(world):
    world.track("triage")
    client = signed_in("arie")
    form = {"sample-since": "gisteren", "sample-until": "vandaag", "sample-size": "5"}
    for seed in ("2026-11", "2026-11", "anders"):
        assert client.post("/workbench/draw_sample", {**form, "sample-seed": seed}).status_code == 302
    newest = world.rows("SELECT max(entry_id) FROM casework_review")[0][0]
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_review SET entry_id = %s", [newest])
    world.superuser.execute("SET session_replication_role = origin")
    other, second, first = re.findall(r'href="(/workbench/samples/[^"]+)"', client.get("/workbench").content.decode())
    shown = [rows_of(client.get(address)) for address in (first, first, second, other)]
    assert shown[0] == shown[1] == shown[2] != shown[3]
    assert [one.count("<tr") for one in shown] == [5] * 4
    assert signed_in("anke").get(first).status_code == 404
    backwards = {"sample": {"since": "gisteren", "until": "eergisteren", "size": 5, "seed": "x"}}
    with pytest.raises(Malformed, match="before_since"):
        perform(world.arie, Action.DRAW_SAMPLE, None, backwards)


def test_what_was_done_after_a_sample_was_drawn_is_not_in_it(world):
    world.track()
    client = signed_in("arie")
    form = {"sample-since": "gisteren", "sample-until": "vandaag", "sample-size": "200", "sample-seed": "alles"}
    assert client.post("/workbench/draw_sample", form).status_code == 302
    (address,) = re.findall(r'href="(/workbench/samples/[^"]+)"', client.get("/workbench").content.decode())
    drawn = rows_of(client.get(address))
    assert drawn.count("<tr") > 5
    world.track()
    assert rows_of(client.get(address)) == drawn


def test_a_note_stands_on_an_entry_that_one_may_see_and_changes_it_not(world):
    world.track()
    entry = world.rows("SELECT id FROM audit_entry WHERE agency_id = %s LIMIT 1", world.agency("lies"))[0][0]
    before = world.rows("SELECT * FROM audit_entry WHERE id = %s", entry)
    assert (
        signed_in("arie")
        .post("/workbench/annotate_trail", {"annotation-entry": str(entry), "annotation-text": WHY})
        .status_code
        == 302
    )
    assert world.rows("SELECT * FROM audit_entry WHERE id = %s", entry) == before
    assert WHY in signed_in("arie").get("/workbench").content.decode()
    with pytest.raises(Missing):
        perform(world.anke, Action.ANNOTATE_TRAIL, None, {"annotation": {"entry": entry, "text": WHY}})
    assert WHY not in signed_in("anke").get("/workbench").content.decode()
    for who in ("lies", "saskia", "bea", "otto"):
        with pytest.raises(Refused):
            perform(world.people[who], Action.ANNOTATE_TRAIL, None, {"annotation": {"entry": entry, "text": WHY}})


def test_an_auditor_s_own_looks_are_reviewed_by_another(world):
    more = [NewPerson("ans", "Ans Auditor", AGENCIES[0].name, (Role.AUDITOR,), PASSWORD)]
    second = install(AGENCIES, more, NOW - timedelta(days=1))["ans"]
    since, until = "gisteren", "vandaag"
    mine = {"sign_off": {"since": since, "until": until, "person": world.arie.person_id, "text": WHY}}
    with pytest.raises(Refused, match="another"):
        perform(world.arie, Action.SIGN_OFF_REVIEW, None, mine)
    assert perform(second, Action.SIGN_OFF_REVIEW, None, mine).id
    everybody = {"sign_off": {"since": since, "until": until, "text": WHY}}
    assert perform(world.arie, Action.SIGN_OFF_REVIEW, None, everybody).id
    rows = act(world.arie, Action.SEE_ACCESS_LOG, written_reviews).rows
    assert {(row.made_by_id, row.about_id) for row in rows} == {
        (second.person_id, world.arie.person_id),
        (world.arie.person_id, None),
    }
    with pytest.raises(CheckViolation, match="signed_off_by_another"):
        world.superuser.execute("SET session_replication_role = replica")
        try:
            world.superuser.execute("UPDATE casework_review SET about_id = made_by_id")
        finally:
            world.superuser.execute("SET session_replication_role = origin")
    looked = world.rows("SELECT count(*) FROM audit_entry WHERE actor_id = %s AND word = 'reviews'", world.arie.person_id)
    assert looked[0][0] == 1, "the auditor's own looks are on the trail"


CONCERNED = {
    "concerned-family_name": "proef",
    "concerned-given_names": "Testpersoon",
    "concerned-birth_date": "1-5-1984",
}


def test_the_log_is_asked_by_the_person_concerned(world):
    cases = [world.opened().made["case"] for _ in range(2)]
    theirs = world.opened("wim").made["case"]
    client = signed_in("arie")
    page = client.post("/access-review", CONCERNED).content.decode()
    assert page.split("<tbody")[1].count("Lies Liaison") > 0
    assert "Wim Werker" not in page
    looks = "SELECT case_id FROM audit_entry WHERE actor_id = %s AND word = 'see_access_log' AND action = 3"
    assert {row[0] for row in world.rows(looks, world.arie.person_id)} == set(cases)
    assert theirs not in cases
    wall = {"wall": {"person": world.arie.person_id, "text": "Een familielid van hem woont daar."}}
    for case in cases:
        perform(world.saskia, Action.WALL_PERSON, case, wall)
    walled = client.post("/access-review", CONCERNED)
    nobody = client.post("/access-review", {**CONCERNED, "concerned-given_names": "Niemand"})
    for answer in (walled, nobody):
        assert "kent niemand met deze naam" in answer.content.decode()
        assert "<tbody" not in answer.content.decode()
    written = " ".join(str(row) for row in world.rows("SELECT to_jsonb(e) FROM audit_entry e"))
    assert "niemand" not in written.lower()
    assert "testpersoon" not in written.lower()


def test_what_is_missing_of_a_person_concerned_is_one_sentence_and_the_try_is_kept(world):
    world.track()
    client = signed_in("arie")
    answer = client.post("/access-review", {**CONCERNED, "concerned-birth_date": ""})
    assert answer.status_code == 422
    assert 'value="proef"' in answer.content.decode()
    tries = "SELECT outcome FROM audit_entry WHERE actor_id = %s AND action = 5"
    assert world.rows(tries, world.arie.person_id) == [("malformed",)]
    for who in ("lies", "bea", "otto"):
        assert signed_in(who).post("/access-review", CONCERNED).status_code == 403


def test_a_person_concerned_is_told_of_all_their_cases_at_once(world):
    since = NOW - timedelta(days=9)
    world.people |= install(
        AGENCIES, [NewPerson("petra", "Petra Privacy", AGENCIES[0].name, (Role.PRIVACY_OFFICER,), PASSWORD)], since
    )
    cases = [world.opened().made["case"] for _ in range(2)]
    world.delivered(cases[0])
    page = signed_in("petra").post("/person-report", CONCERNED).content.decode()
    told, seen = page.split("<tbody")[1:]
    assert "Veilig Thuis Proefstad" in told
    assert "Lies Liaison" not in seen
    assert "police_liaison" not in seen
    assert "Politie Voorbeeld Oost" in seen
    reports = "SELECT case_id FROM audit_entry WHERE actor_id = %s AND action = 3"
    assert {row[0] for row in world.rows(reports, world.petra.person_id)} == set(cases)


@pytest.fixture
def seen_before(world):
    """Lets everything that Lies did be so many days older."""

    def older(days):
        world.superuser.execute("SET session_replication_role = replica")
        world.superuser.execute(
            "UPDATE audit_entry SET occurred_at = occurred_at - %s * interval '1 day' WHERE actor_id = %s",
            [days, world.lies.person_id],
        )
        world.superuser.execute("SET session_replication_role = origin")

    return older


@pytest.mark.parametrize(
    ("days", "periods"),
    [(0, {"month", "year", "all"}), (200, {"year", "all"}), (400, {"all"})],
    ids=["now", "year", "before"],
)
def test_a_period_of_the_log_holds_what_was_done_in_it_and_nothing_before(world, seen_before, days, periods):
    world.track()
    seen_before(days)
    client = signed_in("arie")
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    pages = {one: client.get(f"/access-review?case={called}&period={one}") for one in ("month", "last_month", "year", "all")}
    shown = {one for one, page in pages.items() if "Lies Liaison" in page.content.decode().split("</form>")[-1]}
    assert shown == periods


def test_a_person_concerned_is_told_of_all_time(world, seen_before):
    world.opened()
    seen_before(500)
    page = signed_in("arie").post("/access-review", CONCERNED).content.decode()
    assert page.split("<tbody")[1].count("Lies Liaison") > 0
