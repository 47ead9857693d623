"""Faults of bringing a database of before up to date."""

from tests.sabotage.faults import Fault

UPGRADE = "tests/upgrade/test_upgrade.py"
UNFIT = "tests/upgrade/test_unfit.py"
RELEASED = "tests/upgrade/test_released.py"

OF_UPGRADES = (
    Fault("upgrades", "what a migration put into a column is not told", "config/management/commands/prepare.py",
          '        cursor.execute("SELECT trail.note_columns()")\n', "", UPGRADE),
    Fault("upgrades", "the schema of a newer version is settled", "config/migrated.py",
          "    if newer:\n", "    if not loader:\n", UNFIT),
    Fault("upgrades", "a database of another mode is migrated", "config/migrated.py",
          'if made_in not in {"", mode}:', "if not made_in and not mode:", UNFIT),
    Fault("upgrades", "a released migration is changed", "casework/migrations/0004_indexes.py",
          '"""Adds indexes alone."""', '"""Adds indexes."""', RELEASED),
    Fault("upgrades", "a column that is gone is no matter", "config/migrated.py",
          "sorted(said - there)", "sorted(said - said)", UNFIT),
    Fault("upgrades", "a table that no migration made is no matter", "config/migrated.py",
          "- said) & there)", "- said) & set())", UNFIT),
)  # fmt: skip
