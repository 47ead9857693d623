"""Every value and every list that comes in has a bound, and who sends more is told so: nothing is cut or ignored."""

from datetime import date
from typing import Any

import pytest

from casework.input import read
from casework.input.fields import LONG, SHORT
from casework.input.parts import PARTS
from casework.input.read import Malformed, read_value
from casework.input.schema import Kind
from casework.selectors import plannable_visits
from tests.world import World, signed_in
from web.words import complaint

HUGE: tuple[Any, ...] = ("a 1 " * 575_000, [f"note:{number}" for number in range(2_300)], ["naam"] * 2_300, "9" * 2_300_000)
COLUMNS = [(part, column) for part, columns in PARTS.items() for column in columns]
COUNTED = {"too_long", "too_many"}


@pytest.mark.parametrize("kind", Kind)
def test_what_is_far_too_much_for_any_field_is_refused_in_a_sentence(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "local_today", lambda: date(2026, 3, 2))
    asked = [(part, column) for part, column in COLUMNS if column.kind is kind]
    assert asked, "every kind of column is on a form"
    for part, column in asked:
        for value in HUGE:
            with pytest.raises(Malformed) as found:
                read_value(part, column, value)
            said = complaint(found.value)
            assert 10 < len(said) < 300, (part, column.name, found.value.why)
            if found.value.why in COUNTED:
                assert any(letter.isdecimal() for letter in said), "how much too long, or how many too many"


@pytest.mark.parametrize(("kind", "most"), [(Kind.TEXT, LONG), (Kind.SHORT, SHORT)])
def test_a_text_is_taken_as_long_as_it_can_be_stored_and_one_letter_more_is_told(kind: Kind, most: int) -> None:
    asked = [(part, column) for part, column in COLUMNS if column.kind is kind]
    assert {column.longest for _part, column in asked if column.most == 0} == {most}
    for part, column in asked:
        with pytest.raises(Malformed) as found:
            read_value(part, column, ("een zin " * column.longest)[: column.longest] + "!")
        assert (found.value.why, found.value.over) == ("too_long", 1), (part, column.name)


def test_a_package_of_megabytes_is_refused_whole_and_the_case_stays_as_it_was(world: World) -> None:
    case = world.opened().made["case"]
    form = {"package-items": " ".join(f"note:{number}" for number in range(190_000))}
    answer = signed_in("lies").post(f"/cases/{case}/prepare_handoff", form)
    assert len(form["package-items"]) > 2_000_000
    assert answer.status_code == 422
    assert world.count("casework_handoff") == 0


def test_a_line_of_many_references_asks_for_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.people
    asked: list[set[str]] = []
    found = plannable_visits

    def kept(*places: Any, references: set[str] | None = None, **more: Any) -> Any:
        asked.append(references or set())
        return found(*places, references=references, **more) if references else found(*places, **more)

    monkeypatch.setattr("web.views.visits.plannable_visits", kept)
    line = ";".join(f"2026-abc{number % 10}{number // 10 % 10}{number // 100 % 10}" for number in range(50_000))
    answer = signed_in("lies").post("/visit-plan", {"lines": line, "do": "try"})
    assert answer.status_code == 422
    assert "50000 kolommen" in answer.content.decode()
    assert max(map(len, asked)) == 1


def test_an_address_with_thousands_of_questions_is_answered_in_a_sentence(world: World) -> None:
    assert world.people
    answer = signed_in("lies").get("/work?" + "&".join(f"a{number}=1" for number in range(2_500)))
    assert answer.status_code == 400
    assert "er is niets gewijzigd" in answer.content.decode()
