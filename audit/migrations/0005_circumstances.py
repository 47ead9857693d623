"""How, from where, in which request and for whom an entry came about, and how much was sealed before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns with a constant default: no row is written anew."""

    dependencies = [
        ("audit", "0004_reconciling"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="auth_strength",
            field=models.CharField(db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="entry",
            name="client_point",
            field=models.CharField(db_default="", default="", max_length=45),
        ),
        migrations.AddField(
            model_name="entry",
            name="on_behalf_of_id",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="entry",
            name="policy_version",
            field=models.CharField(db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="entry",
            name="prev_seal",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="entry",
            name="recipient_agency_id",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="entry",
            name="trace_id",
            field=models.UUIDField(null=True),
        ),
    ]
