"""Faults in files of the product in which none was planted: what each promises, and what would break it."""

from tests.sabotage.faults import HANDOFFS, Fault

ASKED = "tests/casework/asking/test_public_interfaces.py"
SIGN_IN = "tests/attacks/test_sign_in.py"
WATCHED = "tests/attacks/test_oversight.py"
LOADED = "tests/casework/entries/test_tables_loaded.py"
DROPPED = "tests/casework/actions/test_nothing_dropped.py"
SAID_MORE = "tests/casework/actions/test_no_more_than_said.py"
SCREENED = "tests/casework/input/test_screening.py"
STEPS = "tests/attacks/test_steps.py"
CORRECTED = "tests/casework/actions/test_corrections.py"
READ_BACK = "tests/web/test_reading_back.py"
EXPORTS = "tests/audit/test_exports.py"
MISTAKES = "tests/casework/scenario/test_player_mistakes.py"
NAMES = "tests/casework/scenario/test_player_names.py"
MIGRATIONS = "tests/tidy/test_migrations.py"
DEMO_STORY = "tests/casework/scenario/test_demo_story.py"
DEMO_MOMENTS = "tests/policy/test_demo_moments.py"

OF_PROMISES = (
    # The one story of a demo.
    Fault("story", "a story begins wherever one is told", "permissions/story.py",
          "return bool(cursor.fetchone()[0])", "return True", DEMO_MOMENTS),
    Fault("story", "a story counts no working days", "casework/scenario/days.py",
          '"W": lambda: self.working_day(count)', '"W": lambda: self.today + count * ONE_DAY', DEMO_STORY),
    Fault("story", "a story that was stopped is told from its beginning", "casework/scenario/telling.py",
          "if turn <= told:", "if False:", DEMO_STORY),
    # What somebody may is asked of the law, and of who acts alone.
    Fault("asked", "somebody else is answered for", "casework/asking/permission_backend.py",
          "    if acting().actor.person_id != person.pk:\n", "    if False:\n", ASKED),
    Fault("asked", "a stranger is taken for a colleague", "casework/actions/request.py",
          "        if not Membership.objects.filter(user_id=person_id, agency_id=self.act.actor.agency_id).exists():\n",
          "        if False:\n", SAID_MORE),
    # Who signs in.
    Fault("sign-in", "a session holds nothing of the password", "permissions/models.py",
          "found = User.signing_in(person_id=self.pk) if self.password == UNREAD else None", "found = None", SIGN_IN),
    # What the database holds by itself.
    Fault("tables", "a refused try is placed with nobody", "casework/sql/tables_of_access.sql",
          "FOR EACH ROW WHEN (NEW.action = 5) EXECUTE", "FOR EACH ROW WHEN (false) EXECUTE", WATCHED),
    Fault("tables", "a number of a handoff can be changed", "casework/sql/tables_of_work.sql",
          "WHEN (NEW.number IS DISTINCT FROM OLD.number OR OLD.number = '')", "WHEN (false)", HANDOFFS),
    Fault("tables", "a model says that one reviews ones own emergency", "casework/models/access.py",
          'condition=Q(reviewed_by_id__isnull=True) | ~Q(reviewed_by_id=models.F("user_id"))',
          "condition=Q(reviewed_by_id__isnull=True) | Q(reviewed_by_id__isnull=False)", MIGRATIONS),
    Fault("tables", "a model says that a delivery has two lines of the ledger", "casework/models/exchange.py",
          'fields=["handoff", "package_version"], condition=Q(is_correction=False)',
          'fields=["handoff", "package_version", "receiver"], condition=Q(is_correction=False)', MIGRATIONS),
    Fault("tables", "a model says that what was corrected may be left out", "casework/models/corrections.py",
          "    was = PlainText(max_length=2 * ITEM, takes_mail=True)", "    was = PlainText(max_length=2 * ITEM, null=True)",
          MIGRATIONS),
    # What people write, and what is stored of it.
    Fault("words", "a mark that nobody sees is stored", "casework/input/marks.py",
          'unicodedata.category(letter) == "Cf" or ', "", SCREENED),
    Fault("words", "any number of marks stands on one letter", "casework/input/marks.py",
          "        if stacked > MOST_STACKED:\n", "        if False:\n", STEPS),
    Fault("words", "a second of what is given once is dropped", "casework/input/parts.py",
          '"helped", "export", "sample", "visit_plan"', '"export", "sample", "visit_plan"', DROPPED),
    Fault("words", "a decision is corrected away", "casework/input/correction_parts.py",
          'return column.name == "code" and bool(', 'return column.name == "" and bool(', CORRECTED),
    Fault("words", "a text is taken however long it is", "casework/input/schema.py",
          "return self.most or (LONG if self.kind is Kind.TEXT else SHORT)",
          "return 10 * (self.most or (LONG if self.kind is Kind.TEXT else SHORT))", "tests/attacks/test_bounds.py"),
    Fault("words", "an entry takes a part that no page asks", "casework/entries/entry.py",
          "    if takes and not entry.pages:\n", "    if False:\n", LOADED),
    Fault("words", "a second handler takes the place of the first", "casework/actions/handlers.py",
          "            if action in _declared:\n", "            if False:\n", LOADED),
    # What is shown.
    Fault("shown", "the next part of an export has the key of the one before", "casework/models/exports.py",
          'return f"export:{self.pk}:{self.tries}"', 'return f"export:{self.pk}"', EXPORTS),
    Fault("shown", "a complaint does not say how much is over", "web/words.py",
          '"over": error.over}', '"over": 0}', "tests/web/test_too_much.py"),
    Fault("words", "a reader does not say how much is over", "casework/input/unfit.py",
          "        self.over = over\n", "        self.over = 0\n", "tests/attacks/test_bounds.py"),
    Fault("shown", "a day is read back as its digits", "casework/models/json_rows.py",
          "datetime: datetime.fromisoformat, date: date.fromisoformat, tuple", "datetime: datetime.fromisoformat, tuple",
          READ_BACK),
    # What a story may say, and what its player answers.
    Fault("stories", "a column that nothing has is passed over", "casework/scenario/contents.py",
          '        if name not in columns:\n            raise Unreadable(value.line, f"{brief(name)} is no column of {part}")\n',
          "        if name not in columns:\n            continue\n", MISTAKES),
    Fault("stories", "what can never be found is expected", "casework/scenario/never.py",
          "        if name in EACH_ONCE and isinstance(inner.value, list):\n", "        if False:\n", NAMES),
)  # fmt: skip
