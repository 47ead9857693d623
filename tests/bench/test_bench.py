"""The bench plants the same cases each time, counts every kind of request, and says what is above its bound."""

from dataclasses import replace

import pytest

from bench.bounds import BOUNDS, FLAT
from bench.counting import Counts, counts_of
from bench.gate import broken, may_shrink
from bench.installation import Installation
from bench.kept import keep, measured
from bench.picture import drawn
from bench.planting import plant_cases
from bench.requests import Unexpected, works
from bench.timing import MOST_VOID, Steady, Unsteady, spread

FEW = 40
FIRST = "18cadadb"
"""How the least of their ids begins: they come from a fixed seed."""


@pytest.fixture
def found(world, admin):
    content = plant_cases(world, FEW)
    return Installation(world, admin, world.rows("SELECT current_database()")[0][0], FEW, content, 0.0)


def test_every_kind_of_request_is_counted_once_on_a_few_cases(found):
    asked = works(found)
    assert {work.name for work in asked} == set(BOUNDS)
    page = next(work for work in asked if work.name == "case page")
    counts = counts_of(found, page)
    assert counts.statements <= BOUNDS["case page"].statements
    assert counts.entries == 1
    assert counts.bytes > 0
    assert counts.calls > 0
    with pytest.raises(Unexpected):
        replace(page, status=404).send(page.ready())


def test_what_is_planted_is_the_same_each_time(found):
    assert found.world.count("casework_case") == FEW
    assert found.world.rows("SELECT left(min(id::text), 8) FROM casework_case") == [(FIRST,)]


COUNTS = Counts(statements=1, buffers=100, scanned=0, entries=1, bytes=10, calls=10)


def everywhere(counts):
    return dict.fromkeys(BOUNDS, counts)


def test_a_request_that_costs_too_much_is_named():
    within = everywhere(replace(COUNTS, bytes=0))
    assert broken(within, within) == []
    assert len(list(may_shrink(within, within))) >= len(BOUNDS)
    for worse in (replace(COUNTS, statements=99), replace(COUNTS, buffers=10_000), replace(COUNTS, scanned=1)):
        assert broken(within, {**within, "case page": worse})[0].startswith("case page")
    assert broken(within, {**within, "new": COUNTS}) == ["new has no bound in bench/bounds.py."]


def test_every_bound_above_what_is_flat_has_its_reason():
    assert not [name for name, bound in BOUNDS.items() if (bound.growth > FLAT) != bool(bound.why)]


def test_a_sample_counts_only_on_a_steady_machine(monkeypatch):
    loops = iter([1.0] * 11 + [1.0, 1.3] + [1.0, 1.0] + [1.0, 2.0] * (MOST_VOID + 9))
    monkeypatch.setattr("bench.timing.arithmetic", lambda: next(loops))
    steady = Steady()
    assert steady.sample(lambda: "first") == "first"
    assert steady.sample(lambda: "second") == "second"
    assert steady.void == 1
    with pytest.raises(Unsteady):
        steady.sample(lambda: "third")


def test_what_was_measured_is_kept_word_by_word(tmp_path):
    kept = tmp_path / "build" / "bench.json"
    keep("limits", "18.1", {"loop": 1}, kept)
    keep("http --scale xs", "18.1", {"rows": {}}, kept)
    keep("limits", "18.1", {"loop": 2}, kept)
    found = measured(kept)
    assert found["limits"]["figures"] == {"loop": 2}
    assert found["http"]["command"] == "python -m bench http --scale xs"


def test_the_picture_says_each_ratio():
    picture = drawn("More & more", {"worklist": 2.0, "case page": 1.0})
    assert "More &amp; more" in picture
    assert ">2.00<" in picture
    assert ">1.00<" in picture


def test_the_middle_is_told_with_its_ends():
    assert str(spread([3.0, 1.0, 2.0])) == "2.0 (1.0 to 3.0)"
