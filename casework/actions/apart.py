"""Revealing as an act: what the pages show by the same selector, for a story that only needs that it was done."""

from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed
from casework.selectors.apart import reveal as look


def reveal(request: ActionRequest) -> ActionResult:
    """Reveal a source or a number, with its reason."""
    rows = request.inputs.get("reveal", ())
    if not rows:
        raise Malformed("reveal", "code", "required")
    look(request.target, rows[0]["code"])
    return ActionResult(request.target, request.target)
