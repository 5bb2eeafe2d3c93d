"""A vocabulary to begin with: few words, which the owner changes as she likes."""

from django.db import migrations

TOPICS = [
    ("grief", "The death of somebody dear, and the time after it."),
    ("illness", "Being ill, in body or mind, and being treated for it."),
    ("self-harm", "Hurting oneself, and not wanting to live."),
    ("eating", "Food and weight, and trouble with them."),
    ("violence", "Violence and abuse, done or suffered."),
    ("addiction", "Drinking, drugs, and whatever else is hard to stop."),
]


def offer(apps, schema_editor):
    notes = apps.get_model("blog", "ContentNote").objects.using(schema_editor.connection.alias)
    notes.bulk_create(
        notes.model(name=name, description=description, order=10 * place)
        for place, (name, description) in enumerate(TOPICS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_content_notes")]

    operations = [migrations.RunPython(offer, migrations.RunPython.noop)]
