"""One row for what was learned from decisions about spam."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0024_spam_service"),
    ]

    operations = [
        migrations.CreateModel(
            name="Learned",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "spam",
                    models.PositiveIntegerField(default=0, verbose_name="comments marked as spam"),
                ),
                ("kept", models.PositiveIntegerField(default=0, verbose_name="comments approved")),
                ("tokens", models.JSONField(default=dict)),
                ("held_from", models.FloatField(default=0)),
                ("quality", models.JSONField(default=dict)),
                ("learned_at", models.DateTimeField(null=True, verbose_name="learned")),
                ("claimed_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "what was learned about spam",
                "verbose_name_plural": "what was learned about spam",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="comment_learned_one_row"
                    )
                ],
            },
        ),
    ]
