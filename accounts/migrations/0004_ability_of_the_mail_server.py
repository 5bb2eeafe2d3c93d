"""What the mail server can do, as the worker last heard it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_scrub_schedule"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailServerAbility",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("takes_all_letters", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
