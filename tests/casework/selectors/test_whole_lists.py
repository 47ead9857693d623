"""Nothing is cut without a word: a page goes on, a print is whole, a log folds before it bounds."""

import re
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection

from casework.actions.perform import perform
from casework.oversight.access_log import case_log
from casework.oversight.workbench import report_for_person, written_reviews
from casework.selectors import search_own
from casework.selectors.paging import SIZE
from permissions.acting import act
from permissions.vocabulary import Action
from tests.world import signed_in

NOTES = 120
NEXT = re.compile(r'href="(\?[^"]*)"[^>]*>(?:Volgende|Next)')


def crowded(world):
    """A case with more of everything than a page holds."""
    case, track = world.track("triage")
    notes = [{"kind": "concern", "text": f"Zorg nummer {n:03}."} for n in range(NOTES)]
    people = [{"role": "household_member", "given_names": f"Proefpersoon {n:03}"} for n in range(60)]
    facts = [{"code": "content", "text": f"Vraag nummer {n:03} over het gezin."} for n in range(60)]
    perform(world.dirk, Action.WRITE_RECORD, case, {"note": notes, "person": people, "question": facts})
    return case, track


def read_on(client, address):
    """The pages of a list, one after the other."""
    pages: list[str] = []
    query = ""
    while len(pages) < 50:
        body = client.get(address + query).content.decode()
        pages.append(body)
        found = NEXT.findall(body)
        if not found:
            return pages
        query = found[0].replace("&amp;", "&")
    raise AssertionError("the list never ends")


def test_answers_to_known_checks_page_by_key_and_the_new_ones_stand_on_the_worklist(world):
    case = world.opened().made["case"]
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "INSERT INTO casework_knowncheck (id, case_id, agency_id, asker_id, asker_agency_id, reason, made_at, answer,"
        " answer_reason, answered_at) SELECT gen_random_uuid(), %s, %s, %s, %s, 'x', now() - n * interval '1 day',"
        " 'contact_us', 'Bel toestel ' || n, now() - n * interval '1 day' FROM generate_series(1, 120) n",
        [case, world.agency("wim"), world.lies.person_id, world.agency("lies")],
    )
    world.superuser.execute("SET session_replication_role = origin")
    pages = read_on(signed_in("lies"), "/known-checks/new")
    assert [len(set(re.findall(r"Bel toestel (\d+)", page))) for page in pages] == [SIZE, SIZE, 120 - 2 * SIZE]
    assert len(set(re.findall(r"Bel toestel (\d+)", "".join(pages)))) == 120
    mine = signed_in("lies").get("/", follow=True).content.decode()
    assert mine.count("vraagt u contact op te nemen") == 30, "a month of them"
    for who in ("dirk", "wim", "arie"):
        assert "vraagt u contact op te nemen" not in signed_in(who).get("/", follow=True).content.decode(), who


def test_notes_of_a_case_page_by_key_until_the_last(world):
    case, _ = crowded(world)
    client = signed_in("dirk")
    first = client.get(f"/cases/{case}").content.decode()
    assert len(set(re.findall(r"Zorg nummer \d{3}", first))) == SIZE
    seen, query = set(), ""
    for _ in range(4):
        body = client.get(f"/cases/{case}{query}").content.decode()
        seen |= set(re.findall(r"Zorg nummer \d{3}", body))
        more = re.search(r'href="(\?[^"]*notes=[^"]*)"', body)
        if more is None:
            break
        query = more[1].replace("&amp;", "&")
    assert len(seen) == NOTES


def test_a_print_is_whole(world):
    case, _ = crowded(world)
    world.delivered(case)
    body = signed_in("dirk").get(f"/cases/{case}/print_case").content.decode()
    assert len(set(re.findall(r"Zorg nummer \d{3}", body))) == NOTES
    assert len(set(re.findall(r"Proefpersoon \d{3}", body))) == 60
    assert len(set(re.findall(r"Vraag nummer \d{3}", body))) == 60
    assert "Veilig Thuis Proefstad" in body.split("Proefstraat")[-1], "what was handed over, and the ledger"


def test_a_search_says_that_there_is_more_and_how_to_go_on(world):
    crowded(world)
    client = signed_in("dirk")
    body = client.post("/search", {"search-words": "proefpersoon"}).content.decode()
    assert len(set(re.findall(r"Proefpersoon \d{3}", body))) == 50
    assert "Er zijn er meer dan de 50 hier" in body
    assert "Er zijn er meer" not in client.post("/search", {"search-words": "testpersoon"}).content.decode()


def looks(world, case, number, who="lies", minutes=0):
    """Entries of reloads, as the application would have written them."""
    person = world.people[who]
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "INSERT INTO audit_entry (content_type_id, object_pk, action, actor_id, timestamp, occurred_at, verb, word, outcome,"
        " agency_id, record_agency_id, role, purpose, basis, case_id, additional_data) SELECT id, '', 3, %s, now(),"
        " now() - %s * interval '1 minute' - g * interval '1 millisecond', 'consult', 'read_record', 'done', %s, %s,"
        " 'caseworker', 'read_record', 'WPG_8', %s, '{\"shown\": [\"notes\"]}' FROM generate_series(1, %s) g,"
        " django_content_type WHERE app_label = 'casework' AND model = 'case'",
        [person.person_id, minutes, person.agency_id, person.agency_id, case, number],
    )
    world.superuser.execute("SET session_replication_role = origin")


@pytest.mark.parametrize("way", ["supervisor", "auditor", "report", "command", "person"])
def test_nobody_buries_a_look_under_reloads(world, way, capsys):
    case, _ = world.track("triage")
    looks(world, case, 1, "leo", minutes=3)
    looks(world, case, 12_000)
    ask = {
        "supervisor": lambda: signed_in("saskia").get(f"/cases/{case}/see_case_log").content.decode(),
        "auditor": lambda: str(act(world.arie, Action.SEE_ACCESS_LOG, lambda: case_log([case])).lines),
        "person": lambda: str(act(world.arie, Action.SEE_ACCESS_LOG, lambda: case_log(person=world.leo.person_id)).lines),
        "report": lambda: str(act(world.arie, Action.SEE_ACCESS_LOG, lambda: report_lines(case))),
        "command": lambda: commanded(world, case, capsys),
    }
    found = ask[way]()
    assert "Leo Liaison" in found
    if way != "person":
        assert re.search(r"12[.,]?0?00|times=12000", found), "and how often the reloads were"


def log_lines(case):
    return case_log([case]).lines


def report_lines(case):
    return report_for_person([case]).lines


def commanded(world, case, capsys):
    called = world.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", case)[0][0]
    call_command("audit_who", called, "--month", "this")
    return capsys.readouterr().out


def test_a_log_of_many_lines_goes_on_to_its_end(world):
    case, _ = world.track("triage")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "INSERT INTO audit_entry (content_type_id, object_pk, action, actor_id, timestamp, occurred_at, verb, word, outcome,"
        " agency_id, record_agency_id, role, purpose, basis, case_id, additional_data) SELECT 1, '', 3, %s, now(),"
        " now() - g * interval '1 day', 'consult', 'read_record', 'done', %s, %s, 'caseworker', 'x', 'x', %s, NULL"
        " FROM generate_series(1, 450) g",
        [world.lies.person_id, world.agency("lies"), world.agency("lies"), case],
    )
    world.superuser.execute("SET session_replication_role = origin")
    pages = read_on(signed_in("saskia"), f"/cases/{case}/see_case_log")
    assert len(pages) == 3
    days = [day for page in pages for day in re.findall(r'data-l="Wanneer">([^<,]+)', page)]
    assert len(set(days)) >= 451


def test_what_was_written_beside_the_trail_goes_on_to_its_end(world):
    world.track()
    entry = world.rows("SELECT max(id) FROM audit_entry WHERE agency_id = %s", world.agency("arie"))[0][0]
    for number in range(SIZE + 5):
        text = f"Bij de controle gezien, nummer {number}."
        perform(world.arie, Action.ANNOTATE_TRAIL, None, {"annotation": {"entry": entry, "text": text}})
    first = act(world.arie, Action.SEE_ACCESS_LOG, written_reviews)
    second = act(world.arie, Action.SEE_ACCESS_LOG, lambda: written_reviews(first.following))
    assert (len(first.rows), len(second.rows), second.following) == (SIZE, 5, "")
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_what_a_search_showed_stands_in_who_saw_this_case(world, capsys):
    case, _ = world.track("triage")
    other = world.opened("lies", person={"role": "subject", "family_name": "Anders", "given_names": "Iemand"}).case_id
    act(world.dirk, Action.SEARCH_OWN, lambda: search_own("testpersoon"))
    who = {"person": "Dirk Beslisser", "word": "search_own"}
    for ask in (log_lines, report_lines):
        for one, times in ((case, 1), (other, 0)):
            lines = act(world.arie, Action.SEE_ACCESS_LOG, partial(ask, one))
            assert len([line for line in lines if {"person": line.person, "word": line.word} == who]) == times
    page = signed_in("saskia").get(f"/cases/{case}/see_case_log").content.decode()
    assert "Dirk Beslisser" in page
    assert "search_own\t" in commanded(world, case, capsys)


def test_what_a_search_showed_is_seen_by_nobody_else(world):
    case, _ = world.track("triage")
    world.delivered(case)
    act(world.dirk, Action.SEARCH_OWN, lambda: search_own("testpersoon"))
    for who in ("anke", "wanda", "lies", "karin"):
        action = Action.SEE_ACCESS_LOG if who == "anke" else Action.SEE_CASE
        rows = act(world.people[who], action, lambda: showing(case))
        assert rows == [], who
    perform(world.arie, Action.SEE_ACCESS_LOG, case)
    walled = {"wall": {"text": "Een familielid van mij woont daar."}}
    perform(world.saskia, Action.DECLARE_CONFLICT, case, walled)
    assert act(world.saskia, Action.SEE_CASE_LOG, lambda: showing(case)) == []
    assert len(act(world.sjoerd, Action.SEE_CASE_LOG, lambda: showing(case))) == 1


def showing(case):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM lock.entries_showing(%s::uuid[], NULL, NULL)", [[case]])
        return cursor.fetchall()
