"""Sessions end when they end, tries are counted as long as they count, and a key serves one purpose."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random

import pytest
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import override_settings

from permissions import factors, tries
from permissions.cipher import box_for
from permissions.hashing import HASHING, Hasher
from permissions.sessions import SessionStore, hashed
from permissions.signing import signed, signed_now
from tests.attacks.test_guessing import entering, guessed
from tests.attacks.test_sign_in import SECRET
from tests.world import FormClient, World, signed_in


def kept(name: str = "anything", **more: str) -> SessionStore:
    """A session that is stored."""
    session = SessionStore()
    session["name"] = name
    for key, value in more.items():
        session[key] = value
    session.create()
    return session


def test_a_session_that_is_over_opens_nothing(world: World) -> None:
    client = signed_in("lies")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/work").status_code == 200
    world.superuser.execute("UPDATE django_session SET expire_date = now() - interval '1 second'")
    assert client.get("/work").status_code == 302
    assert not SessionStore().exists(key)
    assert SessionStore(key).load() == {}


def test_what_is_over_is_cleared_and_what_runs_is_not(world: World) -> None:
    over, runs = kept(), kept()
    query = "UPDATE django_session SET expire_date = now() - interval '1 second' WHERE session_key = %s"
    world.superuser.execute(query, [hashed(str(over.session_key))])
    query = "UPDATE django_session SET expire_date = now() + interval '1 minute' WHERE session_key = %s"
    world.superuser.execute(query, [hashed(str(runs.session_key))])
    SessionStore.clear_expired()
    assert world.rows("SELECT session_key FROM django_session") == [(hashed(str(runs.session_key)),)]


def test_a_session_is_stored_no_longer_than_its_cookie_lasts(world: World) -> None:
    session = kept()
    ((until,),) = world.rows(
        "SELECT expire_date FROM django_session WHERE session_key = %s", hashed(str(session.session_key))
    )
    assert until - datetime.now(UTC) <= timedelta(seconds=settings.SESSION_COOKIE_AGE)


def test_a_new_session_never_takes_the_place_of_another(world: World) -> None:
    assert world.people
    first = kept("mine")
    held = SessionStore().encode({"name": "planted"})
    digest = hashlib.sha256(held.encode()).hexdigest()
    token = signed_now("session", key=hashed(str(first.session_key)), until="2099-01-01", is_new=True, held=digest)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.store_session(%s, %s, %s)", [*token, held])
        assert cursor.fetchone() == (False,)
    assert SessionStore(first.session_key).load() == {"name": "mine"}


def test_a_request_that_was_on_its_way_does_not_bring_an_ended_session_back(world: World) -> None:
    assert world.people
    key = kept().session_key
    late = SessionStore(key)
    assert late["name"] == "anything"
    SessionStore(key).delete()
    late["name"] = "still here"
    with pytest.raises(UpdateError):
        late.save()
    assert not SessionStore().exists(str(key))


def test_signing_out_ends_the_session_and_not_the_cookie_alone(world: World) -> None:
    assert world.people
    session = kept()
    key = str(session.session_key)
    session.flush()
    assert not SessionStore().exists(key)


def test_no_two_keys_have_one_hash() -> None:
    pick = Random(5)
    keys = {f"{pick.getrandbits(160):040x}" for _ in range(20_000)}
    assert len({hashed(key) for key in keys}) == len(keys)


def aged(world: World, table: str, minutes: int) -> None:
    """Let everything that was counted be so many minutes older."""
    world.superuser.execute(f"UPDATE {table} SET at = at - make_interval(mins => %s)", [minutes])


def test_guesses_at_a_name_count_for_an_hour_whoever_tries_meanwhile(world: World) -> None:
    guessed(world)
    aged(world, "permissions_signintry", 55)
    assert entering(FormClient(REMOTE_ADDR="192.0.2.1"), who="dirk").status_code == 302, "what is old is tidied by it"
    assert entering(FormClient(REMOTE_ADDR="192.0.2.1")).status_code == 429
    aged(world, "permissions_signintry", 6)
    assert entering(FormClient(REMOTE_ADDR="192.0.2.1")).status_code == 302


def test_what_counts_no_more_is_not_kept(world: World) -> None:
    assert world.people
    mark = tries.mark_of("a name")
    assert tries.may_try(mark, 60, 3)
    aged(world, "permissions_signintry", 121)
    assert tries.may_try(tries.mark_of("another"), 60, 3)
    assert world.count("permissions_signintry") == 1


def test_tries_at_one_name_at_the_same_time_are_counted_together(world: World) -> None:
    assert world.people
    mark = tries.mark_of("a name")

    def attempt(_: int) -> bool:
        try:
            return tries.may_try(mark, 60, 5)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(48))) == 5


def test_who_was_right_takes_back_their_own_try_alone(world: World) -> None:
    mine, other = tries.mark_of("mine"), tries.mark_of("other")
    assert tries.may_try(mine, 60, 9)
    assert tries.may_try(other, 60, 9)
    tries.forget(mine)
    assert world.rows("SELECT mark FROM permissions_signintry") == [(other,)]
    tries.forget(mine)
    assert world.rows("SELECT mark FROM permissions_signintry") == [(other,)]


def test_a_mark_is_keyed_and_says_where_each_part_ends() -> None:
    assert tries.mark_of("name", "lies") != tries.mark_of("namel", "ies")
    assert tries.mark_of("name", "lies") == tries.mark_of("name", "lies")
    with override_settings(SECRET_KEY="another"):
        under_another = tries.mark_of("name", "lies")
    assert under_another != tries.mark_of("name", "lies"), "nobody without the key finds a name by trying names"


def test_a_code_that_was_used_stays_used_for_as_long_as_it_could_be_right(world: World) -> None:
    person = world.lies.person_id
    assert factors.use(person, "123456")
    aged(world, "permissions_factortry", 30)
    assert factors.use(world.dirk.person_id, "999999"), "what is old is tidied by it"
    assert not factors.use(person, "123456")
    assert not factors.use(person, " 123456 "), "however it is typed"
    assert factors.use(world.dirk.person_id, "123456"), "another person's code is another"


def test_a_right_code_begins_the_count_of_wrong_ones_anew(world: World) -> None:
    person = world.lies.person_id
    for _ in range(factors.TRIES - 1):
        assert factors.may_try(person)
    assert factors.use(person, "123456")
    assert [factors.may_try(person) for _ in range(factors.TRIES + 1)] == [True] * factors.TRIES + [False]
    aged(world, "permissions_factortry", factors.MINUTES)
    assert factors.may_try(person)


def test_a_secret_of_another_key_is_no_secret() -> None:
    sealed = factors.seal(SECRET)
    assert factors.unseal(sealed) == SECRET
    with override_settings(SECRET_KEY="another"), pytest.raises(ValueError, match="another SECRET_KEY"):
        factors.unseal(sealed)


def test_what_is_encrypted_for_one_purpose_is_read_for_no_other() -> None:
    sealed = box_for("second factors").encrypt(b"secret")
    assert box_for("second factors").decrypt(sealed) == b"secret"
    with pytest.raises(InvalidToken):
        box_for("carried").decrypt(sealed)


def test_no_field_that_is_signed_runs_into_the_next() -> None:
    held = '","is_new":true,"kind":"identity'
    token, _ = signed("session", key="a|b", held=held)
    assert json.loads(token) == {"kind": "session", "key": "a|b", "held": held}


def test_one_password_is_hashed_at_a_time() -> None:
    module, name = settings_hasher().rsplit(".", 1)
    assert getattr(import_module(module), name) is Hasher
    with ThreadPoolExecutor(1) as pool:
        with HASHING:
            hashing = pool.submit(Hasher().encode, "wachtwoord", "zout", 1)
            assert wait([hashing], timeout=0.3).not_done, "it waits for its turn"
        assert hashing.result(timeout=10) == Hasher().encode("wachtwoord", "zout", 1)


def settings_hasher() -> str:
    """The hasher of new passwords as the settings name it, whatever tests use for speed."""
    return str(import_module("config.settings").PASSWORD_HASHERS[0])
