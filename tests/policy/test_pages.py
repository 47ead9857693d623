"""Every address declares its action, and answers strangers and visitors the same way."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.world import AUTHORITY, FormClient, signed_in

PUBLIC = [line.split(":")[0] for line in (Path(__file__).parent / "public_pages.txt").read_text().splitlines()]


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += patterns(entry, prefix + str(entry.pattern))
        else:
            found.append((prefix + str(entry.pattern), entry))
    return found


def is_public(name: str) -> bool:
    return any(re.fullmatch(word.replace("*", ".*"), name) for word in PUBLIC)


def test_every_page_declares_its_action_or_stands_among_the_public_ones():
    for route, entry in patterns():
        declared = getattr(entry.callback, "actions", ())
        assert declared or is_public(entry.name or ""), f"{route} declares no action"
        assert not (declared and is_public(entry.name or "")), f"{route} is listed as public and is not"


def addresses(case, track, handoff, other=None):
    """Every page, with these ids in its address; `other` stands for all other kinds of things."""
    ids = {"case_id": case, "track_id": track, "handoff_id": handoff}
    for route, entry in patterns():
        if getattr(entry.callback, "actions", ()):
            yield "/" + re.sub(r"<uuid:(\w+)>", lambda found: str(ids.get(found[1], other or case)), route)


def test_a_visitor_is_sent_to_sign_in_from_every_page(world):
    case, track = world.track()
    handoff = world.package(case)
    for address in addresses(case, track, handoff):
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/sign-in"), address


def shapes(captured):
    """The statements without their values: the path that was taken."""
    return [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in captured]


@pytest.mark.parametrize("who", ["leo", "wanda", "joke", "arie", "bea", "otto"])
def test_a_stranger_meets_the_same_page_for_hidden_and_for_absent(world, who):
    case, track = world.track()
    handoff = world.package(case)
    client = signed_in(who)
    ContentType.objects.get_for_models(*apps.get_models())  # a process learns the names of its tables once
    for hidden, absent in zip(addresses(case, track, handoff), addresses(uuid4(), uuid4(), uuid4()), strict=True):
        if hidden == absent:
            continue
        with CaptureQueriesContext(connection) as ran_there:
            there = client.get(hidden)
        with CaptureQueriesContext(connection) as ran_nowhere:
            nowhere = client.get(absent)
        assert shapes(ran_there) == shapes(ran_nowhere), hidden
        assert there.status_code == nowhere.status_code == 404, hidden
        mask = re.compile(
            r'name="csrfmiddlewaretoken" value="\w+"|\?next=[^"]*|data-left="\d+"'
        )  # a token, the address, the clock
        assert mask.sub("", there.content.decode()) == mask.sub("", nowhere.content.decode()), hidden
        assert dict(there.headers) == dict(nowhere.headers), hidden


def test_a_refused_try_in_a_browser_is_on_the_trail_and_changes_nothing(world):
    _, track = world.track()
    before = world.rows("SELECT state, version FROM casework_track")
    answer = signed_in("leo").post(f"/tracks/{track}/submit", {"version": "0"})
    assert answer.status_code == 404
    assert world.rows("SELECT state, version FROM casework_track") == before
    assert world.rows("SELECT word FROM audit_entry WHERE outcome = 'refused' AND object_pk = %s", str(track)) == [
        ("submit",)
    ]


def test_a_page_with_personal_data_leaves_its_entry_first(world):
    case, _ = world.track()
    client = signed_in("lies")
    before = world.count("audit_entry")
    assert "Proef" in client.get(f"/cases/{case}").content.decode()
    words = world.rows("SELECT word, verb FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert world.count("audit_entry") == before + 1
    assert words == [("read_record", "consult")]


def test_when_no_entry_can_be_written_nothing_is_shown_and_nothing_is_saved(world):
    case, track = world.track()
    client = signed_in("lies")
    world.superuser.execute(
        "CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no room'; END $$;"
        "CREATE TRIGGER no_room BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION public.no_room()",
    )
    try:
        shown = client.get(f"/cases/{case}")
        saved = client.post(f"/tracks/{track}/submit", {"version": "0"})
    finally:
        world.superuser.execute("DROP TRIGGER no_room ON audit_entry; DROP FUNCTION public.no_room()")
    assert shown.status_code == saved.status_code == 500
    assert "Proef" not in shown.content.decode()
    assert world.rows("SELECT state FROM casework_track") == [("draft",)]


def test_uploads_are_refused_before_anything_reads_them(world):
    client = signed_in("lies")
    answer = client.post("/referrals/new", "--b--", content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 415


def test_what_was_typed_is_kept_and_the_span_is_named(world):
    case, _ = world.track()
    client = signed_in("lies")
    typed = "Het kind is veilig, zie https://voorbeeld.test/x voor meer"
    answer = client.post(f"/cases/{case}/add_note", {"note-kind": "concern", "note-text": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert typed in page
    assert "https://voorbeeld.test/x" in page.split('id="complaints"')[1].split("</ul>")[0]
    assert world.count("casework_note") == 0
    assert world.rows("SELECT word FROM audit_entry WHERE outcome = 'malformed'") == [("add_note",)]


def test_every_answer_is_kept_out_of_caches_and_frames(world):
    client = signed_in("lies")
    for address in ("/work", "/referrals/new", "/cases/" + str(uuid4()), "/account/sign-in"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"
        assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_an_ended_membership_ends_the_session_at_the_next_request(world):
    client = signed_in("lies")
    assert client.get("/work").status_code == 200
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE permissions_membership SET ends_at = now() WHERE user_id = %s",
        [world.lies.person_id],
    )
    world.superuser.execute("SET session_replication_role = origin")
    told = client.get("/work")
    assert told.status_code == 403
    assert "U werkt voor geen enkele organisatie" in told.content.decode()


def test_switching_membership_is_an_act_on_the_trail(world):
    client = signed_in("lies")
    answer = client.post("/memberships", {"membership": str(world.lies.membership_id)})
    assert answer.status_code == 302
    assert world.rows("SELECT count(*) FROM audit_entry WHERE word = 'switch_membership'") == [(1,)]
    assert client.post("/memberships", {"membership": str(world.dirk.membership_id)}).status_code == 404


def test_good_and_bad_sign_ins_are_on_the_trail_without_what_was_typed(world):
    signed_in("lies")
    FormClient().post("/account/sign-in", {"login": "lies", "password": "verkeerd-geheim"})
    words = world.rows("SELECT word FROM audit_entry WHERE word LIKE 'sign%%' ORDER BY id")
    assert words == [("signed_in",), ("sign_in_failed",)]
    dump = str(world.rows("SELECT to_jsonb(e) FROM audit_entry e"))
    assert "verkeerd-geheim" not in dump


def test_a_wall_hides_a_case_and_its_log_from_who_leads_it(world):
    case, _ = world.track()
    client = signed_in("saskia")
    assert client.get(f"/cases/{case}/see_case_log").status_code == 200
    perform(world.saskia, Action.DECLARE_CONFLICT, case, {"wall": {"text": "Een familielid van mij woont daar."}})
    for address in (f"/cases/{case}", f"/cases/{case}/see_case_log", f"/cases/{case}/assign"):
        assert client.get(address).status_code == 404
    assert str(case) not in client.get("/work").content.decode()


def test_guessing_a_password_is_slowed_and_says_nothing(world):
    client = FormClient(raise_request_exception=False)
    answers = [client.post("/account/sign-in", {"login": "lies", "password": f"raden-{n}"}) for n in range(6)]
    assert [answer.status_code for answer in answers][-1] == 429
    other = FormClient().post("/account/sign-in", {"login": "niemand", "password": "raden"})
    mask = re.compile(r'value="[^"]*"')
    assert mask.sub("", answers[0].content.decode()) == mask.sub("", other.content.decode()), "known and unknown look alike"


def test_a_repeated_form_has_one_effect(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = {"note-kind": "concern", "note-text": "Een zorg.", "operation": str(uuid4())}
    assert [client.post(f"/cases/{case}/add_note", form).status_code for _ in range(2)] == [302, 302]
    assert world.count("casework_note") == 1
    assert perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Nog een zorg."}}).id


def test_an_approval_is_asked_and_given_on_the_pages(world):
    case, track = world.track("visit_planned")
    asked = {"approval-action": "close_unwarned", "approval-text": "Niemand woont er nog, sluiten."}
    assert signed_in("dirk").post(f"/tracks/{track}/ask_approval", asked).status_code == 302
    client = signed_in("saskia")
    assert f"/tracks/{track}/approve" in client.get(f"/cases/{case}").content.decode()
    assert "Niemand woont er nog" in client.get(f"/tracks/{track}/approve").content.decode()
    assert client.post(f"/tracks/{track}/approve", {}).status_code == 302
    reason = {"reason-code": "wrong_address", "reason-text": "Er woont niemand op dit adres."}
    assert signed_in("dirk").post(f"/tracks/{track}/close_unwarned", reason).status_code == 302
    assert world.rows("SELECT state FROM casework_track WHERE kind = 'warning'") == [("closed",)]


MAIN_STEP = {
    "draft": ("lies", "submit"),
    "triage": ("dirk", "plan_visit"),
    "visit_planned": ("lies", "schedule_visit"),
    "visit_done": ("lies", "warn"),
    "follow_up": ("dirk", "close_warning"),
}
"""Who is offered which step first; the others are those that the law knows."""


def test_every_step_that_a_case_page_offers_has_a_page_that_draws(world):
    for state, (main, step) in MAIN_STEP.items():
        case, track = world.track(state)
        for who in ("lies", "dirk", "saskia"):
            client = signed_in(who)
            page = client.get(f"/cases/{case}").content.decode()
            offered = re.findall(r'href="(/(?:tracks|cases|handoffs)/[^"]+)"', page)
            assert who != main or f"/tracks/{track}/{step}" in offered, (state, offered)
            for address in offered:
                assert client.get(address).status_code == 200, address


def test_a_returned_report_is_supplemented_on_the_pages(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    question = {"code": "content", "text": "Wie wonen er nog meer op dit adres?"}
    perform(world.wim, Action.RETURN_HANDOFF, handoff, {"question": question})
    client = signed_in("lies")
    reason = {"reason-code": "question_answered", "reason-text": "De bewoners zijn nagevraagd."}
    perform(world.lies, Action.WRITE_RECORD, case, {"note": {"kind": "observed_fact", "text": "Er wonen twee kinderen."}})
    assert client.post(f"/handoffs/{handoff}/rework_handoff", reason).status_code == 302
    assert f"/handoffs/{handoff}/prepare_handoff" in client.get(f"/handoffs/{handoff}").content.decode()
    page = client.get(f"/handoffs/{handoff}/prepare_handoff").content.decode()
    assert "Wie wonen er nog meer" in page
    assert page.count("checked") == 2 + 3, "two items, and the three yes-or-no answers, stand as they were"
    items = re.findall(r'name="package-items" value="([^"]+)"', page)
    assert len(items) == 3
    form: dict[str, object] = {
        "package-kind": "concern_report",
        "package-receiver": str(world.agency("wim")),
        "package-basis": "WPG_18_1",
    }
    form |= {"package-why_items": "Nodig.", "package-why_receiver": "Zij oordelen.", "package-why_now": "Het is nu."}
    form |= {"package-source_protected": "yes", "package-items": items}
    form |= {"package-letter": "l", "package-task": "Beoordelen of een kind veilig is."}
    stale = client.post(f"/handoffs/{handoff}/prepare_handoff", {**form, "version": "1"})
    assert stale.status_code == 422
    answer = client.post(f"/handoffs/{handoff}/prepare_handoff", form)
    assert (answer.status_code, answer["Location"]) == (302, f"/handoffs/{handoff}")
    assert "twee kinderen" in client.get(f"/handoffs/{handoff}").content.decode()
    assert world.rows("SELECT package, state FROM casework_handoff") == [(3, "prepared")]
    assert client.get(f"/handoffs/{handoff}/prepare_handoff").status_code == 200
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    assert client.get(f"/handoffs/{handoff}/prepare_handoff").status_code == 409


def test_an_approval_of_a_package_is_asked_and_given_on_the_pages(world):
    case, _ = world.track()
    handoff = world.package(case, basis="WPG_19", **AUTHORITY)
    lies, dirk = signed_in("lies"), signed_in("dirk")
    asked = {"approval-action": "check_handoff", "approval-text": "Verstrekking bij uitzondering."}
    assert "approve" not in re.findall(r"/handoffs/[^/]+/(\w+)", dirk.get(f"/handoffs/{handoff}").content.decode())
    answer = lies.post(f"/handoffs/{handoff}/ask_approval", asked)
    assert (answer.status_code, answer["Location"]) == (302, f"/handoffs/{handoff}")
    assert f"/handoffs/{handoff}/approve" in dirk.get(f"/handoffs/{handoff}").content.decode()
    page = dirk.get(f"/handoffs/{handoff}/approve").content.decode()
    assert "Verstrekking bij uitzondering" in page, "the approver sees what was asked"
    assert "Proefstraat" in page, "and the package that it is about"
    assert dirk.post(f"/handoffs/{handoff}/approve", {}).status_code == 302
    assert signed_in("karin").post(f"/handoffs/{handoff}/check_handoff", {}).status_code == 302


def test_a_note_is_corrected_on_the_pages_and_the_first_stays_readable(world):
    case, _ = world.track()
    note = perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Er wonen drie kinderen."}})
    client = signed_in("lies")
    address = f"/cases/{case}/correct_note?correction-note={note.id}"
    assert address.split("?", maxsplit=1)[0] in client.get(f"/cases/{case}").content.decode()
    assert f'value="{note.id}" selected' in client.get(address).content.decode()
    form = {"correction-note": str(note.id), "correction-text": "Er wonen twee kinderen."}
    assert client.post(address, form).status_code == 302
    page = client.get(f"/cases/{case}").content.decode()
    assert "drie kinderen" in page
    assert "twee kinderen" in page
    assert str(note.id) not in client.get(f"/cases/{case}/correct_note").content.decode(), "once is enough"


def test_a_printed_record_says_who_printed_it_and_is_on_the_trail(world):
    case, _ = world.track()
    page = signed_in("lies").get(f"/cases/{case}/print_case").content.decode()
    assert "Lies Liaison" in page
    assert "Proefstraat" in page
    assert world.rows("SELECT count(*) FROM audit_entry WHERE word = 'print_case'") == [(1,)]
    assert signed_in("saskia").get(f"/cases/{case}/print_case").status_code == 403


def test_a_late_term_is_answered_on_the_pages(world):
    case, _ = world.track("submitted")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE casework_deadline SET due_at = now() - interval '3 days', overdue_at = now() - interval '2 days',"
        " escalated_at = now() - interval '1 day' WHERE clock = 'TAKE_UP'",
    )
    world.superuser.execute("SET session_replication_role = origin")
    client = signed_in("saskia")
    page = client.get(f"/cases/{case}").content.decode()
    address = re.findall(r'href="([^"]+acknowledge_escalation[^"]+)"', page)[0]
    assert 'value="TAKE_UP" selected' in client.get(address).content.decode()
    form = {"acknowledgement-clock": "TAKE_UP", "acknowledgement-text": "Vandaag neemt een beslisser dit op."}
    assert client.post(address, form).status_code == 302
    assert "acknowledge_escalation" not in client.get(f"/cases/{case}").content.decode()


def test_advice_is_recorded_without_a_case(world):
    client = signed_in("wim")
    assert "/advice/new" in client.get("/work").content.decode()
    form = {"advice-date": "vandaag", "advice-asker": "professional", "advice-subject": "child_abuse"}
    assert client.post("/advice/new", form).status_code == 422
    assert client.post("/advice/new", {**form, "advice-advice": "what_to_do"}).status_code == 302
    assert "Het advies is vastgelegd." in client.get("/advice/new").content.decode()
    assert world.count("casework_advice") == 1
    assert "/advice/new" not in signed_in("joke").get("/work").content.decode()


def test_every_list_leaves_its_entry(world):
    world.track()
    for who, addresses_of in {
        "dirk": ("/work", "/follow-ups", "/visit-plan", "/desk", "/known-checks"),
        "saskia": ("/oversight",),
        "arie": ("/oversight", "/access-review"),
    }.items():
        client = signed_in(who)
        for address in addresses_of:
            before = world.rows("SELECT count(*) FROM audit_entry WHERE verb = 'consult' AND outcome = 'done'")[0][0]
            assert client.get(address).status_code == 200, address
            after = world.rows("SELECT count(*) FROM audit_entry WHERE verb = 'consult' AND outcome = 'done'")[0][0]
            assert after > before, address


def test_a_wall_before_an_auditor_hides_what_others_did_in_the_case(world):
    case, _ = world.track()
    client = signed_in("arie")
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    assert "Lies Liaison" in client.get(f"/access-review?case={called}&period=all").content.decode()
    why = {"wall": {"person": world.arie.person_id, "text": "Een familielid van hem woont daar."}}
    perform(world.saskia, Action.WALL_PERSON, case, why)
    page = client.get(f"/access-review?case={called}&period=all").content.decode()
    assert "Lies Liaison" not in page.split("</form>")[-1]
    everything = client.get("/access-review?period=all").content.decode()
    opened = [line for line in everything.split("<tr") if "Lies Liaison" in line and "Zaak openen" in line]
    assert not opened


def test_a_print_holds_every_package_that_was_delivered_and_the_one_that_stands(world):
    case, _ = world.track("triage")
    handoff = world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.RETURN_HANDOFF, handoff, {"question": {"code": "content", "text": "Wie woont er nog meer?"}})
    perform(world.lies, Action.REWORK_HANDOFF, handoff, {"reason": {"code": "other", "text": "Aangevuld na een vraag."}})
    printed = signed_in("lies").get(f"/cases/{case}/print_case")
    page = printed.content.decode()
    assert printed.status_code == 200, page
    first, second = page.split("versie 1")[1].split("versie 2")
    assert "eerder afgeleverd" in first
    assert world.rows("SELECT count(DISTINCT package) FROM casework_packageitem") == [(2,)]
    for part in (first, second):
        assert "Proef" in part, "what each of them held"
