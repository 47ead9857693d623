"""Faults by which a correction reaches less than it should, or more."""

from tests.sabotage.faults import Fault

SECRECY = "tests/casework/test_secrecy.py"
CORRECTED = "tests/casework/test_corrections.py"
CORRECTING = "casework/services/correcting.py"
FAULTS = (
    Fault("corrected", "a name is found by what it was", CORRECTING,
          "    row.tokens = tokens_of(row.family_name, row.given_names, row.born)\n", "", CORRECTED),
    Fault("corrected", "an address is found by what it was", CORRECTING,
          "    row.address_keys = keys_of(*(getattr(row, name) for name in KEYED))\n", "", CORRECTED),
    Fault("corrected", "a fact that was replaced still counts", "casework/models/steps.py",
          "        return super().get_queryset().filter(replaced_by_id=None)", "        return super().get_queryset()", CORRECTED),
    Fault("corrected", "a decision is corrected by whoever writes", CORRECTING,
          "    _refuse_of_others(reached, old)\n", "", CORRECTED),
    Fault("corrected", "a package goes with what was corrected since", "casework/limits.py",
          "return (CORRECTED,) if self.handoff.is_outdated else ()", "return ()", CORRECTED),
    Fault("corrected", "secrecy is judged only when items are chosen", "casework/limits.py",
          "        if grants.holds_secret(self.handoff.pk):\n", "        if False:\n", SECRECY),
    Fault("corrected", "what is written again as secret is told to nobody", "casework/services/news.py",
          "    tell(case_id, causes[0], hidden)\n", "", SECRECY),
    Fault("corrected", "a telephone number is compared as it was typed", "casework/keeper_lookups.py",
          "'^(?:310?|0)(?=[1-9][0-9]{8}$)', '') FROM number", "'^$', '') FROM number", SECRECY),
    Fault("corrected", "an address is compared as it was typed", "casework/keeper_lookups.py",
          "CASE WHEN p.address_keys <> '{}' THEN p.address_keys", "CASE WHEN false THEN p.address_keys", SECRECY),
    Fault("corrected", "news that was given up is told all the same", "casework/keeper_news.py",
          "AND n.delivered_at IS NULL AND n.made_at >= since;", "AND n.delivered_at IS NULL;", CORRECTED),
    Fault("corrected", "news asks no basis", "casework/services/news.py",
          "        lost = HandoffFacts(sent).lost(ASKED)\n", "        lost = ()\n", CORRECTED),
    Fault("corrected", "what is kept secret is told", "casework/services/news.py",
          '    return Changed(origin_id, group, new.label, "" if new.withheld else new.value, new.withheld)\n\n\ndef replaced',
          "    return Changed(origin_id, group, new.label, new.value, new.withheld)\n\n\ndef replaced", CORRECTED),
)  # fmt: skip
