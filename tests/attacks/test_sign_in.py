"""Who has the application's database role, or one password, becomes nobody: sessions, second factors, tries."""

import hashlib
import hmac
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from permissions import factors
from permissions.acting import acting_as
from permissions.announcing import announced_as
from permissions.sessions import SessionStore, hashed
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers
from tests.web.test_kept_text import fields_of
from tests.world import PASSWORD, FormClient, World, signed_in, signing_in, with_factor
from web import idle

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ASKS = "/account/second-factor/authenticate/"


def refused(statement: str, *values: str | bytes) -> bool:
    """Whether the application's role is refused a statement, with nobody acting."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError:
        return True
    return False


def test_the_application_role_lists_no_sign_in_and_finds_one_by_its_key_alone(world: World) -> None:
    client = signed_in("lies")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    for statement in ("SELECT session_key FROM django_session", "SELECT count(*) FROM django_session"):
        assert refused(statement)
    assert refused("UPDATE django_session SET expire_date = now()")
    kept = world.rows("SELECT session_key FROM django_session")
    assert (hashed(key),) in kept
    assert (key,) not in kept, "whoever reads the table finds no cookie"
    assert FormClient().get("/work", HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={hashed(key)}").status_code == 302


def test_no_session_is_planted_or_changed_but_by_the_application(world: World) -> None:
    data = SessionStore().encode({"_auth_user_id": str(world.dirk.person_id)})
    fields = [
        "1",
        "session",
        hashed("x" * 32),
        "2099-01-01T00:00:00+00:00",
        "new",
        hashlib.sha256(data.encode()).hexdigest(),
        str(time.time()),
    ]
    token = "|".join(fields)
    call = "SELECT lock.store_session(%s, %s, %s)"
    assert refused(call, token, b"x", data)
    assert refused(call, token, hmac.digest(b"another key", token.encode(), hashlib.sha256), data)
    right = hmac.digest(settings.ACTING_KEY, token.encode(), hashlib.sha256)
    assert refused(call, token, right, data + "x"), "what is held is what was signed"
    other = token.replace("session", "use_factor", 1)
    assert refused(call, other, hmac.digest(settings.ACTING_KEY, other.encode(), hashlib.sha256), data), "for this alone"
    assert not world.rows("SELECT 1 FROM django_session WHERE session_key = %s", hashed("x" * 32))


def test_a_session_that_was_ended_is_gone(world: World) -> None:
    client = signed_in("lies")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/account/sign-out")
    assert not SessionStore().exists(key)
    assert not world.rows("SELECT 1 FROM django_session WHERE session_key = %s", hashed(key))
    SessionStore.clear_expired()


def asked(who: str = "lies") -> FormClient:
    """Somebody whose password was right, and of whom the second factor is asked."""
    client = FormClient(raise_request_exception=False)
    assert client.post("/account/sign-in", {"login": who, "password": PASSWORD}).status_code == 302
    return client


def code_of(step: int = 0) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step)))


def test_secrets_of_second_factors_are_encrypted_with_a_key_outside_the_database(world: World) -> None:
    with signing_in("lies") as user:
        TOTP.activate(user, SECRET)
        codes = RecoveryCodes.activate(user)
        kept = Authenticator.objects.get(type="totp").data["secret"]
    stored = " ".join(str(row[0]) for row in world.rows("SELECT data FROM mfa_authenticator"))
    assert SECRET not in stored
    assert not any(code in stored for code in codes.get_unused_codes())
    assert factors.unseal(kept) == SECRET
    assert factors.unseal(SECRET) == SECRET, "what was stored before stays readable until it is encrypted"


def test_after_five_wrong_codes_the_right_one_is_refused_too_and_each_try_is_on_the_trail(world: World) -> None:
    with_factor("lies", SECRET)
    client = asked()
    for _ in range(factors.TRIES):
        client.post(ASKS, {"code": "000000"})
    page = client.post(ASKS, {"code": code_of()}).content.decode()
    assert "Te veel verkeerde codes" in page
    assert client.get("/work").status_code == 302, "nobody is signed in"
    words = world.rows("SELECT word, object_pk FROM audit_entry WHERE word LIKE 'second_factor%%' ORDER BY id")
    assert {about for _, about in words} == {str(world.lies.person_id)}
    tried = ["second_factor_failed"] * factors.TRIES
    assert [word for word, _ in words] == ["second_factor_added", *tried, "second_factor_blocked"]


def test_the_tries_of_many_at_once_are_counted_together(world: World) -> None:
    with_factor("lies", SECRET)
    person = world.lies.person_id

    def attempt(_: int) -> bool:
        try:
            return factors.may_try(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == factors.TRIES
    assert factors.may_try(world.dirk.person_id), "another person is not kept out by it"


def test_a_code_signs_in_once_whoever_else_knows_it(world: World) -> None:
    with_factor("lies", SECRET)
    code = code_of()
    first, second = asked(), asked()
    assert first.post(ASKS, {"code": code}).status_code == 302
    answer = second.post(ASKS, {"code": code})
    assert answer.status_code == 200
    assert second.get("/work").status_code == 302
    assert first.get("/work").status_code == 200
    assert world.rows("SELECT count(*) FROM permissions_factortry WHERE mark <> ''") == [(1,)]


@pytest.mark.parametrize("what", ["try_factor", "use_factor"])
def test_nobody_without_the_key_counts_tries_for_somebody_else(world: World, what: str) -> None:
    token = json.dumps({"kind": what, "person": world.lies.person_id, "minutes": 15, "most": 5, "at": time.time()})
    assert refused(f"SELECT lock.{what}(%s, %s)", token, b"x")
    assert refused("SELECT * FROM permissions_factortry")
    assert refused("SELECT lock.said_now(%s, %s, %s)", token, b"x", what)
    assert world.count("permissions_factortry") == 0


def test_every_change_of_a_second_factor_is_on_the_trail(world: World) -> None:
    client = signed_in("lies")
    again = client.post("/account/again?next=/account/second-factor/totp/activate/", {"password": PASSWORD})
    assert again.status_code == 302
    page = client.get("/account/second-factor/totp/activate/")
    assert page.status_code == 200, page.headers
    code = str(format_hotp_value(hotp_value(page.context["form"].secret, int(time.time()) // 30)))
    assert client.post("/account/second-factor/totp/activate/", {"code": code}).status_code == 302
    changes = "SELECT word FROM audit_entry WHERE word LIKE 'second_factor%%' ORDER BY id"
    assert {word for (word,) in world.rows(changes)} == {"second_factor_added"}
    client.post("/account/second-factor/totp/deactivate/")
    assert {word for (word,) in world.rows(changes)} == {"second_factor_added", "second_factor_removed"}


def test_failed_sign_ins_are_counted_however_the_name_is_written_and_keep_nothing_that_was_typed(world: World) -> None:
    client = FormClient(raise_request_exception=False)
    for name in ("lies", "LIES", " Lies ", "l\uff49es", "lieS"):
        client.post("/account/sign-in", {"login": name, "password": "geheim-getypt-woord"})
    assert client.post("/account/sign-in", {"login": "lies", "password": PASSWORD}).status_code == 429
    kept = " ".join(str(row) for row in world.rows("SELECT to_jsonb(a)::text FROM axes_accessattempt a"))
    assert "lies" not in kept.lower()
    assert "geheim" not in kept
    elsewhere = FormClient(REMOTE_ADDR="192.0.2.9")
    assert elsewhere.post("/account/sign-in", {"login": "lies", "password": PASSWORD}).status_code == 302, "only there"
    assert world.count("axes_accesslog") == 0


def moved(client: FormClient, **seconds: int) -> None:
    """Let somebody's session be so many seconds older."""
    session = client.session
    for name, by in seconds.items():
        session[name] = session[name] - by
    session.save()


def test_who_was_away_for_a_quarter_of_an_hour_signs_in_again_and_keeps_what_was_typed(world: World) -> None:
    case, _ = world.track()
    client = signed_in("lies")
    form = fields_of(client.get(f"/cases/{case}/add_note").content.decode())
    moved(client, seen=14 * 60)
    assert client.get("/work").status_code == 200
    assert client.session["seen"] >= time.time() - 30, "whoever is there stays there"
    moved(client, seen=15 * 60 + 1)
    page = client.post(f"/cases/{case}/add_note", {**form, "note-kind": "concern", "note-text": "Een bedacht relaas."})
    assert page.status_code == 403
    assert 'name="carried"' in page.content.decode()
    assert client.get("/work").status_code == 302
    assert world.count("casework_note") == 0


def test_no_session_lasts_longer_than_twelve_hours_whatever_is_done_in_it(world: World) -> None:
    assert world.people
    client = signed_in("lies")
    moved(client, began=12 * 3600 - 60, seen=idle.NOTED + 1)
    assert client.get("/work").status_code == 200
    assert client.session["seen"] >= time.time() - 30, "it was noted that somebody is there"
    moved(client, began=61)
    assert client.get("/work").status_code == 302


def test_whose_membership_ended_is_told_so_and_is_not_sent_in_a_ring(world: World) -> None:
    client = signed_in("lies")
    world.superuser.execute("SET session_replication_role = replica")
    ended = "UPDATE permissions_membership SET ends_at = now() - interval '1 hour' WHERE user_id = %s"
    world.superuser.execute(ended, [world.lies.person_id])
    world.superuser.execute("SET session_replication_role = origin")
    for path in ("/work", "/", "/memberships"):
        page = client.get(path)
        assert page.status_code == 403
        assert "U werkt voor geen enkele organisatie" in page.content.decode()
    assert client.post("/account/sign-out").status_code == 302
    assert FormClient().get("/work").status_code == 302


def test_a_factor_is_seen_and_changed_by_who_signs_in_alone_and_each_change_is_an_entry(world: World) -> None:
    with_factor("dirk", SECRET)
    added = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', now()) RETURNING id"
    with acting_as(world.dirk, Role.TRIAGE_DECIDER, Action.SEE_CASE), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mfa_authenticator")
        assert cursor.fetchone() == (0,), "not even one's own, in any other act"
    assert refused(added, str(world.lies.person_id)), "nobody acts"
    with signing_in("lies"):
        assert not Authenticator.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Authenticator.objects.create(user_id=world.wim.person_id, type="totp", data={})
        mine = Authenticator.objects.create(user_id=world.lies.person_id, type="totp", data={"secret": "a"})
        Authenticator.objects.filter(pk=mine.pk).update(data={"secret": "b"})
        assert Authenticator.objects.all().delete()[0] == 1, "one's own alone"
    words = "SELECT word, actor_id FROM audit_entry WHERE word LIKE 'second_factor%%' AND object_pk = %s ORDER BY id"
    who = world.lies.person_id
    said = [(f"second_factor_{change}", who) for change in ("added", "changed", "removed")]
    assert world.rows(words, str(who)) == said
    assert world.count("mfa_authenticator") == 1


@pytest.mark.parametrize(
    "address", ["/account/signup/", "/account/sign-up", "/account/password/reset/", "/accounts/signup/"]
)
def test_nobody_makes_an_account_of_their_own(world: World, address: str) -> None:
    for client in (FormClient(), signed_in("lies")):
        assert client.get(f"/account/{address}").status_code == 404
        assert (
            client.post(f"/account/{address}", {"login": "nieuw", "password1": PASSWORD, "password2": PASSWORD}).status_code
            == 404
        )
    assert world.rows("SELECT count(*) FROM permissions_user WHERE username = 'nieuw'") == [(0,)]


def test_a_session_of_before_the_password_was_changed_is_over(world: World) -> None:
    thief, other = signed_in("lies"), signed_in("dirk")
    assert thief.get("/work").status_code == 200
    with past_triggers(world):
        changed = "UPDATE permissions_user SET password = %s WHERE id = %s"
        world.superuser.execute(changed, [make_password("een ander wachtwoord"), world.lies.person_id])
    assert thief.get("/work").status_code == 302
    assert thief.post("/search", {"search-words": "proef"}).status_code == 302
    assert other.get("/work").status_code == 200
    assert signed_in("lies", "een ander wachtwoord").get("/work").status_code == 200


def test_the_hash_of_a_password_is_made_stronger_at_the_next_sign_in(world: World) -> None:
    names = ("PBKDF2PasswordHasher", "MD5PasswordHasher")
    with override_settings(PASSWORD_HASHERS=[f"django.contrib.auth.hashers.{name}" for name in names]):
        client = signed_in("lies")
        assert client.get("/work").status_code == 200
    kept = "SELECT password FROM permissions_user WHERE id = %s"
    assert world.rows(kept, world.lies.person_id)[0][0].startswith("pbkdf2_sha256$")
    changed = "SELECT actor_id FROM audit_entry WHERE object_pk = %s AND changes ? 'password' AND action = 1"
    assert world.rows(changed, str(world.lies.person_id)) == [(world.lies.person_id,)]


def test_who_is_not_active_any_more_does_not_sign_in_and_is_not_signed_in(world: World) -> None:
    client = signed_in("lies")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_user SET is_active = false WHERE id = %s", [world.lies.person_id])
    world.superuser.execute("SET session_replication_role = origin")
    assert client.get("/work").status_code in {302, 403}
    again = FormClient(raise_request_exception=False)
    again.post("/account/sign-in", {"login": "lies", "password": PASSWORD})
    assert again.get("/work").status_code == 302


def test_a_visitor_who_comes_after_somebody_signed_in_is_not_taken_for_them(world: World) -> None:
    with_factor("dirk", SECRET)
    with signing_in("dirk"):
        assert Authenticator.objects.get().user_id == world.dirk.person_id
    with announced_as(None):
        assert not Authenticator.objects.exists()
