"""Faults by which injected SQL would learn of others, or an answer would say done too early."""

from tests.sabotage.faults import Fault

INJECTED = "tests/attacks/test_injected.py"
STANDBY = "tests/simulation/test_standby.py"
QUEUED = "tests/casework/test_fallen_while_queued.py"

OF_HARDENING = (
    Fault("injected", "no signature at all is a signature", "permissions/sql/act_as.sql",
          "IF NOT coalesce(mac = sha256(k.opad || sha256(k.ipad || convert_to(token, 'UTF8'))), false) THEN",
          "IF mac IS DISTINCT FROM sha256(k.opad || sha256(k.ipad || convert_to(token, 'UTF8'))) THEN", INJECTED),
    Fault("injected", "everybody is listed", "permissions/people.py",
          'f"{_SERVES} OR id = {PERSON} OR ', 'f"true OR {_SERVES} OR id = {PERSON} OR ', INJECTED),
    Fault("injected", "hashes of passwords are read", "permissions/people.py",
          'SHOWN = ("id", ', 'SHOWN = ("password", "id", ', INJECTED),
    Fault("injected", "intents are listed", "casework/lock/guards.py",
          'Rights("casework_outbox", f"agency_id = {AGENCY}"', 'Rights("casework_outbox", "true"', INJECTED),
    Fault("injected", "the planner remembers names", "casework/lock/estimates.py",
          "if isinstance(field, PlainText)", "if field.name == 'nothing'", INJECTED),
    Fault("uncertain", "a warning of a commit is not heard", "permissions/acting.py",
          "if said.source_function == STANDBY:", 'if said.source_function == "":', STANDBY),
    Fault("uncertain", "a stored answer does not wait for the standby", "permissions/sql/act_as.sql",
          "PERFORM pg_logical_emit_message(true, 'schakel', '');", "", STANDBY),
    Fault("queued", "a conflict of who sent it is overlooked", "casework/actions/delivering.py",
          '(("conflict",) if grants.sender_is_walled(handoff.pk) else ())', "()", QUEUED),
)  # fmt: skip
