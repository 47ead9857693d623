"""What was left out of a form is said at its field, all of it at once; the page never comes back without a word."""

import pytest

from tests.world import signed_in


@pytest.fixture
def case(world):
    case, _ = world.track()
    return case


def sent(who, address, **form):
    answer = signed_in(who).post(address, form)
    assert answer.status_code == 422, answer.content.decode()
    return answer.context["form"].errors


@pytest.mark.parametrize("action", ["reveal_source", "reveal_bsn"])
def test_a_reason_that_was_left_out_is_asked_and_the_try_is_on_the_trail(world, case, action):
    assert set(sent("dirk", f"/cases/{case}/{action}")) == {"reveal-code"}
    assert world.rows("SELECT count(*) FROM audit_entry WHERE word = %s AND outcome = 'malformed'", action) == [(1,)]


def test_each_gap_of_an_empty_partnership_is_said_on_its_page(world):
    gaps = {f"partnership-{name}" for name in ("members", "groups", "citation", "since")}
    assert set(sent("bea", "/agreements/new-partnership")) == gaps


def test_each_gap_of_an_empty_sample_is_said(world):
    assert set(sent("arie", "/workbench/draw_sample")) == {f"sample-{name}" for name in ("since", "until", "size", "seed")}


def test_each_gap_of_a_term_that_moves_is_said_at_once(world, case):
    assert {"term-clock", "term-until", "term-text"} <= set(sent("dirk", f"/cases/{case}/extend_deadline"))


def test_somebody_behind_a_wall_is_not_assigned_and_the_page_says_why(world, case):
    saskia = signed_in("saskia")
    wall = {"wall-person": str(world.leo.person_id), "wall-text": "Kent de melder uit het eigen dorp."}
    assert saskia.post(f"/cases/{case}/wall_person", wall).status_code == 302
    said = saskia.post(f"/cases/{case}/assign", {"assignment-person": str(world.leo.person_id)})
    assert said.status_code == 403
    assert "deze persoon is voor deze zaak afgeschermd; hef eerst de afscherming op" in said.content.decode()
    again = saskia.post(f"/cases/{case}/wall_person", wall)
    assert again.status_code == 422
    assert "-" not in str(again.context["form"].errors["wall-person"][0]), "a day is written as people write it"
