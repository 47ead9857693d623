"""The pages of a team: who may open them, what a wrong form says and keeps, and how much they ask of the database."""

import re

import pytest

from permissions.vocabulary import Action
from tests.casework.actions.test_handing_over import away, handed, named, walled
from tests.web.test_statements import plant, statements
from tests.world import perform, signed_in

STATEMENTS = {"/team": 6, "member": 9}
"""How many statements a page takes at most, with what a request asks before it begins."""


def page_of(world, who):
    return f"/team/{world.people[who].membership_id}"


def cases_of(page):
    return re.findall(r'name="reassignment-cases" value="([^"]+)"', page.content.decode())


def form(world, taker, **more):
    return {"reassignment-person": str(world.people[taker].person_id), "reassignment-code": "absence", **more}


@pytest.mark.parametrize(("who", "status"), [("saskia", 200), ("dirk", 200), ("lies", 403), ("arie", 403), ("bea", 403)])
def test_the_team_is_for_who_may_assign(world, who, status):
    client = signed_in(who)
    assert client.get("/team").status_code == status
    assert ('href="/team"' in client.get("/", follow=True).content.decode()) is (status == 200)


@pytest.mark.parametrize(("who", "whose"), [("lies", "leo"), ("wim", "lies"), ("vera", "lies"), ("saskia", "wim")])
def test_the_pages_of_one_person_are_not_there_for_who_may_not_assign_or_is_elsewhere(world, who, whose):
    client = signed_in(who)
    for page in (page_of(world, whose), f"{page_of(world, whose)}/absence"):
        assert client.get(page).status_code == 404
        assert client.post(page, form(world, "leo", **{"reassignment-all": "yes"})).status_code == 404
    assert world.count("casework_reassignment") == world.count("casework_absence") == 0


def test_a_person_s_list_says_whom_and_where_as_the_worklist_does(world):
    world.track()
    page = signed_in("saskia").get(page_of(world, "lies")).content.decode()
    assert "Testpersoon Proef" in page
    assert "Proefstraat 1" in page
    read = world.rows("SELECT additional_data ? 'cases' FROM audit_entry WHERE word = 'cases_of_member'")
    assert read == [(True,)]


def test_all_are_handed_over_and_the_page_says_how_many_and_both_are_told(world):
    cases = [world.track()[0] for _ in range(3)]
    client = signed_in("saskia")
    done = client.post(page_of(world, "lies"), form(world, "leo", **{"reassignment-all": "yes"}), follow=True)
    assert "3 zaken zijn overgedragen." in done.content.decode()
    assert [named(world, case) for case in cases] == [["leo"]] * 3
    assert "3 zaken van Lies Liaison zijn aan u overgedragen" in signed_in("leo").get("/work").content.decode()
    assert "3 van uw zaken zijn overgedragen aan Leo Liaison" in signed_in("lies").get("/work").content.decode()


def test_a_case_behind_a_wall_is_named_on_the_page(world):
    world.track()
    kept, _ = world.track()
    walled(world, kept, "leo")
    ((reference,),) = world.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", kept)
    client = signed_in("saskia")
    done = client.post(page_of(world, "lies"), form(world, "leo", **{"reassignment-all": "yes"}), follow=True)
    assert f"Niet overgedragen, want deze collega kan deze zaken niet krijgen: {reference}." in done.content.decode()


def test_a_case_of_a_package_that_nobody_accepted_is_listed_without_a_way_in(world):
    case, _ = world.track()
    handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    page = signed_in("wanda").get(page_of(world, "wanda"))
    assert "nog niet geaccepteerd" in page.content.decode()
    assert f"/cases/{case}" not in page.content.decode()
    assert cases_of(page) == []


def test_a_wrong_form_keeps_what_was_chosen_and_says_one_sentence(world):
    first, second = world.track()[0], world.track()[0]
    client = signed_in("saskia")
    nobody = client.post(page_of(world, "lies"), {"reassignment-cases": [str(second)], "reassignment-code": "workload"})
    assert nobody.status_code == 422
    assert f'value="{second}" id="case-{second}" checked' in nobody.content.decode()
    assert f'value="{first}" id="case-{first}">' in nobody.content.decode()
    nothing = client.post(page_of(world, "lies"), form(world, "leo"))
    assert nothing.status_code == 422
    assert "#id_reassignment-cases" in nothing.content.decode()
    handed(world, "lies", "leo", second)
    stale = client.post(page_of(world, "lies"), form(world, "dirk", **{"reassignment-cases": [str(first), str(second)]}))
    assert stale.status_code == 422
    assert "Een van deze zaken is intussen bij een ander." in stale.content.decode()
    assert (named(world, first), named(world, second)) == (["lies"], ["leo"])


def test_what_nobody_holds_is_assigned_from_a_page_of_its_own(world):
    case, _ = world.track()
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.lies.person_id, "remove": "yes"}})
    client = signed_in("saskia")
    assert 'href="/team/unheld"' in client.get("/team").content.decode()
    assert client.post("/team/unheld", form(world, "leo", **{"reassignment-all": "yes"})).status_code == 302
    assert named(world, case) == ["leo"]
    assert "Elke open zaak is bij iemand." in client.get("/team/unheld").content.decode()


def test_who_is_away_without_cover_stands_first_and_the_form_knows_the_reason_and_who_stands_in(world):
    world.track()
    away(world, "lies")
    client = signed_in("saskia")
    assert 'id="uncovered"' in client.get("/team").content.decode()
    away(world, "lies", deputy="leo")
    assert 'id="uncovered"' not in client.get("/team").content.decode()
    page = client.get(page_of(world, "lies")).content.decode()
    assert re.search(rf'<option value="{world.leo.person_id}" selected', page)
    assert re.search(r'value="absence"[^>]*checked', page)


def test_an_absence_is_set_on_a_page_and_a_wrong_one_keeps_what_was_typed(world):
    client = signed_in("saskia")
    page = f"{page_of(world, 'lies')}/absence"
    wrong = client.post(page, {"absence-since": "vandaag", "absence-until": "gisteren"})
    assert wrong.status_code == 422
    assert 'value="gisteren"' in wrong.content.decode()
    sent = {"absence-since": "vandaag", "absence-until": "+5w", "absence-deputy": str(world.leo.person_id)}
    done = client.post(page, sent, follow=True)
    assert "De afwezigheid is opgeslagen." in done.content.decode()
    assert "U neemt waar voor Lies Liaison" in signed_in("leo").get("/work").content.decode()


def test_the_list_goes_on_and_the_button_says_how_many_there_are(world):
    plant(world, 30)
    world.superuser.execute("UPDATE casework_participation SET keeps = true")
    client = signed_in("saskia")
    first = client.get(page_of(world, "lies"))
    assert "Alle 30 zaken overdragen" in first.content.decode()
    (after,) = re.findall(r'href="\?after=([^"]+)"', first.content.decode())
    second = client.get(f"{page_of(world, 'lies')}?after={after}")
    assert len({*cases_of(first), *cases_of(second)}) == 30


def test_the_pages_of_the_team_take_as_many_statements_at_2000_cases_as_at_one(world):
    world.track()
    client = signed_in("saskia")
    counts = []
    for more in (0, 24, 1975):
        if more:
            plant(world, more)
        counts.append([len(statements(lambda page=page: client.get(page))) for page in ("/team", page_of(world, "lies"))])
    assert counts[0] == counts[1] == counts[2], counts
    assert counts[0] <= list(STATEMENTS.values())
