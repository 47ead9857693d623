"""An operation is stored with what it was and what it answered; notes and reports hold what people really write."""

import django.contrib.postgres.fields
from django.db import migrations, models

import casework.fields


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
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="reason",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="emergency",
            name="reason",
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="emergency",
            name="verdict_reason",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="finding",
            name="closing",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="finding",
            name="text",
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="interest",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="special_reason",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="why_items",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="why_now",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="why_receiver",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="knowncheck",
            name="answer_reason",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="knowncheck",
            name="reason",
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="note",
            name="text",
            field=casework.fields.PlainText(max_length=12000),
        ),
        migrations.AlterField(
            model_name="packageitem",
            name="value",
            field=casework.fields.PlainText(max_length=12000),
        ),
        migrations.AlterField(
            model_name="review",
            name="text",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="storedfact",
            name="text",
            field=casework.fields.PlainText(blank=True, default="", max_length=10000),
        ),
        migrations.AlterField(
            model_name="visit",
            name="plan_family",
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="visit",
            name="plan_subject",
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="visit",
            name="plan_team",
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="wall",
            name="lift_reason",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="wall",
            name="reason",
            field=casework.fields.PlainText(max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="request",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="task",
            field=casework.fields.PlainText(blank=True, default="", max_length=4000),
        ),
    ]
