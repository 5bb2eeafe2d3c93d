"""Stress test: eight processes write to the same posts while two move, purge, moderate and load.

Each has a connection of its own. HEARTH_STRESS raises the rounds of each process. That the
test can fail is tested as well: without the lock, and with mptt's own manager, it goes red."""

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context

import pytest
from django.db import connection

from blog.models import Post
from comments.models import Comment
from tests.comments import writer_process
from tests.comments.factories import differences, say
from tests.comments.plain_mptt import PlainComment, plain_faults

pytestmark = pytest.mark.both_databases("comments.tree.manager")

WRITERS, TROUBLEMAKERS = 8, 2
ROUNDS = int(os.environ.get("HEARTH_STRESS", 25))
# Trees break by chance; so many tries are enough (one always was, so far).
TRIES = 6


@dataclass
class Outcome:
    """The combined result of all processes of a job."""

    errors: list = field(default_factory=list)
    accepted: list = field(default_factory=list)
    purged: list = field(default_factory=list)
    done: Counter = field(default_factory=Counter)

    def add(self, report):
        self.done.update(report.pop("done"))
        for name, value in report.items():
            getattr(self, name).extend(value)


class Crew:
    """The processes, shared by all tests of this file, since starting them takes longest.

    They are forks of one that has Django in memory."""

    def __init__(self, database):
        context = get_context("forkserver")
        context.set_forkserver_preload([writer_process.__name__])
        self.processes, self.pipes = [], []
        for _ in range(WRITERS + TROUBLEMAKERS):
            ours, theirs = context.Pipe()
            process = context.Process(target=writer_process.main, args=(database, theirs))
            process.start()
            theirs.close()
            self.processes.append(process)
            self.pipes.append(ours)

    def work(self, way, seed=0, **job):
        """Give each process a job, start them, and return the ``Outcome``."""
        for number, pipe in enumerate(self.pipes):
            role = "writer" if number < WRITERS else "troublemaker"
            mine = {"way": way, "role": role, "seed": seed * 100 + number, "rounds": ROUNDS}
            pipe.send(mine | job)
        for pipe in self.pipes:
            assert self._hear(pipe) == "ready"
        for pipe in self.pipes:
            pipe.send("go")
        outcome = Outcome()
        for pipe in self.pipes:
            outcome.add(self._hear(pipe))
        return outcome

    def dismiss(self):
        for process, pipe in zip(self.processes, self.pipes, strict=True):
            with suppress(BrokenPipeError):
                pipe.send(None)
            process.join(30)
            pipe.close()

    def _hear(self, pipe):
        try:
            return pipe.recv()
        except EOFError:
            pytest.fail("A process of the stress test ended early; its error stands above.")


@pytest.fixture(scope="module")
def crew(django_db_setup):
    crew = Crew(connection.settings_dict["NAME"])
    yield crew
    crew.dismiss()


@pytest.fixture
def job(transactional_db, published_post, mia):
    """Two open posts, with a first thread each."""
    posts = [published_post(comment_mode=Post.CommentMode.OPEN) for _ in range(2)]
    for post in posts:
        say(post)
    return {"posts": [post.pk for post in posts], "moderator": mia.pk}


@pytest.fixture
def plain_table(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(PlainComment)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(PlainComment)


def deadlocks():
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_nothing_is_lost_and_nothing_breaks(crew, job):
    before = deadlocks()
    outcome = crew.work("ours", **job)
    assert outcome.errors == []
    stored = set(Comment.objects.values_list("pk", flat=True))
    assert set(outcome.accepted) - stored - set(outcome.purged) == set()
    assert set(outcome.purged) & stored == set()
    assert len(set(outcome.accepted)) == len(outcome.accepted)
    assert differences() == []
    assert deadlocks() == before
    told = outcome.done
    assert told["write"] + told["write refused"] == WRITERS * ROUNDS
    assert min(told["write"], told["move"], told["purge"], told["decide"], told["load"]) > 0
    print(dict(told), len(stored), "comments")  # noqa: T201


def test_the_stress_test_can_fail_without_the_lock(crew, job):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time; there is no lock of ours to leave out")
    assert any(_red(crew.work("unlocked", seed, **job)) for seed in range(TRIES))


def _red(outcome):
    found = differences()
    print(len(outcome.errors), "errors", len(found), "differences")  # noqa: T201
    return bool(outcome.errors or found)


def test_the_stress_test_can_fail_with_a_plain_tree(crew, plain_table):
    assert any(_plainly_red(crew.work("plain", seed)) for seed in range(TRIES))


def _plainly_red(outcome):
    found = plain_faults()
    print(len(outcome.errors), "errors,", len(found), "broken trees")  # noqa: T201
    return bool(found)
