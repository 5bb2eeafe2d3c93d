"""A process of the stress test: writes, moves, purges and moderates on its own connection.

``main`` runs in it. It reads one job at a time from its pipe, answers "ready", waits for "go" so
that all begin at once, and answers with what it did. Importing this module sets Django up, for all
processes at once where a fork server imports it.

Ways of a job: "ours" is how Hearth writes. "unlocked" is the same without the lock on the
thread. "plain" is mptt's own manager on a model of its own, without any lock."""

import os
import random
import traceback
from collections import Counter

import django
from django.apps import apps

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()


def main(database, pipe):
    """Do the jobs that come through the pipe, until None comes."""
    from django.db import connection

    connection.settings_dict["NAME"] = database
    while job := pipe.recv():
        deeds = _deeds(job["way"])(job)
        connection.ensure_connection()
        pipe.send("ready")
        pipe.recv()
        _work(job, deeds)
        connection.close()
        pipe.send(deeds.report())


def _work(job, deeds):
    for _ in range(job["rounds"]):
        try:
            deeds.do_something()
        except Exception as error:
            deeds.errors.append(repr(error) + traceback.format_exc()[-600:])


def _deeds(way):
    return {"ours": Ours, "unlocked": Unlocked, "plain": Plain}[way]


class Deeds:
    """One process's share of a job, and its result."""

    def __init__(self, job):
        self.job = job
        self.dice = random.Random(job["seed"])
        self.errors, self.accepted, self.purged = [], [], []
        self.done = Counter()

    def do_something(self):
        what = "write" if self.job["role"] == "writer" else self.dice.choice(self.TROUBLE)
        try:
            getattr(self, what)()
            self.done[what] += 1
        except self.expected():
            self.done[f"{what} refused"] += 1

    def report(self):
        facts = ("errors", "accepted", "purged", "done")
        return {name: getattr(self, name) for name in facts}


class Ours(Deeds):
    TROUBLE = ("move", "move", "split", "purge", "decide", "decide", "undo", "lock", "load")

    def __init__(self, job):
        super().__init__(job)
        from django.contrib.auth import get_user_model

        from comments.tree import transactions

        self.sent = []
        transactions.TRIES = 1  # a deadlock is an error here, though people would not see it
        self.who = get_user_model().objects.get(pk=job["moderator"])

    def expected(self):
        from mptt.exceptions import InvalidMove

        from accounts.refusal import Refused
        from comments.models import Comment
        from comments.tree.guards import StructureError

        return Comment.DoesNotExist, InvalidMove, StructureError, Refused

    def somebody(self, post):
        """Return a comment of the post, or None; the newest are answered most."""
        from comments.models import Comment

        newest = Comment.objects.filter(post=post).order_by("-pk")[:40]
        return self.dice.choice([*newest, None])

    def write(self):
        from comments.posting.create import Answer, post_comment

        post = self.dice.choice(self.job["posts"])
        parent = self.somebody(post) if self.dice.random() < 0.7 else None
        words = {"name": "Wren", "body": f"No. {len(self.accepted)}"}
        answer = Answer(post, words, parent and parent.pk)
        self.accepted.append(post_comment(answer).pk)

    def move(self):
        from comments.models import Comment

        post = self.dice.choice(self.job["posts"])
        node, target = self.somebody(post), self.somebody(post)
        if node:
            Comment.objects.move_node(node, target)

    def split(self):
        from comments.models import Comment

        if node := self.somebody(self.dice.choice(self.job["posts"])):
            Comment.objects.move_node(node, None)

    def purge(self):
        from django.db import transaction

        from comments.models import Comment

        if node := self.somebody(self.dice.choice(self.job["posts"])):
            with transaction.atomic():
                Comment.objects.lock_threads(node.pk)
                branch = Comment.objects.get(pk=node.pk).get_descendants(include_self=True)
                if len(keys := list(branch.values_list("pk", flat=True))) < 20:
                    Comment.objects.purge(node)
                    self.purged += keys

    def decide(self):
        from comments.moderation.decisions import decide

        post = self.dice.choice(self.job["posts"])
        keys = {node.pk for node in (self.somebody(post), self.somebody(post)) if node}
        acts = ["approve", "remove", "restore", "spam", "hold", "keep"]
        decide(keys, self.dice.choice(acts), self.who)

    def undo(self):
        from comments.models import ModerationAction
        from comments.moderation.decisions import undo_action

        newest = ModerationAction.objects.order_by("-pk").values_list("pk", flat=True)[:10]
        if keys := list(newest):
            undo_action(self.dice.choice(keys), self.who)

    def lock(self):
        from comments.moderation import locked_threads

        if node := self.somebody(self.dice.choice(self.job["posts"])):
            self.dice.choice([locked_threads.lock, locked_threads.unlock, locked_threads.unlock])(
                node.pk, self.who
            )

    def load(self):
        """Load an export whose numbers are those that writers are about to get."""
        from django.utils import timezone

        from comments.imports.bulk_load import Incoming, load
        from comments.models import Comment

        next_key = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
        fields = {"source": f"elsewhere:{self.job['seed']}", "name": "Wren", "body": "Hello"}
        fields |= {"body_html": "<p>Hello</p>", "post": self.job["posts"][0]}
        fields["created_at"] = timezone.now()
        new = [next_key + self.dice.randrange(20) for _ in range(4)]
        rows = [
            Incoming(
                key=key, source_id=str(key), parent=self.dice.choice([None, *self.sent]), **fields
            )
            for key in new
        ]
        self.sent += new
        loaded = load(rows)
        self.accepted += [loaded.keys[key] for key in loaded.added]


class Unlocked(Ours):
    def __init__(self, job):
        super().__init__(job)
        from comments.models import Comment

        manager = type(Comment.objects)
        self.locked = manager.lock_threads
        manager.lock_threads = _only_look

    def report(self):
        from comments.models import Comment

        type(Comment.objects).lock_threads = self.locked
        return super().report()


def _only_look(manager, *keys):
    trees = dict(manager.plain().filter(pk__in=keys).values_list("pk", "tree_id"))
    if len(trees) != len(set(keys)):
        raise manager.model.DoesNotExist
    return trees


class Plain(Deeds):
    TROUBLE = ("move", "split", "purge")

    def expected(self):
        from mptt.exceptions import InvalidMove

        from tests.comments.plain_mptt import PlainComment

        return InvalidMove, PlainComment.DoesNotExist

    def somebody(self):
        from tests.comments.plain_mptt import PlainComment

        return self.dice.choice([*PlainComment.objects.order_by("-pk")[:40], None])

    def write(self):
        from tests.comments.plain_mptt import PlainComment

        parent = self.somebody() if self.dice.random() < 0.7 else None
        self.accepted.append(PlainComment.objects.create(parent=parent).pk)

    def move(self):
        if (node := self.somebody()) and (target := self.somebody()):
            node.move_to(target, "last-child")

    def split(self):
        if node := self.somebody():
            node.move_to(None, "last-child")

    def purge(self):
        if (node := self.somebody()) and node.is_leaf_node():
            node.delete()
            self.purged.append(node.pk)
