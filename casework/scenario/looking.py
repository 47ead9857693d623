"""What the people of a story see: the same selectors that the pages show, told in a few words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from casework.access import reach_handoff, sees_case, sees_handoff
from casework.oversight.access_log import entries_seen
from casework.scenario.backstage import Backstage
from casework.selectors import (
    CasePage,
    HandoffPage,
    package_items,
    read_record,
    see_case,
    see_handoff,
    worklist,
    worklist_overview,
)
from casework.selectors.sections import held_in
from casework.selectors.worklists import MOST_COUNTED
from permissions.acting import act
from permissions.decision import Actor, Refused, for_lists
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM, local_midnight_after
from workflows.clocks import TERMS

FAR = datetime(9999, 1, 2, tzinfo=UTC)
NOTHING = UUID("6f0f4f3c-9d0b-5d0a-8a55-1f6f0f6f2f11")


@dataclass(frozen=True)
class Looks:
    """The looks of a story, by the names that it gave."""

    backstage: Backstage
    names: dict[str, UUID]

    def answer(self, do: str, actor: Actor, on: str) -> object:
        """Return what somebody sees who looks, lists, counts or reads the log."""
        alias, _, part = on.partition(".")
        known = self.names.get(alias)
        if known and part:
            known = self.backstage.part_of(known, part, actor.agency_id)
        if on and known is None:
            known = nothing(on)
        if do == "look":
            return self._see(actor, known or nothing(on))
        if do == "log":
            return self._log(actor, known)
        work = self._all_rows if do == "list" else _count
        try:
            return act(for_lists(actor, Action.SEE_CASE), Action.SEE_CASE, work)
        except Refused:
            return "refused"

    def _see(self, actor: Actor, on: UUID) -> object:
        found: dict[str, object] = {}
        case_id = self.backstage.case_of(on)
        for action, select in ((Action.SEE_CASE, see_case), (Action.READ_RECORD, read_record)):
            try:
                page = act(actor, action, lambda select=select: select(case_id), about=case_id, sees=sees_case(case_id))  # type: ignore[misc]
            except Refused:
                continue
            found |= _told(page)
            if action is Action.READ_RECORD:
                found |= _read(page)
        return (found | self._packages(actor, on)) or "not_found"

    def _packages(self, actor: Actor, on: UUID) -> dict[str, object]:
        """Return the items that this person may read of a handoff, or of every handoff of a case; and one handoff itself."""
        items: list[str] | None = None
        found: dict[str, object] = {}
        for handoff_id in self.backstage.handoffs_of(on):
            try:
                page = act(actor, Action.SEE_HANDOFF, lambda one=handoff_id: see_handoff(one), sees=sees_handoff(handoff_id))  # type: ignore[misc]
                rows = act(
                    actor,
                    Action.SEE_HANDOFF,
                    lambda one=handoff_id: package_items(reach_handoff(one, Action.SEE_HANDOFF, lock=False).handoff),  # type: ignore[misc]
                )
            except Refused:
                continue
            items = sorted([*(items or []), *(f"{item.group}:{item.label}" for item in rows)])
            if handoff_id == on:
                found["handoff"] = _handoff(page)
                found["stays"] = sorted(f"{stay.label}:{stay.why}" for stay in page.stays)
        return found if items is None else {**found, "items": items}

    def _all_rows(self) -> object:
        back: dict[UUID | None, str] = {case_id: name for name, case_id in self.names.items()}
        page = worklist()
        every = list(page.rows)
        while page.following is not None:
            page = worklist(after=page.following)
            every += page.rows
        rows = [(row.step.is_mine, str(row.step.way.verb), back.get(row.case_id, "?")) for row in every]
        told = [f"{verb} {name}" for _, verb, name in rows]
        return {
            "cases": sorted({name for _, _, name in rows}),
            "mine": [f"{verb} {name}" for is_mine, verb, name in rows if is_mine],
            "others": [f"{verb} {name}" for is_mine, verb, name in rows if not is_mine],
            "first": told[0] if told else None,
        }

    def _log(self, actor: Actor, on: UUID | None) -> object:
        case_id = self.backstage.case_of(on) if on else None
        try:
            entries = act(actor, Action.SEE_ACCESS_LOG, lambda: entries_seen([case_id] if case_id else []))
        except Refused:
            return "refused"
        return {
            "entries": len(entries),
            "refused": sum(entry.outcome == "refused" for entry in entries),
            "words": dict(Counter(entry.word for entry in entries)),
            "acts": dict(Counter(word for word, _ in {(entry.word, entry.xact) for entry in entries})),
        }


def nothing(name: str) -> UUID:
    """Return an id that nothing has, for a name behind which there is nothing: whoever asks for it is told as anybody is."""
    return uuid5(NOTHING, name)


def _count() -> object:
    """Return how much waits, as a list says it: beyond what is counted, that there is more."""
    found = worklist_overview([FAR]).counts[0]
    return {"count": found if found <= MOST_COUNTED else f"more than {MOST_COUNTED}"}


def _told(page: CasePage) -> dict[str, object]:
    """Return what the shell of a case says."""
    due: dict[str, Any] = {}
    for term in page.deadlines:
        due.setdefault(term.clock, []).append(_last_moment(term.clock, term.due_at))
    tracks: dict[str, list[str]] = {}
    for view in page.tracks:
        tracks.setdefault(view.track.kind, []).append(view.track.state)
    return {"state": page.state, "tracks": _alone_or_all(tracks), "due": _alone_or_all(due)}


def _alone_or_all(found: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return each thing by itself where it is the only one of its kind, else the list of them."""
    return {name: several[0] if len(several) == 1 else several for name, several in found.items()}


def _read(page: CasePage) -> dict[str, object]:
    """Return what a reader of the record sees: which sections hold something, and on which basis it is kept."""
    record = page.sections.record[0] if page.sections.record else None
    return {
        "sections": sorted(held_in(page.sections)),
        "record": {name: getattr(record, name, None) for name in ("basis", "wpg_article")},
    }


def _last_moment(clock: str, due_at: datetime) -> date | datetime:
    """Return the last day of a term in days, or the local moment at which a term in hours ends."""
    local = due_at.astimezone(AMSTERDAM)
    day = local.date() - timedelta(days=1)
    if TERMS[clock].unit in {"hours", "minutes"} or local_midnight_after(day) != due_at:
        return local
    return day


def _handoff(page: HandoffPage) -> dict[str, object]:
    handoff = page.handoff
    return {
        "kind": handoff.kind,
        "state": handoff.state,
        "basis": handoff.basis,
        "end": page.end,
        "version": handoff.version,
        "package": handoff.package_version,
        "acute": handoff.is_acute,
    }
