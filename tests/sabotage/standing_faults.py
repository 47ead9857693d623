"""Faults of what is read as it stands now, of what is given and dropped, and of mistakes that a story makes."""

from tests.sabotage.faults import Fault

NOW = "tests/casework/facts/test_as_it_stands_now.py"
DROPPED = "tests/casework/actions/test_nothing_dropped.py"
CHILDREN = "tests/casework/facts/test_children_found.py"
INFORMING = "tests/casework/terms/test_informing.py"
ADVICE = "tests/casework/actions/test_turned_into_advice.py"
PREVIEWS = "tests/web/test_previews.py"
PLAYER = "tests/casework/scenario/test_player_mistakes.py"

OF_STANDING = (
    Fault("standing", "the article is that of the day of preparing", "casework/facts/limits.py",
          "        self.handoff.wpg_article = grants.article_of_record(self.handoff.pk)\n", "", NOW),
    Fault("standing", "the basis of a record is dropped", "casework/actions/regimes.py",
          "    mine.update(**regime_words(", "    mine.update(**{} and regime_words(", DROPPED),
    Fault("standing", "a protected reporter is told directly", "casework/input/codes.py",
          '"direct": frozenset({"known",', '"direct": frozenset({"protected", "known",', NOW),
    Fault("standing", "that a report is acute stops its clock", "workflows/fact_words.py",
          'UNTIL_ACTED = frozenset({("acute_checked", "yes"), ', "UNTIL_ACTED = frozenset({", NOW),
    Fault("standing", "only the page asks what becomes of a report on somebody known", "casework/actions/intake.py",
          "    radar.ask_choice(request, known)\n", "", NOW),
    Fault("standing", "somebody behind a wall is named", "casework/sql/assignments.sql",
          "WHERE w.case_id = of_case AND w.user_id = who", "WHERE w.case_id = of_case AND w.user_id = 0", NOW),
    Fault("standing", "nothing was found where carriers were taken", "casework/facts/said_words.py",
          '"visit_report:carriers" if self.visit.data_carriers else', '"visit_report:no_carriers" if self.visit.data_carriers else', NOW),
    Fault("standing", "the name of an adult reports the children", "casework/sql/untold_children.sql",
          "p.role = ANY (lock.roles_around())\n          AND lock.is_younger(p.birth_date, p.estimated_age, lock.adult_years(), today)", "p.role <> 'minor'", CHILDREN),
    Fault("standing", "nobody's name stops the term of a child", "casework/terms/informing.py",
          "if len(meant) > 1 or (waiting and not meant):", "meant = meant or waiting\n        if len(meant) > 1:", INFORMING),
    Fault("standing", "what was typed with an approval stays", "casework/sql/removing_people.sql",
          "UPDATE public.casework_approval a SET reason = '', approver_reason = ''",
          "UPDATE public.casework_approval a SET reason = a.reason, approver_reason = a.approver_reason", ADVICE),
    Fault("standing", "what is withheld by rule seems not ticked to who checks", "casework/packages/staying.py",
          "why = WITHHELD if is_secret else why", "why = why", PREVIEWS),
    Fault("dropped", "a mapping is stored as text", "casework/input/read.py",
          "        _check_shape(column, value)\n", "", DROPPED),
    Fault("dropped", "a day until which lies before the day from which", "casework/input/read.py",
          "    _check_days(part, values)\n", "", DROPPED),
    Fault("dropped", "a visit is written where none is", "casework/actions/cases.py",
          "    _refuse_without_visit(tracks, left)\n", "", DROPPED),
    Fault("player", "an id stands for two things", "casework/scenario/naming.py",
          'if (name in made or name in tried) and step.expect == "done":', "if False:", PLAYER),
    Fault("player", "an hour that does not exist is played", "casework/input/moments.py",
          "    if local.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != moment:\n", "    if False:\n", PLAYER),
    Fault("player", "a state that no track has is awaited", "casework/scenario/expecting.py",
          'said.one_of(TRACKS[word].states, f"state of {word}")', "said.plain", PLAYER),
)  # fmt: skip
