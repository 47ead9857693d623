"""Who guesses at passwords is slowed, from one address or from many; nobody keeps a colleague out by it."""

from contextlib import ExitStack
from typing import Any
from unittest.mock import Mock

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import RequestFactory

from permissions import factors
from permissions.models import User
from tests.attacks.test_sign_in import ASKS, SECRET, code_of, refused
from tests.world import PASSWORD, FormClient, World, signed_in, signing_in, with_factor
from web import known_devices, sign_in_limits


def guessed(world: World, times: int = sign_in_limits.AN_HOUR, who: str = "lies") -> None:
    """Guess at a name, from an address of its own each time."""
    for number in range(times):
        guess = FormClient(REMOTE_ADDR=f"198.51.100.{number}")
        answer = guess.post("/account/sign-in", {"login": who, "password": "geraden-wachtwoord"})
        assert answer.status_code == 200, number
    assert world.count("permissions_signintry") == 2 * times


def entering(client: FormClient, password: str = PASSWORD, who: str = "lies", **more: str) -> Any:
    return client.post("/account/sign-in", {"login": who, "password": password, **more})


def test_who_guesses_at_one_name_from_many_addresses_is_slowed_and_no_password_is_looked_at(world: World) -> None:
    guessed(world)
    stranger = FormClient(REMOTE_ADDR="192.0.2.1")
    for password in (PASSWORD, "geraden-wachtwoord"):
        answer = entering(stranger, password)
        assert (answer.status_code, answer["Retry-After"]) == (429, "3600"), "right or wrong alike"
        assert "te veel wachtwoorden geprobeerd" in answer.content.decode()
        assert 'name="code"' in answer.content.decode()
    assert entering(FormClient(REMOTE_ADDR="192.0.2.1"), who="dirk").status_code == 302, "another name is not slowed"
    kept = " ".join(str(row) for row in world.rows("SELECT mark FROM permissions_signintry"))
    assert "lies" not in kept
    assert "198.51" not in kept
    assert ("sign_in_slowed",) in world.rows("SELECT word FROM audit_entry")


def test_nobody_keeps_a_colleague_out_by_guessing_a_device_that_is_known_passes(world: World) -> None:
    known = signed_in("lies")
    cookie = known.cookies[known_devices.COOKIE]
    assert cookie["httponly"]
    assert str(world.lies.person_id) not in cookie.value
    known.post("/account/sign-out")
    guessed(world)
    assert entering(known).status_code == 302
    assert entering(FormClient()).status_code == 429
    thief = FormClient(REMOTE_ADDR="192.0.2.2")
    thief.cookies[known_devices.COOKIE] = f"{cookie.value}x"
    assert entering(thief).status_code == 429, "a cookie that we did not sign is none"


def test_a_known_device_is_known_for_its_people_under_their_password_of_now(world: World) -> None:
    browser = signed_in("lies")
    browser.post("/account/sign-out")
    guessed(world, who="dirk")
    assert entering(browser, who="dirk").status_code == 429, "known for somebody else"
    world.superuser.execute("DELETE FROM permissions_signintry")
    assert entering(browser, who="dirk").status_code == 302
    browser.post("/account/sign-out")
    guessed(world)
    assert entering(browser).status_code == 302, "one device, two people"
    browser.post("/account/sign-out")
    lies = User.signing_in(name="lies")
    assert lies
    lies.set_password("een-ander-wachtwoord")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_user SET password = %s WHERE id = %s", [lies.password, lies.pk])
    world.superuser.execute("SET session_replication_role = origin")
    assert entering(browser, "een-ander-wachtwoord").status_code == 429, "the device was known under another password"


def test_a_known_device_that_was_stolen_guesses_no_more_than_anybody(world: World) -> None:
    cookie = signed_in("lies").cookies[known_devices.COOKIE].value

    def attempt(number: int, password: str) -> int:
        thief = FormClient(REMOTE_ADDR=f"203.0.113.{number}")
        thief.cookies[known_devices.COOKIE] = cookie
        return int(entering(thief, password).status_code)

    assert {attempt(number, "geraden-wachtwoord") for number in range(sign_in_limits.AN_HOUR)} == {200}
    assert attempt(99, PASSWORD) == 429
    assert entering(FormClient()).status_code == 302, "the name itself is not slowed by it"


def test_who_gives_a_right_code_of_the_second_factor_passes_and_a_wrong_one_opens_nothing(world: World) -> None:
    with_factor("lies", SECRET)
    with signing_in("lies") as user:
        recovery = RecoveryCodes.activate(user).get_unused_codes()
    guessed(world)
    client = FormClient(REMOTE_ADDR="192.0.2.3")
    assert entering(client, code="000000").status_code == 429
    for code in (code_of(), recovery[0]):
        client = FormClient(REMOTE_ADDR="192.0.2.3")
        assert entering(client, code=code).status_code == 302
        assert client.get("/work").status_code == 302, "the second factor itself is still asked"
        assert known_devices.COOKIE not in client.cookies, "half a sign-in makes no device known"
    assert client.post(ASKS, {"code": code_of()}).status_code == 302
    assert client.get("/work").status_code == 200
    assert known_devices.COOKIE in client.cookies
    for number in range(sign_in_limits.WITH_A_CODE):
        answer = entering(FormClient(REMOTE_ADDR=f"192.0.2.{number + 10}"), "geraden-wachtwoord", code=code_of())
        assert answer.status_code == 200
    assert entering(FormClient(), code=code_of()).status_code == 429, "a code that somebody saw is no licence to guess"
    assert factors.may_try(world.lies.person_id), "who guesses before the password uses up no try of the second factor"


def test_a_name_that_is_slowed_is_no_place_to_guess_at_codes(world: World) -> None:
    with_factor("lies", SECRET)
    guessed(world)
    thief = FormClient(REMOTE_ADDR="192.0.2.7")
    for _ in range(sign_in_limits.WITH_A_CODE):
        assert entering(thief, code="000000").status_code == 429
    assert entering(thief, code=code_of()).status_code == 429, "who knows the password does not go on until a code is right"
    for number in range(sign_in_limits.AN_HOUR - sign_in_limits.WITH_A_CODE):
        entering(FormClient(REMOTE_ADDR=f"203.0.113.{number}"), code="000000")
    answer = entering(FormClient(REMOTE_ADDR="192.0.2.8"), code=code_of())
    assert answer.status_code == 429, "nor from many addresses"
    assert "Te veel verkeerde codes" in answer.content.decode()
    tried = "SELECT count(*) FROM audit_entry WHERE word = 'second_factor_failed' AND object_pk = %s"
    assert world.rows(tried, str(world.lies.person_id)) == [(sign_in_limits.AN_HOUR,)]


def test_a_name_counts_as_one_whatever_letters_the_database_takes_for_the_same(world: World) -> None:
    assert world.people
    client = FormClient()
    for name in ("lies", "l\u0131es", "L\u0131ES", "LIES", "lie\u017f"):
        entering(client, "geraden-wachtwoord", who=name)
    assert entering(client, who="l\u0131es").status_code == 429


def test_one_address_tries_so_many_a_minute_whatever_the_names_and_before_any_password_is_hashed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.people
    for number in range(sign_in_limits.A_MINUTE):
        client = FormClient(REMOTE_ADDR="2001:db8:1:2::1")
        assert entering(client, "geraden-wachtwoord", who=f"naam{number}").status_code == 200
    hashed_now = Mock()
    monkeypatch.setattr(MD5PasswordHasher, "encode", hashed_now)
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:3::9"):
        answer = entering(FormClient(REMOTE_ADDR=address), who="nog-iemand")
        assert (answer.status_code, answer["Retry-After"]) == (429, "60")
        assert "Te veel pogingen vanaf uw adres" in answer.content.decode()
    assert not hashed_now.called
    monkeypatch.undo()
    assert entering(FormClient(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 302, "another network goes on"


def test_one_session_tries_so_many_whatever_the_names_and_addresses_and_before_any_password_is_hashed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = signed_in("lies")
    known.post("/account/sign-out")
    browser = FormClient()
    browser.get("/account/sign-in")
    for number in range(sign_in_limits.A_SESSION):
        guess = {"login": f"naam{number}", "password": "geraden-wachtwoord"}
        assert browser.post("/account/sign-in", guess, REMOTE_ADDR=f"198.51.100.{number}").status_code == 200
    hashed_now = Mock()
    monkeypatch.setattr(MD5PasswordHasher, "encode", hashed_now)
    answer = entering(browser, who="dirk")
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Te veel verkeerde wachtwoorden in deze browser" in answer.content.decode()
    assert not hashed_now.called
    monkeypatch.undo()
    assert entering(FormClient(), who="dirk").status_code == 302, "its address is not slowed by it"
    browser.cookies[known_devices.COOKIE] = known.cookies[known_devices.COOKIE].value
    assert entering(browser).status_code == 302, "nor whoever is known on the device"
    kept = " ".join(str(row) for row in world.rows("SELECT mark FROM permissions_signintry"))
    assert browser.cookies[settings.CSRF_COOKIE_NAME].value not in kept


def test_what_was_not_looked_at_is_no_wrong_password_of_this_browser(world: World) -> None:
    guessed(world)
    browser = FormClient(REMOTE_ADDR="192.0.2.9")
    browser.get("/account/sign-in")
    for _ in range(sign_in_limits.A_SESSION + 1):
        assert "voor deze naam te veel wachtwoorden geprobeerd" in entering(browser).content.decode()


def test_a_form_without_a_session_to_count_it_for_is_refused(world: World) -> None:
    assert world.people
    browser = FormClient(enforce_csrf_checks=True)
    assert entering(browser).status_code == 403
    assert world.count("permissions_signintry") == 0


@pytest.mark.parametrize(("tried", "names", "seconds"), [(6, 1, "900"), (sign_in_limits.A_SESSION + 1, 99, "900")])
def test_whoever_is_slowed_is_told_for_how_long(world: World, tried: int, names: int, seconds: str) -> None:
    assert world.people
    browser = FormClient()
    browser.get("/account/sign-in")
    answers = [entering(browser, "geraden-wachtwoord", who=f"naam{number % names}") for number in range(tried)]
    assert (answers[0].status_code, answers[0].has_header("Retry-After")) == (200, False)
    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, seconds)


def test_who_signs_in_rightly_again_and_again_is_never_slowed(world: World) -> None:
    assert world.people
    for _ in range(sign_in_limits.AN_HOUR + 2):
        assert entering(FormClient()).status_code == 302


def test_a_process_works_on_few_passwords_at_once_and_keeps_a_place_for_another_address(world: World) -> None:
    assert world.people
    with ExitStack() as held:
        for _ in range(sign_in_limits.OF_ONE_ADDRESS):
            held.enter_context(sign_in_limits.PLACES.one("127.0.0.1"))
        answer = entering(FormClient())
        assert (answer.status_code, answer["Retry-After"]) == (429, "5")
        assert "Er melden zich op dit moment veel mensen aan" in answer.content.decode()
        assert entering(FormClient(REMOTE_ADDR="192.0.2.4")).status_code == 302
        held.enter_context(sign_in_limits.PLACES.one("192.0.2.5"))
        assert entering(FormClient(REMOTE_ADDR="192.0.2.4")).status_code == 429
        assert FormClient().get("/account/sign-in").status_code == 200
    assert entering(FormClient()).status_code == 302
    assert not sign_in_limits.PLACES.taken


def test_the_password_that_is_asked_again_within_a_session_is_counted_too(world: World) -> None:
    assert world.people
    client = signed_in("lies")
    again = [client.post("/account/again?next=/work", {"password": "geraden"}).status_code for _ in range(6)]
    assert again[-1] == 429
    assert client.post("/account/again?next=/work", {"password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("what", ["try_sign_in", "forget_sign_in"])
def test_nobody_without_the_key_counts_or_forgets_a_try_to_sign_in(world: World, what: str) -> None:
    token = f"1|{what}|{'0' * 64}|60|30"
    assert refused(f"SELECT lock.{what}(%s, %s)", token, b"x")
    assert refused("SELECT * FROM permissions_signintry")
    assert refused("DELETE FROM permissions_signintry")
    assert world.count("permissions_signintry") == 0


def test_a_known_device_passes_what_others_do_at_its_own_address(world: World) -> None:
    assert world.people
    known = signed_in("lies")
    known.post("/account/sign-out")
    stranger = FormClient()
    assert [entering(stranger, "geraden-wachtwoord").status_code for _ in range(5)][-1] == 429
    for number in range(sign_in_limits.A_MINUTE):
        entering(FormClient(), "geraden-wachtwoord", who=f"naam{number}")
    assert entering(FormClient(), who="dirk").status_code == 429, "the whole address is slowed"
    with ExitStack() as held:
        for address in ("127.0.0.1", "127.0.0.1", "127.0.0.1", "192.0.2.6"):
            held.enter_context(sign_in_limits.PLACES.one(address))
        assert entering(known).status_code == 302, "five tries at the name, sixty at the address, every place taken"
    known.post("/account/sign-out")
    assert [entering(known, "geraden-wachtwoord").status_code for _ in range(5)] == [200] * 4 + [429]
    assert entering(known).status_code == 429, "five tries are five tries on a known device too"


def test_a_full_device_forgets_who_signed_in_longest_ago(world: World) -> None:
    client = FormClient()
    people = list(world.people)[: known_devices.PEOPLE + 1]
    for who in people:
        assert entering(client, who=who).status_code == 302
        client.post("/account/sign-out")
    request = RequestFactory().get("/")
    request.COOKIES[known_devices.COOKIE] = client.cookies[known_devices.COOKIE].value
    known = [who for who in people if known_devices.device_of(request, who)]
    assert known == people[1:]
