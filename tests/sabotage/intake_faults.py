"""Faults of looking through one's own records, of logging a report, and of showing what stays behind."""

from tests.sabotage.faults import Fault

INTAKE = "tests/web/test_intake.py"
PREVIEWS = "tests/web/test_previews.py"
WHOM = "tests/casework/packages/test_of_whom.py"
RADAR = "tests/casework/selectors/test_radar.py"
WARNINGS = "tests/casework/facts/test_earlier_warnings.py"

FAULTS = (
    Fault("look-up", "what was typed hides a hit", "casework/facts/visit.py",
          "return self.answers_to_hits.open_a_visit()", 'return "prior_warning_checked" in self.stored or not self.warnings', WARNINGS),
    Fault("look-up", "an address is found only as it was written", "casework/input/addresses.py",
          "        road = end.sub(whole, road)\n", "        end.sub(whole, road)\n", WARNINGS),
    Fault("look-up", "an addition to a house number is written one way", "casework/input/addresses.py",
          "return [part for word in words for part in _PARTS.findall(word)]", "return list(words)", WARNINGS),
    Fault("look-up", "an approval of before the hit serves", "casework/facts/visit.py",
          "if row is not None and self.action is Action.PLAN_VISIT and not self.answers_to_hits.followed_by(row):", "if False:", WARNINGS),
    Fault("look-up", "a wall is told around", "casework/sql/earlier_warnings.sql",
          "      THEN NULL ELSE (SELECT x.reference",
          "      THEN (SELECT r.reference::text FROM public.casework_participation r WHERE r.content_object_id = w.case_id LIMIT 1)\n"
          "      ELSE (SELECT x.reference", WARNINGS),
    Fault("intake", "who may not share shares", "casework/actions/intake.py",
          "        reach_case(case_id, Action.PREPARE_HANDOFF)\n", "", INTAKE),
    Fault("intake", "an answer to acute is not the check", "casework/actions/intake.py",
          'if values["code"] == "no":', "if False:", INTAKE),
    Fault("intake", "a report is joined to any case", "casework/actions/radar.py",
          "if chosen is None or chosen not in found:", "if chosen is None:", INTAKE),
    Fault("preview", "what was not ticked is not named", "casework/packages/staying.py",
          "        if (item, group) in gone:\n", '        if (item, group) in gone or group == "concern":\n', PREVIEWS),
    Fault("preview", "what stays has no words for who may read it", "casework/packages/staying.py",
          'found.append(Stay(kind, label, day, why, by, words.get((kind, item), "")))',
          'found.append(Stay(kind, label, day, why, by, ""))', PREVIEWS),
    Fault("preview", "of two people the later one's fact alone is offered", "casework/packages/items.py",
          "latest[row.fact, row.track_id, named] = row, named", "latest[row.fact] = row, named", WHOM),
    Fault("preview", "a group of another track goes along", "casework/packages/items.py",
          "offer.group in wanted and fits_track(offer, track_id)}", "offer.group in wanted}", WHOM),
    Fault("preview", "a name goes where no identity does", "casework/packages/items.py",
          'return names.get(person, "") if person and item.group', "return str(person) if person and item.group", WHOM),
    Fault("basis", "who is named consents for who is not", "casework/facts/consents.py",
          "if not found.keys() | others or any(told_of(item) is None for item in items):", "if not found.keys() | others:", WHOM),
    Fault("basis", "a consent that is entered late outlives its withdrawal", "casework/facts/consents.py",
          "return withdrawal.made_at >= consent.made_at or _said_on(withdrawal) > _said_on(consent)",
          "return withdrawal.made_at >= consent.made_at", WHOM),
    Fault("basis", "health is what was ticked", "casework/facts/limits.py",
          "return not HEALTH_HELP.isdisjoint({self.handoff.help_kind, *needs})", "return False", WHOM),
    Fault("basis", "a year of birth makes a known minor", "casework/facts/limits.py",
          "age_on(born, self.today), age_on(earliest(born), self.today)", "age_on(born, self.today), age_on(born, self.today)", WHOM),
    Fault("intake", "what comes in is compared with its own case", "casework/facts/lookups.py",
          "if case_id == besides and case_id:", "if False:", RADAR),
    Fault("preview", "a taken over text shows its columns", "casework/packages/items.py",
          "item.label)) if part),", "item.label)) if part) + item.value,", PREVIEWS),
)  # fmt: skip
