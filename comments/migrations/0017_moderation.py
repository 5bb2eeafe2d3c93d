"""Lanes, findings, reports, standings, care: the rows by which people decide about comments."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_outbox_and_addresses"),
        ("blog", "0010_hub_news"),
        ("comments", "0016_appears_more_than_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.CharField(max_length=300, verbose_name="why")),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                ("kept_words", models.TextField(blank=True, editable=False)),
                ("kept_until", models.DateTimeField(editable=False, null=True)),
                ("told_at", models.DateTimeField(editable=False, null=True)),
                ("second_told_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                ("note", models.TextField(blank=True, verbose_name="note for moderators")),
            ],
            options={
                "verbose_name": "care case",
                "verbose_name_plural": "care cases",
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("check_name", models.CharField(max_length=100, verbose_name="check")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("publish", "publish"),
                            ("hold", "hold"),
                            ("spam", "hold, probably spam"),
                            ("care", "care"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("hold", "hold"), ("spam", "probably spam"), ("care", "care")],
                        max_length=10,
                        verbose_name="list",
                    ),
                ),
                ("text", models.CharField(max_length=100, verbose_name="word or phrase")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("is_active", models.BooleanField(default=True, verbose_name="looked for")),
            ],
            options={
                "verbose_name": "word or phrase",
                "verbose_name_plural": "words and phrases",
                "ordering": ["kind", "text"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("worried", "I am worried about this person"),
                            ("unkind", "It is unkind or attacks somebody"),
                            ("private", "It tells something private about somebody"),
                            ("harmful", "It could harm or encourage harm"),
                            ("spam", "It is advertising or spam"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="in other words")),
                ("network", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("trusted", "trusted"), ("banned", "banned")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("note", models.TextField(blank=True, verbose_name="why, for moderators")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="taken back")),
            ],
            options={
                "verbose_name": "standing of a writer",
                "verbose_name_plural": "standings of writers",
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="lane",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "care"), (1, "usual"), (2, "probably spam")],
                default=1,
                editable=False,
                verbose_name="lane",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="locked_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="thread locked"),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="undoes",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_by",
                to="comments.moderationaction",
            ),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="act",
            field=models.CharField(
                choices=[
                    ("hold", "held"),
                    ("approve", "approved"),
                    ("spam", "marked as spam"),
                    ("remove", "removed"),
                    ("restore", "restored"),
                    ("edit", "changed by its writer"),
                    ("withdraw", "taken back by its writer"),
                    ("note", "its content note was changed"),
                    ("disown", "its writer took her name off it"),
                    ("keep", "looked at, stays as it is"),
                    ("trust", "its writer is trusted"),
                    ("untrust", "its writer is not trusted any more"),
                    ("ban", "its writer is banned"),
                    ("unban", "its writer is not banned any more"),
                    ("lock", "its thread was locked"),
                    ("unlock", "its thread was unlocked"),
                    ("care", "put into the care lane"),
                    ("hand-over", "handed over to a colleague"),
                    ("close-care", "care was closed"),
                    ("undo", "a decision was taken back"),
                ],
                max_length=20,
                verbose_name="act",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("status", 0)),
                fields=["lane", "created_at", "id"],
                name="comment_waiting",
            ),
        ),
        migrations.AddField(
            model_name="carecase",
            name="closed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="carecase",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="care_cases",
                to="comments.comment",
            ),
        ),
        migrations.AddField(
            model_name="carecase",
            name="handed_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="handed over to",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findings",
                to="comments.comment",
            ),
        ),
        migrations.AddConstraint(
            model_name="phrase",
            constraint=models.UniqueConstraint(fields=("kind", "text"), name="comment_phrase_once"),
        ),
        migrations.AddField(
            model_name="report",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reports",
                to="comments.comment",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="who",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddIndex(
            model_name="carecase",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["opened_at"],
                name="comment_care_case_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="carecase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("comment",),
                name="comment_care_case_once",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("settled_at", None)),
                fields=["comment", "created_at"],
                name="comment_report_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", False)),
                fields=("comment", "user"),
                name="comment_report_once_by_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("network", ""), _negated=True),
                fields=("comment", "network"),
                name="comment_report_once_by_network",
            ),
        ),
        migrations.AddConstraint(
            model_name="standing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("key", "kind"),
                name="comment_standing_once",
            ),
        ),
    ]
