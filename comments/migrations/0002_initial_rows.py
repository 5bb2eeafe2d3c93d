"""The rows that exist from the start, what moderators may do, and words to begin with.

The owner changes the words: kinds of reactions, reasons for removing, replies, and care phrases. Of
those there are few, in the first person: in a blog about loss many people write about the death of
somebody. They are looked for only once the owner has switched care on.
"""

from django.db import migrations

from accounts.roles import MODERATORS, grant

REACTIONS = ["With you", "Thank you", "Me too"]
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
REPLIES = {
    "Welcome": "Welcome, {name}. It is good that you wrote.",
    "Thank you": "Thank you for this, {name}. I have read every word of it.",
    "A gentle reminder": (
        "{name}, I can see that this matters to you. Please write about what you think, and leave "
        "out what the other person is. Then it can stay here."
    ),
}
CARE_REPLIES = {
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
