"""What an act of a moderator can be taken back by; which acts gave and ended a standing."""

import django.db.models.deletion
from django.db import migrations, models


def by_act(name):
    return models.ForeignKey(
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name=name,
        to="comments.moderationaction",
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0017_moderation")]

    operations = [
        migrations.AlterModelOptions(
            name="moderationaction",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "moderation log entry",
                "verbose_name_plural": "moderation log entries",
            },
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="comment_key",
            field=models.BigIntegerField(
                db_index=True,
                help_text="Kept when the comment itself is gone.",
                verbose_name="comment's number",
            ),
        ),
        migrations.AddField(
            model_name="moderationaction",
            name="was",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(model_name="standing", name="action", field=by_act("gave")),
        migrations.AddField(model_name="standing", name="ended_by", field=by_act("ended")),
        migrations.AddField(
            model_name="standing",
            name="beside",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="besides",
                to="comments.standing",
            ),
        ),
    ]
