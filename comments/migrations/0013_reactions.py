"""Support without words: kinds that the owner names, and who gave which."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0012_content_note"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReactionKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="words on the button")),
                ("folded", models.CharField(editable=False, max_length=90, unique=True)),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Smaller numbers stand first.", verbose_name="place"
                    ),
                ),
                (
                    "is_offered",
                    models.BooleanField(
                        default=True,
                        help_text="What was given stays given, and can still be taken back.",
                        verbose_name="offered",
                    ),
                ),
            ],
            options={
                "verbose_name": "kind of reaction",
                "verbose_name_plural": "kinds of reactions",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(blank=True, max_length=64)),
                ("given_on", models.DateField(default=django.utils.timezone.localdate)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reactions",
                        to="comments.comment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reactions",
                        to="comments.reactionkind",
                    ),
                ),
            ],
            options={
                "verbose_name": "reaction",
                "verbose_name_plural": "reactions",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("comment", "kind", "user"),
                        name="reaction_of_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("mark", ""), _negated=True),
                        fields=("comment", "kind", "mark"),
                        name="reaction_of_guest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mark", ""), ("user__isnull", False)),
                            models.Q(("user", None), models.Q(("mark", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="reaction_of_one_person",
                    ),
                ],
            },
        ),
    ]
