"""A form belongs to the membership in which it was drawn: nothing of it is stored for another agency."""

from permissions.acting import record_unknown_request
from permissions.decision import Actor


class DrawnElsewhere(Exception):  # noqa: N818 - read aloud as the sentence it is
    """The form was drawn in another membership than the one in which the person acts now."""

    def __init__(self, membership: str) -> None:
        """Keep the membership in which it was drawn."""
        super().__init__("drawn in another membership")
        self.membership = membership


def check_drawn(actor: Actor, membership: str) -> None:
    """Raise DrawnElsewhere for a form of another membership; the try is on the trail, and nothing of the form is stored.

    A form that does not say in which membership it was drawn, as one of a script, is compared with nothing.
    """
    if membership and membership != str(actor.membership_id or ""):
        record_unknown_request(actor, "other_membership")
        raise DrawnElsewhere(membership)
