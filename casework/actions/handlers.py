"""The registry of handlers: each function names the actions that it carries out with a decorator."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from casework.actions.request import ActionRequest, ActionResult
from casework.entries.entry import ActionEntry
from permissions.vocabulary import Action
from workflows.table import LawError

Handler = Callable[[ActionRequest], ActionResult]

_declared: dict[Action, Handler] = {}
HANDLERS: Mapping[Action, Handler] = MappingProxyType(_declared)
"""The handlers of the modules that were imported: all of them, once casework.actions.perform was."""


def carries_out(*actions: Action) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of these actions."""

    def declare(handler: Handler) -> Handler:
        for action in actions:
            if action in _declared:
                raise LawError(f"{action}: two handlers carry it out, {_named(_declared[action])} and {_named(handler)}")
            _declared[action] = handler
        return handler

    return declare


def _named(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__name__}"


def check_handlers(handlers: Mapping[Action, Handler], entries: Mapping[Action, ActionEntry]) -> None:
    """Raise LawError for an action with neither a handler nor a reason why it has none, or with both."""
    explained = {action for action, entry in entries.items() if entry.without}
    if lost := set(entries) - set(handlers) - explained:
        raise LawError(f"no handler and no reason: {', '.join(sorted(lost))}")
    if both := set(handlers) & explained:
        raise LawError(f"a handler and a reason why there is none: {', '.join(sorted(both))}")
