"""What one person asks and another must say yes to stands on the list of who may, also where it is about no case."""

from casework.actions.perform import perform
from permissions.vocabulary import Action, Role
from tests.casework.facts.test_leaving import joined
from tests.casework.selectors.test_worklist import list_of
from tests.web.test_intake import CHILD, HOME, REPORT, log
from tests.world import signed_in

WHY = "Een verzonnen reden van genoeg tekens om te bewaren."


def kinds(world, who):
    return [row.kind for row in list_of(world, who)]


def sharing(world):
    given = {"receiver": world.agency("wim"), "groups": ["identity"], "since": "today"}
    return perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"sharing": given}).id


def partnership(world):
    given = {"members": [world.agency("wim")], "groups": ["identity"], "citation": "Besluit 1", "since": "today"}
    return perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"partnership": given}).id


def test_an_agreement_and_a_decision_wait_for_another_than_who_asked(world):
    for ask, kind in ((sharing, "sharing"), (partnership, "partnership")):
        asked = ask(world)
        for who in ("sjoerd", "bea"):
            row = next(row for row in list_of(world, who) if row.kind == kind)
            assert (row.about_id, row.case_id, row.step.is_mine) == (asked, None, True)
            assert row.step.way.path == f"/agreements/{asked}/manage_agreements"
        assert kind not in kinds(world, "saskia"), "never for who asked"
        assert kind not in kinds(world, "lies"), "a liaison makes none"
        assert kind not in kinds(world, "wim"), "the other end has no part in it"
        perform(world.sjoerd, Action.MANAGE_AGREEMENTS, asked)
        assert kind not in kinds(world, "bea"), "it is in force"


def test_a_basis_of_which_nobody_spoke_waits_for_the_privacy_officer_and_stands_with_the_supervisor(world):
    world.people["petra"] = joined("petra", "Politie Voorbeeld Oost", Role.PRIVACY_OFFICER)
    assert kinds(world, "petra") == []
    mine = world.agency("lies")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("DELETE FROM permissions_basisconfirmation WHERE agency_id = %s AND basis = 'WPG_18_1'", [mine])
    world.superuser.execute("SET session_replication_role = origin")
    row = next(row for row in list_of(world, "petra") if row.kind == "basis")
    assert (row.clock, row.step.is_mine) == ("WPG_18_1", True)
    assert row.step.way.path == "/bases/confirm_basis?confirmation-basis=WPG_18_1"
    seen = next(row for row in list_of(world, "saskia") if row.kind == "basis")
    assert (seen.step.is_mine, seen.step.roles) == (False, (Role.PRIVACY_OFFICER,)), "who leads sees why nothing leaves"
    page = signed_in("petra")
    assert page.get("/").headers["Location"] == "/work", "the first page of a privacy officer is what waits"
    assert "confirmation-basis=WPG_18_1" in page.get("/work").content.decode()
    said = {"confirmation": {"basis": "WPG_18_1", "confirmed": "no"}}
    perform(world.people["petra"], Action.CONFIRM_BASIS, None, said)
    assert "basis" not in kinds(world, "petra"), "a no is an answer"


def test_a_report_joined_to_a_household_is_a_row_of_its_worker_until_the_case_was_opened(world):
    log("wim", CHILD, HOME, REPORT)
    case = world.rows("SELECT case_id FROM casework_track")[0][0]
    choice = {"known_here-code": "joined_to_household", "known_here-text": "Hetzelfde gezin.", "known_here-case": str(case)}
    assert log("ilse", {**CHILD, "person-given_names": "Broer"}, HOME, REPORT, choice).status_code == 302
    for who in ("wim", "vera"):
        row = next(row for row in list_of(world, who) if row.kind == "signal")
        assert (row.case_id, row.step.is_mine, row.step.way.path) == (case, True, f"/cases/{case}")
    assert "signal" not in kinds(world, "ilse"), "an intake worker who is not named reads none of it"
    assert "signal" not in kinds(world, "lies")
    assert signed_in("wim").get(f"/cases/{case}").status_code == 200
    assert "signal" not in kinds(world, "wim"), "seen"
    assert "signal" not in kinds(world, "vera"), "its worker has seen it"
