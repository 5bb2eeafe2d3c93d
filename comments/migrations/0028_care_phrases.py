"""A first set of care phrases in English, for the owner to go through, shorten and lengthen.

Few, and in the first person: in a blog about loss many people write about the death of somebody.
They are looked for only once the owner has switched care on.
"""

from django.db import migrations

LANGUAGE = "en"
PHRASES = """
    kill myself
    killing myself
    end my life
    ending my life
    take my own life
    taking my own life
    take my life
    end it all
    ending it all
    want to die
    wish i was dead
    wish i were dead
    better off dead
    better off without me
    do not want to live
    don't want to live
    dont want to live
    do not want to be alive
    don't want to be alive
    dont want to be alive
    do not want to wake up
    don't want to wake up
    dont want to wake up
    no reason to live
    nothing to live for
    can't go on living
    cannot go on living
    suicidal
    unalive myself
    hurt myself
    hurting myself
    harm myself
    harming myself
    self harm*
    selfharm*
    cutting myself
    take all my pills
    took all my pills
    afraid for my life
"""


def add(apps, schema_editor):
    Phrase = apps.get_model("comments", "Phrase")
    texts = [line.strip() for line in PHRASES.strip().splitlines()]
    Phrase.objects.using(schema_editor.connection.alias).bulk_create(
        [Phrase(kind="care", text=text, language=LANGUAGE) for text in texts],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0027_care")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
