"""The action week of a demo: invented addresses and people from a seed, visited around today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from casework.input.codes import CRITERIA, EXCLUSIONS
from casework.scenario.days import Days
from casework.scenario.scene import SceneLine, SceneStep
from casework.scenario.telling import Chapter
from workflows.calendars import AMSTERDAM, day_of

STREETS = (
    "Ahornlaan", "Berkenpad", "Ceintuurbaan", "Dennenweg", "Eikstraat", "Fabrieksweg", "Grutterslaan", "Havenkade",
    "IJsvogelhof", "Jasmijnstraat", "Korenbloemweg", "Lindenhof", "Meidoornlaan", "Noorderpad", "Oude Dijk",
)  # fmt: skip
TOWNS = (("Voorbeeldstad", "1234"), ("Proefdorp", "1235"), ("Testhaven", "1236"))
FAMILIES = (
    "Aalbers", "Brouwer", "Cornelissen", "Doorn", "Evers", "Franken", "Geerts", "Hendriks", "Ibrahimi", "Janse", "Karels",
    "Lammers", "Meijer", "Nijland", "Ouwehand", "Pieterse", "Quist", "Rademaker", "Schouten", "Timmer", "Uyterlinde",
    "Verschoor", "Willems", "Yilmaz", "Zandstra",
)  # fmt: skip
GIVEN = ("Aron", "Bram", "Cas", "Daan", "Erik", "Frank", "Gijs", "Hugo", "Ivo", "Jeroen", "Kees", "Luuk", "Martijn", "Niels")
LETTERS = "ABCDEFGHJKLMNPRST"
"""Each street has a postcode of its own: an address is known again by its postcode and number."""
SEARCHED = 3
"""Every how manieth visit is made with a search."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of the week."""

    name: str
    number: int
    """On which day of the week."""
    day: date
    content: Mapping[str, Any]
    with_search: bool
    is_made: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week: how many visits, by whom, and how many of them are made."""

    day: date
    visits: int
    holder: str
    made: int
    made_at: datetime | None = None
    called_at: datetime | None = None


def action_week(days: Days, seed: str) -> list[Chapter]:
    """Return a chapter for each day of the week, from the reports behind its visits to what came of them until now."""
    week = _days(days)
    made_up = _visits(week, Random(seed))  # noqa: S311 - names, not keys
    chapters = []
    for number, day in enumerate(week, 1):
        visits = [one for one in made_up if one.number == number]
        steps = [*_before(days, day, visits), *_made(day, [one for one in visits if one.is_made])]
        chapters.append(Chapter(f"action week, day {number}", steps))
    return chapters


def _days(days: Days) -> list[Day]:
    back, yesterday = days.working_day(-2), days.working_day(-1)
    made = days.before(timedelta(minutes=45))
    return [
        Day(back, 9, "lies", 9, _at(back, 16, 0), _at(back, 17, 0)),
        Day(yesterday, 8, "lies", 8, _at(yesterday, 16, 0), _at(yesterday, 17, 0)),
        Day(days.today, 7, "lies", 4 if day_of(made) == days.today else 0, made),
        Day(days.working_day(1), 4, "fatima", 0),
        Day(days.working_day(2), 2, "fatima", 0),
    ]


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), AMSTERDAM)


def _visits(week: Sequence[Day], chance: Random) -> list[Visit]:
    addresses = [(street, number) for street in STREETS for number in range(2, 90, 8)]
    people = [(family, given) for family in FAMILIES for given in GIVEN]
    chance.shuffle(addresses)
    chance.shuffle(people)
    found: list[Visit] = []
    for number, day in enumerate(week, 1):
        for turn in range(day.visits):
            place = len(found)
            (street, house), (family, given) = addresses[place], people[place]
            town, digits = TOWNS[place % len(TOWNS)]
            born = date(chance.randrange(1958, 2000), chance.randrange(1, 13), chance.randrange(1, 29))
            postcode = f"{digits} W{LETTERS[STREETS.index(street)]}"
            content = {
                "premises": {"street": street, "number": str(house), "postcode": postcode, "town": town},
                "person": {"role": "subject", "family_name": family, "given_names": given, "birth_date": born},
            }
            found.append(Visit(f"week{place + 1:02}", number, day.day, content, place % SEARCHED == 0, turn < day.made))
    return found


def _before(days: Days, day: Day, visits: Sequence[Visit]) -> Iterator[SceneStep]:
    """Yield how each report came in and was decided on: two weeks of work before the week itself."""
    opened, decided, planned = days.working_day(-14), days.working_day(-9), days.working_day(-5)
    for place, one in enumerate(visits):
        at = _at(opened, 9, 0) + timedelta(minutes=20 * place)
        yield _step(
            day.holder, "open_case", at, id=one.name, content={"basis": {"code": "WPG_8", "article": "8"}, **one.content}
        )
    yield _plan(day.holder, "submit", _at(opened, 16, 0), visits)
    yield _plan("dirk", "take_up", _at(days.working_day(-13), 9, 0), visits)
    yield _plan("dirk", "plan_visit", _at(decided, 11, 0), visits, {one.name: _checked(decided, one) for one in visits})
    yield _plan(day.holder, "schedule_visit", _at(planned, 10, 0), visits, {one.name: _team(planned, one) for one in visits})


def _checked(on: date, one: Visit) -> Mapping[str, Any]:
    exclusions = {f"{name}_source": "melding" for name in EXCLUSIONS} | dict.fromkeys(EXCLUSIONS, "no")
    if one.with_search:
        exclusions["large_scale_or_repeat_reports"] = "yes"
    return {
        "criteria": {f"{name}_source": "melding" for name in CRITERIA} | dict.fromkeys(CRITERIA, "yes"),
        "exclusions": exclusions,
        "prosecutor_approval": {"name": "Officier S. Bos", "date": on, "code": "prosecutor"},
        "known_children_checked": {"yes": "no", "date": on},
    }


def _team(on: date, one: Visit) -> Mapping[str, Any]:
    plan = {
        "date": one.day,
        "officers": ["R. Dekker", "M. Visscher"],
        "subject": "Rustig aanspreken aan de deur, niet in het bijzijn van kinderen.",
        "family": "De tweede agent blijft bij het gezin.",
        "team": "Twee agenten; een wagen in de buurt.",
    }
    if not one.with_search:
        return {"visit_plan": plan}
    return {"visit_plan": plan, "search_decided": {"code": "warn_and_search", "authority": "order", "date": on}}


def _made(day: Day, visits: Sequence[Visit]) -> Iterator[SceneStep]:
    """Yield what came of the visits of a day: the report, the warning, help information and, of a past day, the call."""
    if not day.made_at or not visits:
        return
    at = day.made_at
    yield _plan(day.holder, "record_visit", at, visits, {one.name: _report(one) for one in visits})
    yield _plan(day.holder, "warn", at + timedelta(minutes=10), visits)
    offer = {"offer_form": {"code": "conversation", "date": day.day}}
    yield _plan(day.holder, "offer_help", at + timedelta(minutes=15), visits, {one.name: offer for one in visits})
    card = {"information_form": {"code": "card", "date": day.day}}
    yield _plan(day.holder, "give_information", at + timedelta(minutes=20), visits, {one.name: card for one in visits})
    if day.called_at:
        call = {"welfare_call": {"code": "made", "date": day.day}}
        yield _plan(day.holder, "start_follow_up", day.called_at, visits, {one.name: call for one in visits})


def _report(one: Visit) -> Mapping[str, Any]:
    counted = {"date": one.day, "warned": 1, "cautioned": "yes"}
    found: dict[str, Any] = {"child_check": {"code": "none"}, "help_offer": {"code": "card", "date": one.day}}
    if not one.with_search:
        return {**found, "visit_report": {**counted, "outcome": "warned"}}
    searched = {**counted, "outcome": "warned_and_search", "searched": 1, "carriers": 3 + len(one.name) % 5}
    return {**found, "visit_report": searched, "search_authority": {"code": "order", "date": one.day}}


def _plan(
    who: str, do: str, at: datetime, visits: Sequence[Visit], content: Mapping[str, Mapping[str, Any]] | None = None
) -> SceneStep:
    lines = tuple(SceneLine(0, one.name, (content or {}).get(one.name, {}), None) for one in visits)
    return _step(who, do, at, plan=lines)


def _step(  # noqa: PLR0913 - the parts of a step
    who: str,
    do: str,
    at: datetime,
    *,
    id: str = "",  # noqa: A002 - as a story calls it
    content: Mapping[str, Any] | None = None,
    plan: tuple[SceneLine, ...] = (),
) -> SceneStep:
    return SceneStep(0, at, who, do, "", content or {}, 1, id, "done", None, "", plan=plan)
