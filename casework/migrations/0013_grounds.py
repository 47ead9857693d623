"""What a package rests on: letter, authority, purpose, request, consents; by which roles it was approved."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

GROUNDS = {
    "is_special": models.BooleanField(default=False),
    "letter": models.CharField(blank=True, default="", max_length=1),
    "task": models.CharField(blank=True, default="", max_length=1500),
    "youth_task": models.CharField(blank=True, default="", max_length=40),
    "authority": models.CharField(blank=True, default="", max_length=40),
    "authority_name": models.CharField(blank=True, default="", max_length=120),
    "authority_date": models.DateField(null=True),
    "purpose": models.CharField(blank=True, default="", max_length=40),
    "functionary_name": models.CharField(blank=True, default="", max_length=120),
    "functionary_date": models.DateField(null=True),
    "is_secrecy_pointed_out": models.BooleanField(default=False),
    "asked_or_not": models.CharField(blank=True, default="", max_length=10),
    "request": models.CharField(blank=True, default="", max_length=1500),
    "request_date": models.DateField(null=True),
    "consents": ArrayField(base_field=models.UUIDField(), default=list, size=None),
}


class Migration(migrations.Migration):
    """Adds columns; a package that could not be delivered may end as withdrawn."""

    dependencies = (("casework", "0015_clocks"), ("permissions", "0006_bases"))
    operations = (
        *(migrations.AddField("handoff", name, field) for name, field in GROUNDS.items()),
        migrations.AddField("storedfact", "receiver_id", models.IntegerField(null=True)),
        migrations.AddField(
            "approval",
            "approved_roles",
            ArrayField(base_field=models.CharField(max_length=40), default=list, size=None),
        ),
        migrations.RunSQL(
            "SET ROLE schakel_keeper; ALTER TABLE lock.law_step DROP CONSTRAINT law_step_pkey,"
            " ADD CONSTRAINT law_step_pkey PRIMARY KEY (kind, source, action, target);"
            " RESET ROLE",
            migrations.RunSQL.noop,
        ),
    )
