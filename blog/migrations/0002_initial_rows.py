"""The blog's one row, what authors may do, and a few content notes to begin with."""

from django.db import migrations

from accounts.roles import AUTHORS, grant

TOPICS = [
    ("grief", "Losing someone, and the time after."),
    ("illness", "Physical or mental illness, and its treatment."),
    ("self-harm", "Hurting yourself, or not wanting to live."),
    ("eating", "Food, weight and eating disorders."),
    ("violence", "Violence and abuse."),
    ("addiction", "Alcohol, drugs and other addictions."),
]


def make_rows(apps, schema_editor):
    """The settings exist from the start, so that reading never writes."""
    alias = schema_editor.connection.alias
    apps.get_model("blog", "Blog").objects.using(alias).get_or_create(pk=1)
    notes = apps.get_model("blog", "ContentNote").objects.using(alias)
    if not notes.exists():
        notes.bulk_create(
            notes.model(name=name, description=description, order=10 * place)
            for place, (name, description) in enumerate(TOPICS, 1)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_rows, migrations.RunPython.noop),
        migrations.RunPython(
            grant(
                AUTHORS,
                "blog",
                post=["add", "change", "view"],
                tag=["add", "change", "view"],
                image=["add", "change", "delete", "view"],
            ),
            migrations.RunPython.noop,
        ),
    ]
