"""A draft is no way round: what is refused of a form is refused of its draft, and it is stored from our own pages alone."""

import json
import re

from casework.actions.drafts import DraftPlace, store_draft
from casework.entries.entry import Page
from casework.input.drafts import fields_of, fit_to_store, opened, sealed
from casework.input.schema import Kind
from casework.models.drafts import LONGEST_SEALED
from permissions.vocabulary import Action
from tests.corpora import smuggled
from tests.world import PASSWORD, FormClient, World, signed_in

ACTIONS = (Action.ADD_NOTE, Action.WRITE_RECORD, Action.OPEN_CASE, Action.PREPARE_HANDOFF)
HELD = "Een zorg over thuis, die nog niet af is."


def test_what_leads_to_material_is_left_out_of_a_draft_in_every_field() -> None:
    tries = smuggled(4)
    assert len(tries) >= 80
    for action in ACTIONS:
        fields = fields_of(action)
        for place, (name, (_part, column)) in enumerate(fields.items()):
            for kind, text in tries[place % 8 :: 8]:
                if kind == "mail" and column.takes_mail:
                    continue
                fit, left = fit_to_store(action, {name: [text]})
                assert (fit, left) == ({}, (name,)), (action, name, kind, text)


def test_what_is_chosen_holds_no_words() -> None:
    for action in ACTIONS:
        for name, (_part, column) in fields_of(action).items():
            if column.kind not in {Kind.TEXT, Kind.SHORT, Kind.NAMES}:
                assert fit_to_store(action, {name: ["proefsite punt com schuine streep a1"]})[0] == {}, name


def test_what_is_hidden_in_the_pieces_of_several_fields_is_left_out_of_a_draft() -> None:
    pieces = {"person-family_name": ["d41d8cd98f00b204"], "person-given_names": ["e9800998ecf8427e"]}
    fit, _left = fit_to_store(Action.OPEN_CASE, {**pieces, "person-role": ["minor"]})
    assert not set(pieces) & set(fit)


def test_fields_that_no_form_has_are_not_stored() -> None:
    fit, left = fit_to_store(
        Action.ADD_NOTE, {"note-text": [HELD], "person-family_name": ["Proef"], "x": [HELD], "share": ["yes"]}
    )
    assert (fit, left) == ({"note-text": [HELD]}, ())


def test_of_two_answers_to_one_question_none_is_stored() -> None:
    assert fit_to_store(Action.ADD_NOTE, {"note-text": [HELD, "Iets anders."]}) == ({}, ("note-text",))


def test_a_draft_takes_no_more_room_than_it_may(world: World) -> None:
    case, _ = world.track()
    words = "Zij vertelt wat er is gebeurd en wat zij nodig heeft. " * 70
    typed = {name: [words] for name, (_part, column) in fields_of(Action.WRITE_RECORD).items() if column.kind is Kind.TEXT}
    assert len(json.dumps(typed)) > LONGEST_SEALED
    stored = store_draft(world.lies, DraftPlace(Action.WRITE_RECORD, Page.CASE, case), typed, case)
    assert stored.at is None
    assert set(stored.left_out) == set(typed)
    assert world.count("casework_draft") == 0


def test_another_site_stores_no_draft(world: World) -> None:
    case, _ = world.track()
    strict = FormClient(enforce_csrf_checks=True, raise_request_exception=False)
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', strict.get("/account/sign-in").content.decode())
    assert token
    form = {"login": "lies", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    assert strict.post("/account/sign-in", form).status_code == 302
    address = f"/cases/{case}/add_note"
    for do in ("draft", "draft_quietly"):
        assert strict.post(address, {"do": do, "note-text": HELD}).status_code == 403
    assert world.count("casework_draft") == 0


def test_a_form_cannot_pretend_that_it_is_a_draft_that_was_put_back(world: World) -> None:
    case, _ = world.track()
    client, address = signed_in("lies"), f"/cases/{case}/add_note"
    answer = client.post(address, {"held": "draft", "note-kind": "concern", "note-text": HELD})
    assert answer.status_code == 422
    assert HELD in answer.content.decode()
    assert world.count("casework_note") == 0


def test_refused_words_stand_on_the_page_still_and_in_no_draft(world: World) -> None:
    case, _ = world.track()
    client, address = signed_in("lies"), f"/cases/{case}/add_note"
    link = "Kijk op https://voorbeeld.test/x"
    quiet = client.post(address, {"do": "draft_quietly", "note-kind": "concern", "note-text": link})
    assert "Niet als concept bewaard: " in json.loads(quiet.content)["line"]
    page = client.post(address, {"do": "draft", "note-kind": "concern", "note-text": link})
    assert page.status_code == 422
    assert link in page.content.decode()
    assert link not in client.get(address).content.decode()
    ((text,),) = world.rows("SELECT sealed FROM casework_draft")
    assert opened(world.lies.membership_id, Action.ADD_NOTE, case, text) == {"note-kind": ["concern"]}


def test_who_changes_what_is_encrypted_changes_nothing(world: World) -> None:
    text = sealed(world.lies.membership_id, Action.ADD_NOTE, None, {"note-text": [HELD]})
    assert opened(world.lies.membership_id, Action.ADD_NOTE, None, text)
    for other in (text[:-8] + "AAAAAAA=", "x", ""):
        assert opened(world.lies.membership_id, Action.ADD_NOTE, None, other) == {}
    assert opened(world.dirk.membership_id, Action.ADD_NOTE, None, text) == {}
    assert opened(world.lies.membership_id, Action.CORRECT_NOTE, None, text) == {}
