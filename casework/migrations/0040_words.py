"""The words of the field: an agency takes part by a participation, a person by an assignment.

Tables, indexes and functions take the new names. The trail goes on calling these rows what its sealed entries call them,
and columns keep their names for the same reason (docs/decisions/0022-words-of-the-field.md).
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
SET ROLE schakel_keeper;
ALTER FUNCTION lock.keep_sort() RENAME TO update_sort_keys;
ALTER FUNCTION lock.keep_sort_of_ends() RENAME TO update_sort_keys_of_ends;
ALTER FUNCTION lock.keep_step() RENAME TO store_step;
ALTER FUNCTION lock.keep_notice() RENAME TO store_notice;
ALTER FUNCTION lock.keep_tokens() RENAME TO store_name_tokens;
ALTER FUNCTION lock.keep_review() RENAME TO store_review;
ALTER FUNCTION lock.keep_confidential() RENAME TO mark_confidential;
DROP FUNCTION IF EXISTS lock.keep_answer(uuid, uuid, text[]);
DROP FUNCTION IF EXISTS lock.keep_session(text, bytea, text);
DROP FUNCTION IF EXISTS lock.holds_naming(uuid);
DROP FUNCTION IF EXISTS lock.end_naming(uuid, int);
RESET ROLE;
"""
KINDS = """
INSERT INTO django_content_type (app_label, model) VALUES ('casework', 'ruling'), ('casework', 'naming')
  ON CONFLICT DO NOTHING;
"""
INDEXES = {
    "participation": ("ruling_without_term", "ruling_of_case", "ruling_reference", "ruling_within_reach"),
    "assignment": ("naming_without_term", "naming_of_case", "naming_of_person", "naming_within_reach"),
}


def renamed(was: str, now: str) -> migrations.SeparateDatabaseAndState:
    """Rename a model and its table, and leave the kind of record by which sealed entries know it."""
    return migrations.SeparateDatabaseAndState(
        [migrations.RunSQL(f"ALTER TABLE casework_{was.lower()} RENAME TO casework_{now.lower()}", migrations.RunSQL.noop)],
        [migrations.RenameModel(was, now)],
    )


class Migration(migrations.Migration):
    """Nothing but names."""

    dependencies = (
        ("casework", "0039_address_keys_gone"),
        ("contenttypes", "0002_remove_content_type_name"),
    )
    operations = (
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        renamed("Ruling", "Participation"),
        renamed("Naming", "Assignment"),
        *(
            migrations.RenameIndex(model, new_name=old.replace("ruling", model).replace("naming", model), old_name=old)
            for model, names in INDEXES.items()
            for old in names
        ),
        migrations.AlterField(
            "participation",
            "content_object",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="participations",
                to="casework.case",
            ),
        ),
        migrations.AlterField(
            "assignment",
            "content_object",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="casework.case",
            ),
        ),
        migrations.AlterField("deadline", "moment", models.PositiveSmallIntegerField(default=0, db_column="moment")),
        migrations.RenameField("deadline", "moment", "sequence"),
        migrations.AlterField("handoff", "package", models.PositiveSmallIntegerField(default=1, db_column="package")),
        migrations.RenameField("handoff", "package", "package_version"),
        migrations.AlterField("packageitem", "package", models.PositiveSmallIntegerField(db_column="package")),
        migrations.RenameField("packageitem", "package", "package_version"),
        migrations.AlterField("disclosure", "package", models.PositiveSmallIntegerField(db_column="package")),
        migrations.RenameField("disclosure", "package", "package_version"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("disclosure", "one_line_a_delivery"),
                migrations.RemoveConstraint("packageitem", "item_position"),
                migrations.AddConstraint(
                    "disclosure",
                    models.UniqueConstraint(
                        condition=models.Q(("is_correction", False)),
                        fields=("handoff", "package_version"),
                        name="one_line_a_delivery",
                    ),
                ),
                migrations.AddConstraint(
                    "packageitem",
                    models.UniqueConstraint(fields=("handoff", "package_version", "position"), name="item_position"),
                ),
            ],
        ),
    )
