"""The rows that exist from the start, what moderators may do, and words to begin with.

The owner changes the words: kinds of reactions, reasons for removing, replies, and care phrases. Of
those there are few, in the first person: in a blog about loss many people write about the death of
somebody. They are looked for only once the owner has switched care on.
"""

from django.db import migrations

from accounts.roles import MODERATORS, grant

REACTIONS = ["With you", "Thank you", "Me too"]
REASONS = {
    "Identifies someone": (
        "Thank you for writing. Your comment includes details that could identify someone else, so "
        "we can’t show it. You’re welcome to write it again without them."
    ),
    "Could hurt someone": (
        "We read your comment and decided not to show it, because it could hurt someone who reads "
        "here. If you’d like to say what moves you in other words, please do."
    ),
    "Dangerous details": (
        "Thank you for your trust. Your comment describes something in so much detail that it "
        "could put other readers at risk, so we can’t show it. You’re welcome to tell us how you "
        "are without the details."
    ),
    "Off topic": (
        "Your comment is about something other than this conversation, so we can’t show it here. "
        "Perhaps it fits below another post."
    ),
    "Advertising": (
        "Your comment recommends something that’s for sale, and we keep conversations here free "
        "of that."
    ),
}
REPLIES = {
    "Welcome": "Welcome, {name}. I’m glad you wrote.",
    "Thank you": "Thank you for this, {name}. I’ve read every word.",
    "A gentle reminder": (
        "{name}, I can see that this matters to you. Please write about what you think, and leave "
        "out what you think of the other person. Then it can stay here."
    ),
}
CARE_REPLIES = {
    "I’ve read this": (
        "{name}, I’ve read what you wrote, and I’m glad you wrote it here. You don’t have to "
        "reply. If it gets too much, please don’t stay alone with it: tell someone close to you, "
        "or one of the services near you that are there for this."
    ),
    "Thank you for saying it": (
        "Thank you for saying this, {name}. It can’t have been easy. I can’t be there at every "
        "hour, and I’d like you to have someone who can: is there one person you could tell today?"
    ),
}
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


def make_rows(apps, schema_editor):
    """Settings and what was learned exist from the start, so that reading a page never writes."""
    rows = _rows(apps, schema_editor)
    rows("ConversationSettings").get_or_create(pk=1)
    rows("ClassifierState").get_or_create(pk=1)


def make_words(apps, schema_editor):
    """Words to begin with, where there are none."""
    rows = _rows(apps, schema_editor)
    words = {
        "ReactionKind": [
            {"folded": name.casefold(), "name": name, "position": place}
            for place, name in enumerate(REACTIONS, start=1)
        ],
        "RemovalReason": [
            {"name": name, "text": text, "position": place}
            for place, (name, text) in enumerate(REASONS.items(), start=1)
        ],
        "SavedReply": [
            {"use": use, "title": title, "text": text, "order": place}
            for use, replies in (("answer", REPLIES), ("care", CARE_REPLIES))
            for place, (title, text) in enumerate(replies.items(), start=1)
        ],
        "Phrase": [
            {"kind": "care", "text": line.strip(), "language": LANGUAGE}
            for line in PHRASES.strip().splitlines()
        ],
    }
    for name, found in words.items():
        if not rows(name).exists():
            rows(name).bulk_create(rows(name).model(**values) for values in found)


def _rows(apps, schema_editor):
    alias = schema_editor.connection.alias
    return lambda name: apps.get_model("comments", name).objects.using(alias)


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_rows, migrations.RunPython.noop),
        migrations.RunPython(make_words, migrations.RunPython.noop),
        migrations.RunPython(
            grant(
                MODERATORS,
                "comments",
                comment=["view", "moderate_comment"],
                moderationaction=["view"],
                reputation=["view"],
            ),
            migrations.RunPython.noop,
        ),
    ]
