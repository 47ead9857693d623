"""Permissions and the trail through the words of Django, guardian and auditlog alone: they answer what the law answers.

Who asks `person.has_perm` is told what `decide` says, for every action, object and person, compared with the oracle of
docs/law.md; the trail is read by `Entry.objects.get_for_object` and the properties that auditlog documents.
"""

from dataclasses import replace
from uuid import uuid4

import pytest
from auditlog import get_logentry_model
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from guardian.core import ObjectPermissionChecker
from guardian.shortcuts import get_objects_for_user, get_perms, get_user_perms

from casework.actions.perform import perform
from casework.models import Case, Emergency, Handoff, Note, Track
from permissions.acting import NobodyActing, acting_as
from permissions.decision import Refused
from permissions.models import Agency
from permissions.vocabulary import Action, Role
from tests.oracle import law
from tests.oracle.test_routes import scene  # noqa: F401 - the fixture
from tests.oracle.worlds import Worlds

User = get_user_model()
Entry = get_logentry_model()
GLASS = ("see_case", "read_record")


def account(who):
    user = User.signing_in(name=who)
    assert user
    return user


def acts_as(world, who, action=Action.SEE_CASE, role=None):
    person = world.people[who]
    return acting_as(person, role or person.roles[0], action)


def reached(role, thing, facts):
    """Whether an act in this role sees the object at all, in the words of section 4."""
    if facts.walled:
        return False
    if thing == "handoff":
        return bool(facts.end) and law.allowed(role, "see_handoff", facts)
    if thing == "track":
        owns = any(law.CELLS.get((action, role)) == "own" for action in law.ACTIONS if role in law_case_roles())
        breaks = facts.emergency and law.CELLS.get(("ask_emergency", role)) == "controller"
        return bool(facts.owner) and (owns or breaks or (facts.named and law.CELLS.get(("see_case", role)) == "named"))
    if law.CELLS.get(("see_case", role), ".") == ".":
        return facts.same_agency
    return facts.emergency or (facts.same_agency and law.allowed(role, "see_case", facts))


def law_case_roles():
    return {role for action, role in law.CELLS if action == "open_case"}


def expected(facts, actor, role, thing):
    """Every permission that the law gives a person on one object, in an act of one of their roles."""
    if not reached(role, thing, facts):
        return set()
    return {
        f"casework.{action}"
        for action in law.ACTIONS
        if any(law.allowed(str(one), action, facts) for one in actor.roles)
    }  # fmt: skip


def test_has_perm_answers_everybody_on_everything_as_the_law_says(world, scene):  # noqa: F811 - the fixture
    things = {"case": Case(pk=scene.case), "track": Track(pk=scene.track), "handoff": Handoff(pk=scene.handoff)}
    yes = 0
    for who, actor in world.people.items():
        user = account(who)
        for role in actor.roles:
            wanted = {thing: expected(scene.facts(actor, thing), actor, str(role), thing) for thing in things}
            with acting_as(actor, role, Action.SEE_CASE):
                for thing, row in things.items():
                    told = {str(action) for action in Action if user.has_perm(f"casework.{action}", row)}
                    assert {f"casework.{action}" for action in told} == wanted[thing], (who, role, thing)
                    assert user.get_all_permissions(row) == wanted[thing], (who, role, thing)
                    assert set(ObjectPermissionChecker(user).get_perms(row)) == told, (who, role, thing)
                    yes += len(told)
                for gone in (Case(pk=uuid4()), Track(pk=uuid4()), Handoff(pk=uuid4())):
                    assert user.get_all_permissions(gone) == set(), (who, role)
    assert yes > 100, "there was something to say yes to"


def case_facts(case, actor, role, now):
    """What is true of a case as an act in this role sees it: its own part, or that alone which an emergency opens."""
    facts, opened = case.facts(actor, now), case.opened_for(actor, now)
    breaks = law.CELLS.get(("ask_emergency", role)) == "controller"
    facts = replace(facts, emergency=bool(opened))
    sees_own = facts.same_agency and reached(role, "case", replace(facts, emergency=breaks and actor.agency_id in opened))
    if opened and not facts.walled and not sees_own:
        return law.Facts(emergency=True, same_agency=actor.agency_id in opened)
    return facts


@pytest.mark.parametrize("seed", [19, 2026])
def test_has_perm_answers_as_the_law_says_in_random_worlds(world, seed):
    worlds = Worlds(world, seed, 60)
    yes = 0
    for actor, role in [(one, role) for members in worlds.members.values() for one in members for role in one.roles]:
        user = next(account(who) for who, person in world.people.items() if person is actor)
        with acting_as(actor, role, Action.SEE_CASE):
            for case in worlds.random.sample(worlds.cases, k=15):
                facts = case_facts(case, actor, str(role), worlds.now)
                told = user.get_all_permissions(Case(pk=case.id))
                assert told == expected(facts, actor, str(role), "case"), (actor, role, case)
                for hand in case.hands:
                    facts = replace(case.facts(actor, worlds.now, hand), keeps=True, same_agency=True)
                    told = user.get_all_permissions(Handoff(pk=hand.id))
                    assert told == expected(facts, actor, str(role), "handoff"), (actor, role, case, hand)
                    yes += len(told)
    assert yes > 100, "there was something to say yes to"


def test_a_wall_an_ended_assignment_and_an_emergency_count(world, scene):  # noqa: F811 - the fixture
    case = Case(pk=scene.case)
    with acts_as(world, "sjoerd"):
        assert not account("sjoerd").has_perm("casework.see_case", case), "a wall stands before him"
    with acts_as(world, "saskia"):
        assert account("saskia").has_perm("casework.see_case", case)
    with acts_as(world, "leo"):
        assert not account("leo").has_perm("casework.see_case", case), "he was taken off"
    for action in (Action.SEE_CASE, Action.READ_RECORD, Action.SEARCH_OWN):
        with acts_as(world, "wanda", action, Role.POLICE_LIAISON):
            found = account("wanda").get_all_permissions(case)
            assert found == {"casework.see_case", "casework.read_record"}, action


def test_without_an_object_one_is_told_what_a_role_of_theirs_has_at_all(world):
    for who, actor in world.people.items():
        user = account(who)
        with acting_as(actor, actor.roles[0], Action.SEE_CASE):
            for action in law.ACTIONS:
                has = any(law.CELLS.get((action, str(role)), ".") != "." for role in actor.roles)
                assert user.has_perm(f"casework.{action}") is has, (who, action)
            assert user.has_module_perms("casework")
            assert not user.has_module_perms("permissions")


def test_rows_of_other_kinds_are_answered_as_what_they_are_of(world, scene):  # noqa: F811 - the fixture
    ((note,),) = world.rows("SELECT id FROM casework_note WHERE case_id = %s LIMIT 1", scene.case)
    ((glass,),) = world.rows("SELECT id FROM casework_emergency WHERE case_id = %s", scene.case)
    note, glass, police = Note(pk=note), Emergency(pk=glass), Agency(pk=world.agency("lies"))

    def may(who, word, thing):
        with acts_as(world, who):
            return account(who).has_perm(f"casework.{word}", thing)

    assert [may(who, "correct_note", note) for who in ("lies", "dirk", "saskia", "leo", "wim")] == [True, True] + [False] * 3
    assert may("saskia", "read_record", note)
    assert [may(who, "end_emergency", glass) for who in ("wanda", "saskia", "lies", "wim")] == [True, True, False, False]
    assert [may(who, "review_emergency", glass) for who in ("arie", "wanda", "anke")] == [True, False, False]
    assert [may(who, "manage_people", police) for who in ("bea", "lies", "anke")] == [True, False, False]
    assert [may("bea", "manage_people", account(who)) for who in ("lies", "wim")] == [True, False]
    assert not may("lies", "see_case", Group(pk=world.agency("lies")))
    assert not may("lies", "see_case", Case(pk="no key"))


def test_outside_an_act_every_question_is_the_error_of_a_queryset(world):
    done = world.opened()
    user, case = account("lies"), Case(pk=done.case_id)
    asked = [
        Case.objects.all,
        lambda: user.has_perm("casework.see_case", case),
        lambda: user.has_perm("casework.open_case"),
        lambda: user.has_perms(["casework.see_case"], case),
        lambda: user.get_all_permissions(case),
        lambda: user.has_module_perms("casework"),
        lambda: ObjectPermissionChecker(user).has_perm("see_case", case),
        lambda: get_perms(user, case),
        lambda: get_perms(Group(pk=world.agency("lies")), case),
        lambda: drawn("{% if perms.casework.open_case %}yes{% endif %}", user),
        lambda: Entry.objects.get_for_object(case),
        lambda: Entry.objects.get_for_model(Case),
        lambda: Entry.objects.get_for_object("no record"),
    ]
    for ask in asked:
        with pytest.raises(NobodyActing, match="nobody is acting"):
            ask()


def test_only_who_acts_is_asked_and_nobody_else_is_told_of(world):
    case = Case(pk=world.opened().case_id)
    lies, leo = account("lies"), account("leo")
    with acts_as(world, "lies"):
        for thing in (case, Case(pk=uuid4()), None):
            with pytest.raises(NobodyActing, match="this person is not acting"):
                leo.has_perm("casework.see_case", thing)
            with pytest.raises(NobodyActing, match="this person is not acting"):
                ObjectPermissionChecker(leo).get_perms(case)
        assert not AnonymousUser().has_perm("casework.see_case", case)
        assert get_perms(Group(pk=world.agency("lies")), case) == [], "nobody acts as a group"
        lies.is_active = False
        assert not lies.has_perm("casework.see_case", case)
        assert lies.get_all_permissions(case) == set()
        assert not ObjectPermissionChecker(lies).has_perm("see_case", case)


def drawn(text, user, **context):
    request = RequestFactory().get("/")
    request.user = user
    return engines["django"].from_string(text).render(context, request)


def test_templates_are_told_the_same(world):
    case = Case(pk=world.opened().case_id)
    text = (
        "{% load guardian_tags %}{% if perms.casework %}any {% endif %}{% if perms.casework.open_case %}open {% endif %}"
        "{% if perms.casework.plan_visit %}plan {% endif %}{% if perms.casework.view_case %}view {% endif %}"
        "{% get_obj_perms user for case as 'told' %}{% if 'add_note' in told %}note{% endif %}"
    )
    with acts_as(world, "lies"):
        assert drawn(text, account("lies"), case=case) == "any open note"
    with acts_as(world, "dirk"):
        assert drawn(text, account("dirk"), case=case) == "any open plan note"
    with acts_as(world, "bea"):
        assert drawn(text, account("bea"), case=case) == "any "


def test_guardians_checker_agrees_also_after_it_was_told_to_prefetch(world):
    mine, other = Case(pk=world.opened().case_id), Case(pk=uuid4())
    user = account("lies")
    with acts_as(world, "lies"):
        checker = ObjectPermissionChecker(user)
        checker.prefetch_perms(Case.objects.all())
        checker.prefetch_perms([mine, other])  # type: ignore[arg-type]  # guardian documents a list
        assert checker.has_perm("see_case", mine)
        assert checker.has_perm("casework.add_note", mine)
        assert not checker.has_perm("plan_visit", mine)
        assert not checker.has_perm("view_case", mine), "what a row is called is no permission"
        assert not checker.has_perm("see_case", other)
        assert list(get_objects_for_user(user, "see_case", Case)) == [mine], "never more than the act sees"
        assert set(get_user_perms(user, mine)) == {"view_case"}, "the name of a row"
    perform(world.lies, Action.DECLARE_CONFLICT, mine.pk, {"wall": {"text": "Zij is mijn buurvrouw, ik ken haar."}})
    with acts_as(world, "lies"):
        assert not checker.has_perm("see_case", mine), "nothing of an earlier act is remembered"


def test_a_question_costs_few_statements_and_hidden_costs_what_absent_costs_and_leaves_no_trace(world):
    shown, hidden = world.opened().case_id, world.opened("wim").case_id
    user, before = account("lies"), world.count("audit_entry")
    counts = {}
    with acts_as(world, "lies"):
        user.has_perm("casework.see_case", Case(pk=shown))
        for name, key in (("shown", shown), ("hidden", hidden), ("absent", uuid4())):
            with CaptureQueriesContext(connection) as asked:
                assert user.has_perm("casework.see_case", Case(pk=key)) is (name == "shown")
            with CaptureQueriesContext(connection) as whole:
                user.get_all_permissions(Case(pk=key))
            assert len(whole) == len(asked), name
            counts[name] = len(asked)
    assert counts == {"shown": 1, "hidden": 2, "absent": 2}
    assert world.count("audit_entry") == before


def about(world, model, *keys):
    """The ids of all entries about these things, whoever may see them."""
    label, name = model._meta.label_lower.split(".")
    rows = world.rows(
        "SELECT e.id FROM audit_entry e JOIN django_content_type c ON c.id = e.content_type_id"
        " WHERE c.app_label = %s AND c.model = %s AND e.object_pk = ANY (%s)",
        label, name, [str(key) for key in keys],
    )  # fmt: skip
    return {key for (key,) in rows}


def test_the_trail_is_read_by_object_by_objects_and_by_model_as_far_as_one_may_see_it(world):
    first, second = world.track("submitted")[1], world.track("draft")[1]
    with acts_as(world, "arie", Action.SEE_ACCESS_LOG):
        told = {entry.pk for entry in Entry.objects.get_for_object(Track(pk=first))}
        of_model = Entry.objects.get_for_model(Track)
        assert told <= {entry.pk for entry in of_model}
    assert told == about(world, Track, first)
    with acts_as(world, "saskia"):
        both = {entry.pk for entry in Entry.objects.get_for_objects(Track.objects.all())}
        assert not Entry.objects.get_for_objects(Track.objects.none())
        assert not Entry.objects.get_for_object("no record")
    assert both == about(world, Track, first, second)
    with acts_as(world, "wim"):
        assert not Entry.objects.get_for_object(Track(pk=first)), "another agency's"
    with acts_as(world, "lies"):
        mine = Entry.objects.get_for_object(Track(pk=first))
        assert {entry.actor for entry in mine} == {account("lies")}, "one's own"


def test_an_entry_says_what_auditlog_documents_and_nothing_of_the_record(world):
    case, track = world.track("follow_up")
    words = "Een bedacht relaas over Testpersoon."
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": words}})
    ((note,),) = world.rows("SELECT id FROM casework_note WHERE case_id = %s ORDER BY made_at DESC LIMIT 1", case)
    with acts_as(world, "arie", Action.SEE_ACCESS_LOG):
        made = Entry.objects.get_for_object(Note(pk=note)).get(action=Entry.Action.CREATE)
        moved = Entry.objects.get_for_object(Track(pk=track)).filter(action=Entry.Action.UPDATE).latest()
        assert (made.actor, made.get_action_display(), made.object_pk) == (account("lies"), "create", str(note))
        assert (moved.get_action_display(), moved.object_pk, moved.object_id) == ("update", str(track), None)
        assert str(note) in made.object_repr
        assert moved.timestamp <= made.timestamp
        assert {"text", "kind"} <= set(made.changes_dict)
        assert made.changes_dict["text"][0] is None
        assert "text" in made.changes_str
        named = {str(field.verbose_name) for field in Note._meta.concrete_fields if field.column in made.changes_dict}
        assert set(made.changes_display_dict) == named
        for told in (made.changes_dict, made.changes_display_dict, made.changes_str, made.object_repr, str(made)):
            assert words not in str(told)
            assert "concern" not in str(told)


def test_every_entry_that_one_sees_answers_every_property(world, scene):  # noqa: F811 - the fixture
    names = ("actor", "changes_dict", "changes_display_dict", "changes_str", "object_repr", "object_id", "remote_addr")
    seen = set()
    with pytest.raises(Refused):
        perform(world.lies, Action.PLAN_VISIT, scene.track)
    for who in ("arie", "saskia", "lies", "anke", "wanda", "wim"):
        with acts_as(world, who, Action.SEE_ACCESS_LOG):
            for entry in Entry.objects.all():
                for name in names:
                    getattr(entry, name)
                seen.add(entry.get_action_display())
                assert "Kanarie" not in f"{entry.changes_str} {entry.changes_display_dict} {entry.object_repr}"
    assert seen >= {"create", "update", "access", "act", "refusal"}
