"""How much of a date is known, and the words by which it is found who may be the same person."""

from django.db import migrations, models


def _text(model: str, name: str, longest: int) -> migrations.AlterField:
    field = models.CharField(blank=True, default="", max_length=longest)
    return migrations.AlterField(model, name, field)


class Migration(migrations.Migration):
    """Adds two columns and two indexes; `prepare` lays the words anew."""

    dependencies = (("casework", "0020_shown"),)
    operations = (
        migrations.AddField(
            model_name="note",
            name="happened_precision",
            field=models.CharField(default="day", max_length=5),
        ),
        migrations.AddField(
            model_name="personincase",
            name="birth_precision",
            field=models.CharField(default="day", max_length=5),
        ),
        migrations.RunSQL(
            "ALTER TABLE casework_note ALTER happened_precision SET DEFAULT 'day';"
            "ALTER TABLE casework_personincase ALTER birth_precision SET DEFAULT 'day'",
            migrations.RunSQL.noop,
        ),
        *(_text("premises", name, longest) for name, longest in (("street", 120), ("number", 20), ("postcode", 12))),
        migrations.AddField("premises", "country", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("premises", "is_secret", models.BooleanField(default=False)),
        migrations.AddField("personincase", "contact_is_secret", models.BooleanField(default=False)),
        migrations.RunSQL(
            "ALTER TABLE casework_premises ALTER country SET DEFAULT '', ALTER is_secret SET DEFAULT false;"
            "ALTER TABLE casework_personincase ALTER contact_is_secret SET DEFAULT false",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex(model_name="nametoken", name="token_of_identity"),
        migrations.AddIndex(
            model_name="nametoken",
            index=models.Index(
                condition=models.Q(("kind", "alike")),
                fields=["token"],
                name="token_of_likeness",
            ),
        ),
        migrations.AddIndex(model_name="nametoken", index=models.Index(fields=["person"], name="token_of_person")),
    )
