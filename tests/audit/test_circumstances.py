"""Each entry says how somebody had signed in, from where, in which request, under which law, for whom and to whom."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import RequestFactory

from permissions.matrix import POLICY_VERSION
from permissions.vocabulary import Action
from tests.audit.bundle import sealed
from tests.world import PASSWORD, FormClient, signed_in, with_factor
from web.requests import client_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def last_of(world, word):
    query = (
        "SELECT auth_strength, client_point, trace_id, policy_version, on_behalf_of_id, recipient_agency_id, actor_id"
        " FROM audit_entry WHERE word = %s ORDER BY id DESC LIMIT 1"
    )
    return world.rows(query, word)[0]


def test_a_page_leaves_sign_in_address_request_and_policy(world):
    case, _ = world.track()
    client = signed_in("lies")
    assert client.get(f"/cases/{case}", REMOTE_ADDR="192.0.2.7").status_code == 200
    strength, point, first, policy, behalf, recipient, _ = last_of(world, "read_record")
    assert (strength, point, policy, behalf, recipient) == ("password", "192.0.2.7", POLICY_VERSION, None, None)
    client.get(f"/cases/{case}")
    assert last_of(world, "read_record")[2] != first, "each request has an id of its own"
    inside = world.rows("SELECT count(DISTINCT trace_id) FROM audit_entry GROUP BY cid HAVING count(DISTINCT trace_id) > 1")
    assert inside == [], "one operation is one request"


def test_who_used_a_second_factor_is_told_apart(world):
    with_factor("lies", SECRET)
    case, _ = world.track()
    client = FormClient()
    assert client.post("/account/sign-in", {"login": "lies", "password": PASSWORD}).status_code == 302
    assert client.get(f"/cases/{case}").status_code == 302, "nobody is signed in yet"
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    assert client.post("/account/second-factor/authenticate/", {"code": code}).status_code == 302
    assert client.get(f"/cases/{case}").status_code == 200
    assert last_of(world, "read_record")[0] == "two_factor"


def test_a_delivery_names_whose_act_it_carries_out_and_who_receives(world):
    world.delivered(world.track("triage")[0])
    strength, point, _, policy, behalf, _, actor = last_of(world, Action.DELIVER_HANDOFF)
    assert (strength, point, policy) == ("service", "", POLICY_VERSION)
    sender = world.rows("SELECT actor_id FROM audit_entry WHERE word = 'send_handoff' AND outcome = 'done' LIMIT 1")[0][0]
    assert behalf == sender != actor
    ledger = "SELECT DISTINCT recipient_agency_id FROM audit_entry WHERE verb = 'provide' AND action = 0"
    assert world.rows(ledger) == [(world.rows("SELECT receiver_id FROM casework_handoff")[0][0],)]
    other = "SELECT count(*) FROM audit_entry WHERE verb <> 'provide' AND recipient_agency_id IS NOT NULL"
    assert world.rows(other) == [(0,)]


def test_an_entry_says_how_much_was_sealed_before_it(world):
    world.track()
    assert {row[0] for row in world.rows("SELECT prev_seal FROM audit_entry")} == {0}
    sealed()
    world.track()
    assert world.rows("SELECT max(prev_seal) <= (SELECT size FROM trail.tip) AND max(prev_seal) > 0 FROM audit_entry") == [
        (True,)
    ]


@pytest.mark.parametrize(
    ("forwarded", "has_proxy", "found"),
    [
        ("198.51.100.1, 203.0.113.9", False, "192.0.2.7"),
        ("198.51.100.1, 203.0.113.9", True, "203.0.113.9"),
        ("2001:db8::1", True, "2001:db8::1"),
        ("fe80::1%a|b", True, "fe80::1"),
        ("not an address\n", True, ""),
        ("", True, ""),
    ],
)
def test_the_address_is_what_our_own_proxy_says_and_nobody_else(forwarded, has_proxy, found, monkeypatch):
    monkeypatch.setattr(settings, "SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https") if has_proxy else None)
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_of(request) == found
