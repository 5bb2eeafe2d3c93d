"""When the files of the database are scrubbed next."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_streams_of_mails"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScrubSchedule",
            fields=[
                (
                    "step",
                    models.CharField(
                        choices=[("words", "words"), ("traces", "traces")],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen", models.JSONField(default=dict)),
            ],
        ),
    ]
