"""`person.has_perm("casework.see_case", case)`: Django's own question, answered by the law alone (docs/decisions/0019).

It is asked inside an act, of the person who acts: outside one it raises NobodyActing, as any list of records does.
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from casework.asking.standing import all_allowed, may
from permissions.acting import NobodyActing, acting
from permissions.vocabulary import Action

LABEL = "casework"
"""The app whose permissions the actions are."""


def _action(permission: str, thing: object) -> Action | None:
    """Return the action of a permission; with an object its name alone will do, as in guardian."""
    label, dot, word = permission.rpartition(".")
    if label != LABEL and (dot or thing is None):
        return None
    return Action(word) if word in set(Action) else None


def _is_asked(person: Any) -> bool:
    """Whether there is a question: nobody without an account may do anything. Raises NobodyActing unless they act."""
    if not person.is_active or not person.is_authenticated:
        return False
    if acting().actor.person_id != person.pk:
        raise NobodyActing("this person is not acting: what somebody may is asked in an act of their own")
    return True


class Decides(BaseBackend):
    """Answers what one may, as `decide` does; signs nobody in, and no row of a library says yes."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the acting person may do this to the object; what is no action, or no record, is no."""
        action = _action(perm, obj)
        if action is None or not _is_asked(user_obj):
            return False
        return (obj is None or isinstance(obj, Model)) and may(action, obj)

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return everything that the acting person may do to the object; no group gives anybody anything."""
        if not (obj is None or isinstance(obj, Model)) or not _is_asked(user_obj):
            return set()
        return {f"{LABEL}.{action}" for action in all_allowed(obj)}

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the acting person has any act at all."""
        return app_label == LABEL and bool(self.get_user_permissions(user_obj))
