"""One act = one person or system actor, one role, one action, one transaction; the database is told, signed."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
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
from permissions.decision import Actor, Missing, Refused, keeps_no_records, roles_for
from permissions.installing import signing_in
from permissions.signing import signed
from permissions.vocabulary import Action, Role

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


NobodyActing = lowest.NobodyActing


class Busy(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """Somebody else worked on the same thing for so long that this act could not be done, twice."""


class Uncertain(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """The act was committed here, or sent to be, and nobody said that it stands for good: it is asked again, the same."""


class Reused(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """The operation was carried out before, with another action, target or content."""


COLLISIONS = frozenset({"40P01", "40001", "55P03"})
"""What the database says of two acts that meet: a deadlock, a serialization failure, a lock that was not to be had."""


@dataclass(frozen=True, slots=True)
class Once:
    """What an operation is done to and a keyed fingerprint of what was given, so that a repeat is known from a reuse."""

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
_nonce_lock = threading.Lock()
_last_nonce = 0


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
    """Return the moment of the running act, or, before one is open, that at which it would be."""
    running = _acting.get()
    return running.moment if running else scenario_moment.get() or timezone.localtime()


def _next_nonce() -> int:
    global _last_nonce  # noqa: PLW0603 - one counter a process, under its lock
    with _nonce_lock:
        _last_nonce = max(_last_nonce + 1, time.time_ns())
        return _last_nonce


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
    """Let a statement outside any act be that of a named system actor: in the transaction that runs, or in its own."""
    with transaction.atomic():
        _tell(_identity(actor, role, action, (action, own_basis(actor.kind)), uuid4()), None, None)
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT lock.stop_acting()")


STANDBY = "SyncRepWaitForLSN"
"""The function of the server that waits for the standby, and warns where that wait was broken off."""
_COMES_TO_NOTHING = ("23", "25", "40")
"""Classes of errors at a commit by which it is certain that nothing was stored."""


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


def _identity(actor: Actor, role: Role, action: Action, why: tuple[str, str], operation: UUID) -> list[str]:
    """Return what is signed: who acts, in which role, doing what, for which purpose and on which basis."""
    scenario = scenario_moment.get()
    return [
        *(_backend_pid(), str(_next_nonce())),
        *(str(actor.person_id), str(actor.agency_id or ""), str(actor.membership_id or "")),
        *(role, action, *why),
        str(operation),
        scenario.isoformat() if scenario else "",
        *circumstances.get().signed_fields(),
    ]


def _backend_pid() -> str:
    connection.ensure_connection()
    if settings.ASK_SERVER_FOR_PID:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return str(cursor.fetchone()[0])
    return str(connection.connection.info.backend_pid)


def _tell(fields: list[str], once: Once | None, holds: UUID | None) -> tuple[datetime, bool, dict[str, Any] | None]:
    asked = [once is not None, once.target if once else None, once.fingerprint if once else None]
    query = "SELECT moment, is_first, is_same, answer FROM lock.act_as(%s, %s, %s, %s, %s, %s)"
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, [*signed(fields), holds, *asked])
            moment, is_first, is_same, answer = cursor.fetchone()
    except ProgrammingError as error:
        if is_privilege(error):
            raise Refused(str(error.__cause__).split("\n", 1)[0]) from error
        raise
    if not is_same:
        raise Reused
    return moment, is_first, json.loads(answer) if isinstance(answer, str) else answer


@contextmanager
def step_of_act(name: object) -> Iterator[Acting]:
    """Do one of several steps of the running act: what it makes has ids of its own, and nothing else differs."""
    whole = acting()
    token = _acting.set(replace(whole, operation=whole.made_id("step", name)))
    try:
        yield acting()
    finally:
        _acting.reset(token)


@contextmanager
def holding(what: Sequence[UUID]) -> Iterator[Acting]:
    """Do a part of the running act with the cases of these held, which counts at the moment from which they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.hold_all(%s)", [list(what)])
        cursor.execute("SELECT lock.take_moment()")
        (moment,) = cursor.fetchone()
    token = _acting.set(replace(acting(), moment=moment))
    try:
        yield acting()
    finally:
        _acting.reset(token)


@contextmanager
def standing_at(agency_id: int) -> Iterator[Acting]:
    """Do a part of the running act at the other end of a handoff; the database was told so before (lock.stand_at)."""
    whole = acting()
    token = _acting.set(replace(whole, actor=replace(whole.actor, agency_id=agency_id)))
    try:
        yield acting()
    finally:
        _acting.reset(token)


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
    """Do one piece of work as this person, in the first of their roles that may; a refusal is kept on the trail.

    `rather` are actions that show more of the same, tried before it. That the law does not allow one of them is no try
    of the person, who asked for the page and not for the most of it: only where all say no is one refusal kept.
    Raises Refused, or Missing when `sees` (may they see the case or handoff at all?) also says no, or what `lost` returns
    where it was within their reach until somebody else acted: then there is no refusal to keep. What collides with
    another act in the database is tried once more; Busy when it does so again.
    """
    open_act = partial(acting_as, purpose=purpose, basis=basis, operation=operation, once=once, holds=holds)
    try:
        return _twice(partial(_in_first_role, actor, (*rather, action), work, open_act))
    except Refused as refusal:
        if lost is not None and (overtaken := _lost_in(actor, action, lost)):
            raise overtaken from refusal
        seen = sees is not None and _may_see(actor, sees)
        _keep_refusal(actor, action, str(refusal), about)
        if isinstance(refusal, Missing) or (sees is not None and not seen):
            raise Missing(str(refusal)) if not seen else Refused(str(refusal)) from refusal
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
    none = (
        "this kind of agency keeps no records of people"
        if keeps_no_records(actor)
        else "no role of this membership has a cell"
    )
    refusal = Refused(f"{actions[-1]}: {none}")
    for tried, role in [(one, role) for one in actions for role in roles_for(actor, one)]:
        try:
            with open_act(actor, role, tried):
                return work()
        except Refused as error:
            refusal = error
        except ProgrammingError as error:
            if not is_privilege(error):
                raise
            log.exception("the lock refused what the law had allowed")
            refusal = Refused(f"{tried}: the lock says no")
    raise refusal


def _lost_in(actor: Actor, action: Action, lost: Callable[[], Exception | None]) -> Exception | None:
    """Ask in an act of its own by whose act the person lost it; nobody is told who could not do this anyway."""
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
    """Put on the trail that a person asked for what is no page, or sent a form that no longer holds; not what they sent."""
    with acting_as(signing_in(actor), Role.SIGN_IN, Action.RECORD_UNKNOWN_REQUEST):
        record_refusal(word, word, None)


def _keep_refusal(actor: Actor, action: Action, why: str, about: UUID | None) -> None:
    """Write the refusal in a transaction of its own, so that it survives what it refused."""
    try:
        with acting_as(actor, actor.roles[0], action):
            record_refusal(action, why, about)
    except Refused:
        # The membership itself no longer runs: the person is known, the agency is not acted for.
        outside = replace(actor, agency_id=None, membership_id=None)
        with acting_as(outside, Role.VISITOR, action):
            record_refusal(action, why, about)
