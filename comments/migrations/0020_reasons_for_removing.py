"""Reasons that a moderator can give a writer, and a few to begin with; the owner changes them."""

from django.db import migrations, models

REASONS = {
    "Names somebody": (
        "Thank you for writing. Your comment tells something by which another person could be "
        "recognised, so we do not show it. You are welcome to write it again without that."
    ),
    "Hurts somebody": (
        "We read your comment and did not put it up, because it could hurt somebody who reads "
        "here. If you would like to say what moves you in other words, please do."
    ),
    "Could be dangerous to read": (
        "Thank you for your trust. Your comment describes something in so much detail that it "
        "could put others who read here at risk, so we do not show it. You are welcome to tell how "
        "you are without the details."
    ),
    "Belongs elsewhere": (
        "Your comment is about something else than this conversation, so we do not show it here. "
        "Perhaps it fits below another post."
    ),
    "Advertises something": (
        "Your comment recommends something that is for sale, and we keep conversations here free "
        "of that."
    ),
}


def write_reasons(apps, schema_editor):
    alias = schema_editor.connection.alias
    reasons = apps.get_model("comments", "RemovalReason").objects.using(alias)
    for place, (name, text) in enumerate(REASONS.items(), start=1):
        reasons.create(name=name, text=text, position=place)


class Migration(migrations.Migration):
    dependencies = [("comments", "0019_notes_about_writers")]

    operations = [
        migrations.CreateModel(
            name="RemovalReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Only moderators read it.",
                        max_length=60,
                        verbose_name="name in the list",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="A moderator can change it each time before she sends it.",
                        max_length=1000,
                        verbose_name="what the writer reads",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Smaller numbers stand first.", verbose_name="place"
                    ),
                ),
                ("is_offered", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "verbose_name": "reason for removing",
                "verbose_name_plural": "reasons for removing",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.RunPython(write_reasons, migrations.RunPython.noop),
    ]
