"""Revealing as an act: what the pages show by the same selector, for a story that only needs that it was done."""

from casework.actions.request import Deed, Done
from casework.input.read import Malformed
from casework.selectors.apart import reveal as look


def reveal(deed: Deed) -> Done:
    """Reveal a source or a number, with its reason."""
    rows = deed.inputs.get("reveal", ())
    if not rows:
        raise Malformed("reveal", "code", "required")
    look(deed.target, rows[0]["code"])
    return Done(deed.target, deed.target)
