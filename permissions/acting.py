"""One act = one person or system actor, one role, one action, one transaction; the database is told, signed."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg.errors import Diagnostic

from audit import acting as lowest
from audit.recording import record_refusal
from permissions.bases import own_basis
from permissions.circumstances import circumstances
from permissions.decision import BREAKS_GLASS, Actor, Missing, Refused, keeps_no_records, roles_for
from permissions.installing import signing_in
from permissions.reasons import Reason, Rule
from permissions.signing import Identity, signed
from permissions.vocabulary import Action, Role

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


NobodyActing = lowest.NobodyActing


class Busy(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """The act was tried twice, and each time somebody else was at work on the same thing."""


class Uncertain(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A commit was sent, but it is not known whether it is stored for good: the same request is to be repeated."""


class Reused(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """The operation was carried out before, with another action, target or content."""


class DrawnElsewhere(Exception):  # noqa: N818 - read aloud as the sentence it is
    """The form was drawn in another membership than the one in which the person acts now."""

    def __init__(self, membership: str) -> None:
        super().__init__("drawn in another membership")
        self.membership = membership


COLLISIONS = frozenset({"40P01", "40001", "55P03"})
"""The errors of the database when two acts meet: a deadlock, a serialization failure, a lock that was not available."""


@dataclass(frozen=True, slots=True)
class Once:
    """The target and a keyed fingerprint of the content of an operation, which tell a repeat from a reuse of its id."""

    target: UUID | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Acting:
    """The running act: who, in which role, doing what, and the moment at which it counts."""

    actor: Actor
    role: Role
    action: Action
    operation: UUID
    moment: datetime
    is_first: bool = True
    """Whether this operation was not carried out before; told only to an act that is done once."""
    writes: bool = False
    """Whether this act is done once, and so changes something."""
    answer: dict[str, Any] | None = None
    """What this operation answered when it was carried out before."""

    def made_id(self, *names: object) -> UUID:
        """Return an id that a repeat of this operation makes again."""
        return uuid5(self.operation, ":".join(str(name) for name in names))


_acting: ContextVar[Acting | None] = lowest.running
scenario_moment: ContextVar[datetime | None] = ContextVar("scenario_moment", default=None)


def acting() -> Acting:
    """Return the running act, or raise NobodyActing."""
    current = _acting.get()
    if current is None:
        raise NobodyActing(lowest.OUTSIDE)
    return current


def current_moment() -> datetime:
    """Return the moment of the running act: database time, or the scenario's clock in a scenario."""
    return acting().moment


def expected_moment() -> datetime:
    """Return the moment of the running act; where none is open, the moment that an act would get now."""
    running = _acting.get()
    return running.moment if running else scenario_moment.get() or timezone.localtime()


@contextmanager
def acting_as(  # noqa: PLR0913 - the parts of an identity
    actor: Actor,
    role: Role,
    action: Action,
    *,
    purpose: str = "",
    basis: str = "",
    operation: UUID | None = None,
    once: Once | None = None,
    holds: UUID | None = None,
) -> Iterator[Acting]:
    """Open the act: the outermost transaction, in which the database knows who acts; acts never nest.

    `once` stores the operation in the same statement, and tells whether it was there before; Reused is raised when it
    was there with other content. `holds` is a case, track, handoff or the like whose case is held until the act ends:
    before anything else, so that two acts on one case come one after the other (docs/decisions/0013).
    """
    operation = operation or uuid4()
    with _stored_for_good():
        in_test = len(connection.atomic_blocks) > 1
        why = (purpose or action, basis or own_basis(actor.kind))
        moment, is_first, answer = _tell(_identity(actor, role, action, why, operation), once, holds)
        token = _acting.set(Acting(actor, role, action, operation, moment, is_first, once is not None, answer))
        try:
            yield acting()
            if in_test:
                _end_inside_a_test()
        finally:
            _acting.reset(token)


@contextmanager
def acting_briefly(actor: Actor, role: Role, action: Action) -> Iterator[None]:
    """Let a named system actor do one statement outside an act, in the running transaction or in one of its own."""
    with transaction.atomic():
        _tell(_identity(actor, role, action, (action, own_basis(actor.kind)), uuid4()), None, None)
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT lock.stop_acting()")


NO_CASE = Reason(Rule.OUT_OF_REACH, what="case")
STANDBY = "SyncRepWaitForLSN"
"""The function of the server that waits for the standby, and warns where that wait was broken off."""
_COMES_TO_NOTHING = ("23", "25", "40")
"""Classes of errors at a commit that make it certain that nothing was stored."""


@contextmanager
def _stored_for_good() -> Iterator[None]:
    """Open the outermost transaction; raises Uncertain where its end does not tell that it was stored for good.

    A wait for the standby that is broken off is a warning to the client, beside a commit that looks like any other. A
    connection that is lost while the commit runs tells nothing at all.
    """
    doubts: list[str] = []
    is_ending = False
    driver: Any = None

    def hear(said: Diagnostic) -> None:
        if said.source_function == STANDBY:
            doubts.append(said.message_primary or STANDBY)

    try:
        with transaction.atomic(durable=True):
            driver = connection.connection
            driver.add_notice_handler(hear)
            yield
            is_ending = True
    except OperationalError as error:
        if is_ending and not str(getattr(error.__cause__, "sqlstate", "") or "").startswith(_COMES_TO_NOTHING):
            raise Uncertain from error
        raise
    finally:
        if driver is not None:
            driver.remove_notice_handler(hear)
    if doubts:
        log.error("an act was committed and its standby did not say that it has it: %s", doubts[0])
        raise Uncertain


def is_acting() -> bool:
    """Whether an act is open."""
    return _acting.get() is not None


def _identity(actor: Actor, role: Role, action: Action, why: tuple[str, str], operation: UUID) -> Identity:
    """Return what is signed: who acts, in which role, doing what, for which purpose and on which basis."""
    purpose, basis = why
    return Identity(
        pid=_backend_pid(),
        person=actor.person_id,
        agency=actor.agency_id,
        membership=actor.membership_id,
        role=role,
        action=action,
        purpose=purpose,
        basis=basis,
        operation=operation,
        moment=scenario_moment.get(),
        **circumstances.get().signed_fields(),
    )


def _backend_pid() -> int:
    connection.ensure_connection()
    if settings.ASK_SERVER_FOR_PID:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])
    return int(connection.connection.info.backend_pid)


def _tell(who: Identity, once: Once | None, holds: UUID | None) -> tuple[datetime, bool, dict[str, Any] | None]:
    asked = [once is not None, once.target if once else None, once.fingerprint if once else None]
    query = "SELECT moment, is_first, is_same, answer FROM lock.act_as(%s, %s, %s, %s, %s, %s)"
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, [*signed("identity", **asdict(who)), holds, *asked])
            moment, is_first, is_same, answer = cursor.fetchone()
    except ProgrammingError as error:
        if is_privilege(error):
            raise Refused(Reason(Rule.IDENTITY, what=str(error.__cause__).split("\n", 1)[0])) from error
        raise
    if not is_same:
        raise Reused
    return moment, is_first, json.loads(answer) if isinstance(answer, str) else answer


def is_privilege(error: ProgrammingError) -> bool:
    """Whether the database refused for lack of a right (SQLSTATE 42501), row security included."""
    return getattr(error.__cause__, "sqlstate", "") == "42501"


def _end_inside_a_test() -> None:
    """Do what a commit would do: check deferred keys, and let the next actor in."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT lock.stop_acting()")


def act(  # noqa: PLR0913 - the parts of an act
    actor: Actor,
    action: Action,
    work: Callable[[], Answer],
    *,
    rather: tuple[Action, ...] = (),
    about: UUID | None = None,
    sees: Callable[[], bool] | None = None,
    lost: Callable[[], Exception | None] | None = None,
    purpose: str = "",
    basis: str = "",
    operation: UUID | None = None,
    once: Once | None = None,
    holds: UUID | None = None,
) -> Answer:
    """Do one piece of work as this person, in the first of their roles that may; a refusal is recorded on the trail.

    `rather` are actions that show more of the same, tried before it. Where the law does not allow one of them, nothing
    is recorded: the person asked for the page, not for all of it. Only where all say no, one refusal is recorded.
    Raises Refused, or Missing when `sees` (may they see the case or handoff at all?) also says no, or what `lost` returns
    where it was within their reach until somebody else acted: then no refusal is recorded. What collides with
    another act in the database is tried once more; Busy when it does so again.
    """
    open_act = partial(acting_as, purpose=purpose, basis=basis, operation=operation, once=once, holds=holds)
    try:
        return _twice(partial(_in_first_role, actor, (*rather, action), work, open_act))
    except Refused as refusal:
        if lost is not None and (overtaken := _lost_in(actor, action, lost)):
            raise overtaken from refusal
        seen = sees is not None and _may_see(actor, sees)
        _record_refusal(actor, action, refusal.reason, about)
        if isinstance(refusal, Missing) or (sees is not None and not seen):
            raise Refused(refusal.reason) if seen else Missing(reason=refusal.reason) from refusal
        raise


def _twice(attempt: Callable[[], Answer]) -> Answer:
    for last in (False, True):
        try:
            return attempt()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in COLLISIONS:
                raise
            log.warning("an act met another one in the database")
            if last:
                raise Busy from error
    raise Busy


def _in_first_role(
    actor: Actor,
    actions: Sequence[Action],
    work: Callable[[], Answer],
    open_act: Callable[..., AbstractContextManager[Acting]],
) -> Answer:
    refusal: Refused | None = None
    blind: set[Role] = set()
    for tried, role in [(one, role) for one in actions for role in roles_for(actor, one)]:
        if role in blind and tried in BREAKS_GLASS:
            continue
        try:
            with open_act(actor, role, tried):
                return work()
        except Refused as error:
            refusal = error
            if tried in BREAKS_GLASS and error.reason == NO_CASE:
                blind.add(role)  # the rows of a case are shown alike to who looks and to who reads
        except ProgrammingError as error:
            if not is_privilege(error):
                raise
            log.exception("the lock refused what the law had allowed")
            refusal = Refused(Reason(Rule.LOCK, tried, role))
    raise refusal or Refused(Reason(Rule.NO_RECORDS if keeps_no_records(actor) else Rule.NO_CELL, actions[-1]))


def _lost_in(actor: Actor, action: Action, lost: Callable[[], Exception | None]) -> Exception | None:
    """Ask, in an act of its own, whose act took it out of this person's reach; only who could have done the act is told."""
    if not roles_for(actor, action):
        return None
    try:
        with acting_as(actor, actor.roles[0], action):
            return lost()
    except Refused:
        return None


def _may_see(actor: Actor, sees: Callable[[], bool]) -> bool:
    for action in (Action.SEE_CASE, Action.SEE_HANDOFF):
        for role in roles_for(actor, action):
            try:
                with acting_as(actor, role, action):
                    if sees():
                        return True
            except Refused:
                continue
    return False


def record_unknown_request(actor: Actor, word: str) -> None:
    """Put on the trail that a person asked for no existing page or sent a form that is out of date; not its content."""
    with acting_as(signing_in(actor), Role.SIGN_IN, Action.RECORD_UNKNOWN_REQUEST):
        record_refusal(word, word, None)


def check_drawn(actor: Actor, membership: str) -> None:
    """Raise DrawnElsewhere for a form of another membership; the try is on the trail, and nothing of the form is stored.

    A form that does not say in which membership it was drawn, such as that of a script, is not checked.
    """
    if membership and membership != str(actor.membership_id or ""):
        record_unknown_request(actor, "other_membership")
        raise DrawnElsewhere(membership)


def _record_refusal(actor: Actor, action: Action, reason: Reason, about: UUID | None) -> None:
    """Write the refusal in a transaction of its own, so that it survives what it refused."""
    try:
        with acting_as(actor, actor.roles[0], action):
            record_refusal(action, str(reason), about)
    except Refused:
        # The membership itself no longer runs: the person is known, but does not act for the agency.
        outside = replace(actor, agency_id=None, membership_id=None)
        with acting_as(outside, Role.VISITOR, action):
            record_refusal(action, str(reason), about)
