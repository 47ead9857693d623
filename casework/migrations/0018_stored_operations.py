"""An operation is stored with what it was and what it answered; notes and reports hold what people really write."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns of the operation, and longer texts."""

    dependencies = [
        ("casework", "0013_grounds"),
    ]

    operations = [
        migrations.AddField(
            model_name="operation",
            name="action",
            field=models.CharField(default="", max_length=40),
        ),
        migrations.AddField(
            model_name="operation",
            name="answered_case",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="operation",
            name="answered_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="operation",
            name="fingerprint",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="operation",
            name="made",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="operation",
            name="target",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="approval",
            name="reason",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="emergency",
            name="reason",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="emergency",
            name="verdict_reason",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="finding",
            name="closing",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="finding",
            name="text",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="interest",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="special_reason",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="why_items",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="why_now",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="why_receiver",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="knowncheck",
            name="answer_reason",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="knowncheck",
            name="reason",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="note",
            name="text",
            field=models.CharField(max_length=12000),
        ),
        migrations.AlterField(
            model_name="packageitem",
            name="value",
            field=models.CharField(max_length=12000),
        ),
        migrations.AlterField(
            model_name="review",
            name="text",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="storedfact",
            name="text",
            field=models.CharField(blank=True, default="", max_length=10000),
        ),
        migrations.AlterField(
            model_name="visit",
            name="plan_family",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="visit",
            name="plan_subject",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="visit",
            name="plan_team",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="wall",
            name="lift_reason",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="wall",
            name="reason",
            field=models.CharField(max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="request",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="task",
            field=models.CharField(blank=True, default="", max_length=4000),
        ),
    ]
