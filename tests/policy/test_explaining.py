"""What is explained is what happens: now, and at every past moment, for everybody, with its rule and its grant."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from casework.actions.perform import perform
from casework.oversight.explaining import who_can_see
from casework.selectors import read_record, see_case
from casework.worker.carry_out import run_due
from permissions.acting import act, acting_as, scenario_moment
from permissions.decision import Refused
from permissions.services import NewPerson, install
from permissions.vocabulary import CASE_ROLES, Action, Role
from tests.policy.behind import past_triggers
from tests.world import PASSWORD, FormClient, World, signed_in

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
WHY = "Een kind op dit adres loopt vanavond gevaar."
LOOKS: tuple[tuple[Action, Callable[..., object]], ...] = ((Action.SEE_CASE, see_case), (Action.READ_RECORD, read_record))


def what_happens(world: World, case) -> dict[tuple[str, Action], bool]:
    """Who can in fact see and read a case now, by trying."""
    found = {}
    for who, person in world.people.items():
        if not CASE_ROLES & set(person.roles):
            continue
        for action, look in LOOKS:
            try:
                act(person, action, partial(look, case))
            except Refused:
                found[who, action] = False
            else:
                found[who, action] = True
    return found


def what_is_explained(world: World, case, at) -> dict[tuple[str, Action], bool]:
    found = {}
    names = {person.person_id: who for who, person in world.people.items()}
    for reader in ("bea", "anke"):
        for row in act(world.people[reader], Action.EXPLAIN_ACCESS, lambda: who_can_see(case, at)):
            for reason in row.reasons:
                found[names[row.member.person], reason.action] = reason.decision.allowed
    return found


def story(world: World, case, track) -> Iterator[None]:
    """A case's life, one act at a time."""
    lies, dirk, saskia = world.lies, world.dirk, world.saskia
    yield
    perform(saskia, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id, "keep": "yes"}})
    yield
    perform(lies, Action.SUBMIT, track)
    handoff = world.sent(case)
    yield
    run_due(scenario_moment.get() or START, on_scenario_clock=True)
    yield
    perform(world.ilse, Action.ACKNOWLEDGE_HANDOFF, handoff)
    yield
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    yield
    perform(saskia, Action.WALL_PERSON, case, {"wall": {"person": dirk.person_id, "text": WHY}})
    yield
    perform(saskia, Action.ASSIGN, case, {"assignment": {"person": lies.person_id, "remove": "yes"}})
    yield
    called = world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency("lies"))[0][0]
    asked = {"emergency": {"reference": called, "code": "child_at_risk_now", "text": WHY}}
    done = perform(lies, Action.ASK_EMERGENCY, None, asked)
    yield
    perform(lies, Action.END_EMERGENCY, done.id)
    yield
    lifting = {"lifting": {"person": dirk.person_id, "text": "De vergissing is rechtgezet."}}
    perform(saskia, Action.LIFT_WALL, case, lifting)
    perform(world.sjoerd, Action.LIFT_WALL, case, lifting)
    yield


def test_what_is_explained_is_what_happens_now_and_at_every_past_moment(world):
    token = scenario_moment.set(START)
    try:
        case, track = world.track()
        told = []
        for number, _ in enumerate(story(world, case, track), 1):
            moment = scenario_moment.get()
            happens = what_happens(world, case)
            explained = what_is_explained(world, case, None)
            assert {key: happens[key] for key in explained if key in happens} == {
                key: value for key, value in explained.items() if key in happens
            }, f"after step {number}"
            told.append((moment, happens))
            scenario_moment.set(START + timedelta(hours=number / 2))
        seen = set()
        for moment, happens in told:
            explained = what_is_explained(world, case, moment)
            assert len(explained) > 20
            for key, value in explained.items():
                if key in happens:
                    assert happens[key] == value, (moment, key)
                    seen.add((key[1], value))
        assert len(seen) == 4, "both looks were allowed and refused"
    finally:
        scenario_moment.reset(token)


def explained_to(*arguments: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("explain_access", *arguments, "--json", stdout=out)
    answer: list[dict[str, Any]] = json.loads(out.getvalue())
    return answer


def test_the_command_says_which_rule_which_grant_and_since_when(world):
    case, _ = world.track()
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    said = explained_to("lies", called)[0]
    row = said["actions"]["read_record"]
    assert row["may"]
    assert row["rule"] == "read_record: police_liaison where named"
    assert {grant["kind"] for grant in row["grants"]} == {"participation", "assignment"}
    assert row["since"]
    assert not said["actions"]["close_warning"]["may"]
    assert explained_to("leo", str(case))[0]["actions"]["see_case"]["rule"] == "see_case: police_liaison only where named"
    before = explained_to("lies", called, "--at", "2020-01-01T00:00")[0]
    assert not before["membership_runs"]
    assert not any(reason["may"] for reason in before["actions"].values())
    assert "Proef" not in json.dumps(said)
    entries = world.rows("SELECT count(*) FROM audit_entry WHERE word = 'explain_access' AND case_id = %s", case)
    assert entries[0][0] >= 3


def test_the_page_tells_of_a_moment_who_belonged_to_the_agency_then_and_what_they_might(world):
    world.track()
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    nova = NewPerson("nova", "Nova Nieuw", "Politie Voorbeeld Oost", (Role.POLICE_LIAISON,), PASSWORD)
    install([], [nova], datetime.now(UTC) - timedelta(hours=1))
    client = signed_in("bea")
    now, then = (
        client.get(f"/explain-access?case={called}{at}").content.decode().split("<main")[1]
        for at in ("", "&at=gisteren+10:00")
    )
    assert "Lies Liaison" in now
    assert "Lies Liaison" in then
    assert "Nova Nieuw" in now
    assert "Nova Nieuw" not in then
    rows = [page.split("Lies Liaison")[1].split("</tr>")[0] for page in (now, then)]
    assert rows[0] != rows[1], "the case was not there yet"


def page_of(client: FormClient, called: str) -> str:
    page = client.get(f"/explain-access?case={called}").content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(called, "")


def test_the_page_is_for_who_may_and_a_wall_holds_there_too(world):
    case, _ = world.track()
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    for who in ("saskia", "arie", "bea"):
        page = signed_in(who).get(f"/explain-access?case={called}").content.decode()
        assert "Lies Liaison" in page
        assert "Proef" not in page.split("<main")[1]
    for who in ("lies", "dirk", "otto"):
        assert signed_in(who).get(f"/explain-access?case={called}").status_code == 403
    anke = signed_in("anke")
    assert page_of(anke, called) == page_of(anke, "2026-zzzzzz")
    perform(world.saskia, Action.DECLARE_CONFLICT, case, {"wall": {"text": WHY}})
    saskia = signed_in("saskia")
    assert page_of(saskia, called) == page_of(saskia, "2026-zzzzzz")


MOMENTS = {
    "gisteren": "Schrijf ook het tijdstip",
    "2026-13-01": "Deze dag staat niet op de kalender",
    "29-3-2026 2:30": "Dit moment bestaat niet",
    "27-3-2026 25:00": "Dit tijdstip bestaat niet: een dag loopt van 00:00 tot 23:59",
    "morgen 10:00": "moet nog komen",
    "x": "Schrijf een moment zoals",
    "27 maart 2026 10:00" + " en" * 20: "39 tekens te lang",
}


@pytest.mark.parametrize("typed", MOMENTS)
def test_a_moment_that_is_none_is_said_so_on_the_page_and_at_the_prompt(world, typed):
    answer = signed_in("bea").get("/explain-access", {"case": "2026-zzzzzz", "at": typed})
    assert answer.status_code == 422
    assert MOMENTS[typed] in answer.content.decode()
    assert f'value="{typed}"' in answer.content.decode(), "what was typed stays"
    with translation.override("nl"), pytest.raises(CommandError, match=MOMENTS[typed]):
        call_command("explain_access", "lies", "2026-zzzzzz", "--at", typed, stdout=StringIO())


@pytest.mark.parametrize(
    "typed", ["27 maart 2026 10:00", "27-3-26 om 10.00 uur", "2026-03-27T10:00", "2026-03-27T09:00Z", "nu"]
)
def test_a_moment_is_read_as_people_write_it_on_the_page_and_at_the_prompt(world, typed):
    assert signed_in("bea").get("/explain-access", {"case": "2026-zzzzzz", "at": typed}).status_code == 200
    world.track()
    (said,) = explained_to("lies", world.rows("SELECT reference FROM casework_participation")[0][0], "--at", typed)
    assert typed == "nu" or said["at"].startswith("2026-03-27")


def test_an_explanation_says_when_a_grant_does_not_stand_as_the_trail_says(world):
    case, _ = world.track()
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    assert explained_to("lies", called)[0]["differs_from_trail"] == []
    assert "klopt met de logging" in signed_in("arie").get(f"/explain-access?case={called}").content.decode()
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_assignment SET starts_at = starts_at - interval '1 year'")
    world.superuser.execute("SET session_replication_role = origin")
    assert explained_to("lies", called)[0]["differs_from_trail"] == ["casework_assignment.starts_at"]
    page = signed_in("arie").get(f"/explain-access?case={called}").content.decode()
    assert "casework_assignment.starts_at" in page
    assert str(case) not in page


@pytest.mark.parametrize(
    ("who", "what"),
    [("nobody", "zzz"), ("nobody", "an id"), ("lies", "zzz"), ("lies", "an id"), ("nobody", "of a case")],
)
def test_a_look_at_a_person_or_case_that_is_not_there_is_an_entry_too(world, who, what):
    about = {"of a case": lambda: str(world.opened().id), "an id": lambda: str(uuid4())}.get(what, lambda: what)()
    before = world.count("audit_entry")
    try:
        call_command("explain_access", who, about, stdout=StringIO())
    except CommandError as error:
        assert (who, str(error)) == ("nobody", "There is no such person.")
    assert world.count("audit_entry") == before + 1
    found = world.rows("SELECT word, case_id::text, additional_data::text FROM audit_entry ORDER BY id DESC LIMIT 1")[0]
    assert found[0] == "explain_access"
    assert found[1] == (None if what == "zzz" else about)
    assert who not in found[2], "what was typed is nowhere"


def test_nobody_is_told_who_stands_behind_a_wall_at_another_organisation(world: World) -> None:
    case, _ = world.track()
    world.delivered(case)
    with past_triggers(world):
        for who in ("leo", "vera"):
            world.superuser.execute(
                "INSERT INTO casework_wall (id, case_id, agency_id, user_id, starts_at, reason, lift_reason)"
                " SELECT gen_random_uuid(), %s, %s, %s, now() - interval '1 hour', '', ''",
                [case, world.agency(who), world.people[who].person_id],
            )

    def walled(reader: str) -> set[int]:
        with acting_as(world.people[reader], Role.AGENCY_ADMIN, Action.EXPLAIN_ACCESS), connection.cursor() as cursor:
            cursor.execute("SELECT person FROM lock.grants_of(%s) WHERE kind = 'wall'", [case])
            return {person for (person,) in cursor.fetchall()}

    assert walled("bea") == {world.leo.person_id}
