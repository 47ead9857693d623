"""The page of a step on a track."""

from typing import Any
from uuid import UUID

from casework.entries.entry import Page
from casework.input.fact_parts import PART_OF_FACT
from casework.input.parts import parts_for
from casework.selectors import TrackPage, follows, track_for
from permissions.vocabulary import Action
from web.forms import ActForm, Choices
from web.views.action_page import ASKED_TOO, ActionView, approvals, asked_to_approve
from web.views.choices import hit


class TrackView(ActionView):
    """The page of a step on a track: what it needs and holds already stands around its form."""

    named = "track_id"
    draft_page = Page.TRACK
    offers_found = True
    offers = frozenset({"prior_warning_answer-case"})
    found: TrackPage

    def find(self) -> None:
        """Find the track, and what the step needs."""
        self.found = track_for(self.target, self.action)

    def parts(self, form: ActForm | None) -> tuple[str, ...]:
        """Return the parts that the step still needs, and of what was sent whatever says something."""
        asked = parts_for(self.action, self.found.missing)
        if form is None:
            return asked
        return tuple(part for part in parts_for(self.action) if part in asked or form.is_touched(part))

    def choices(self) -> Choices:
        """Return what can be chosen: rows of the record, what can be approved, and earlier warnings."""
        track, hits = self.found.track, self.found.warnings or ()
        found = super().choices() | approvals(track.kind, track.state, self.action)
        # An answer that chooses no earlier warning is about all of them.
        return found | {"prior_warning_answer-case": [hit(row.hit, row.reference, row.warned_on) for row in hits]}

    @property
    def case_id(self) -> UUID:
        """Return the case of the track."""
        return self.found.track.case_id

    def optional(self) -> frozenset[str]:
        """Return the parts that none of what the step still needs rests on."""
        return optional_parts(self.action, self.found.missing)

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return what holds already, what is missing, and what was asked to approve."""
        found, track = self.found, self.found.track
        shown: dict[str, Any] = {"track": track, "case_id": track.case_id, "version": track.version, "line": found.line}
        shown |= {"held": sorted(found.held - {row.fact for row in found.told}), "told": found.told}
        shown |= {"is_complete": not found.missing, "may_write": found.may_write}
        shown |= {"gaps": [fact for fact in found.missing if fact not in PART_OF_FACT]}
        shown |= {"warnings": found.warnings, "looked_at": found.looked_at}
        shown |= {"follows": follows(track.kind, track.state, self.action)}
        return shown | asked_to_approve(self.action, found.asked)


def optional_parts(action: Action, missing: tuple[str, ...]) -> frozenset[str]:
    """Return the parts of a step that none of what it still needs rests on."""
    needed = {PART_OF_FACT.get(fact, "") for fact in missing} | {ASKED_TOO.get(action, "")}
    return frozenset(part for part in parts_for(action, missing) if part not in needed)
