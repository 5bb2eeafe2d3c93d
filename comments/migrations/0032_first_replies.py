"""A few replies to begin with; the owner changes them, or takes them away, in the admin."""

from django.db import migrations

ANSWERS = {
    "Welcome": "Welcome, {name}. It is good that you wrote.",
    "Thank you": "Thank you for this, {name}. I have read every word of it.",
    "A gentle reminder": (
        "{name}, I can see that this matters to you. Please write about what you think, and leave "
        "out what the other person is. Then it can stay here."
    ),
}
CARE = {
    "I have read this": (
        "{name}, I have read what you wrote, and I am glad that you wrote it here. You do not have "
        "to answer. If it becomes too much, please do not stay alone with it: tell somebody near "
        "you, or one of the services where you live that are there for this."
    ),
    "Thank you for saying it": (
        "Thank you for saying this, {name}. It cannot have been easy. I cannot be a help at every "
        "hour, and I would like you to have somebody who can: is there one person whom you could "
        "tell today?"
    ),
}


def put(apps, schema_editor):
    Reply = apps.get_model("comments", "SavedReply")
    rows = Reply.objects.using(schema_editor.connection.alias)
    for use, texts in (("answer", ANSWERS), ("care", CARE)):
        for order, (title, text) in enumerate(texts.items(), 1):
            rows.create(use=use, title=title, text=text, order=order)


class Migration(migrations.Migration):
    dependencies = [("comments", "0031_the_queue")]
    operations = [migrations.RunPython(put, migrations.RunPython.noop)]
