"""Addresses are called verified, as everywhere else."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_language_of_an_account"),
    ]

    operations = [
        migrations.RenameField(model_name=model, old_name="proved_at", new_name="verified_at")
        for model in ("address", "emailchange")
    ]
