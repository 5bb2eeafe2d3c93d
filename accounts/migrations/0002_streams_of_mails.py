"""Mails to many are told from those to one person, and an index finds the next of each kind."""

from django.db import migrations, models

FOLLOWERS, READERS = 1, 2
TO_MANY = {"answer": FOLLOWERS, "digest": FOLLOWERS, "new_post": READERS, "new_posts": READERS}


def note_streams(apps, schema_editor):
    """Give mails to many that are still waiting their stream; of others nobody asks."""
    waiting = apps.get_model("accounts", "Mail").objects.filter(
        sent_at=None, dropped_at=None, given_up_at=None
    )
    for name, stream in TO_MANY.items():
        waiting.filter(name=name).update(stream=stream)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="mail", name="accounts_mail_waiting"),
        migrations.AddField(
            model_name="mail",
            name="stream",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "to one person"),
                    (1, "to followers of comments"),
                    (2, "to readers of new posts"),
                ],
                default=0,
                editable=False,
            ),
        ),
        migrations.RunPython(note_streams, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                fields=["stream", "due_at", "id"],
                condition=models.Q(sent_at=None, dropped_at=None, given_up_at=None),
                name="accounts_mail_next",
            ),
        ),
    ]
