"""`python -m bench.growth.measuring COMMENTS`: fill a new database, and measure every page.

Prints ``{"pages": {name: {"cpu": ms, "database": ms of it, "queries", "status"}}, "filling":
seconds}`` as its last line. Nothing is cached, and each page is asked for in this process, one
request after another: CPU time then is that of the request alone, however busy the machine is.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

POSTS = 10_000
# Of each page: how many requests, and after how many seconds of CPU time they are enough.
LEAST, MOST, ENOUGH = 5, 10, 0.5
AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
TOO_LONG = 503  # what a statement that was ended is answered with


def people() -> dict:
    """Create the owner, an author and a moderator; return them by name."""
    from django.contrib.auth.models import Group

    from accounts.models import User

    made = {
        name: User.objects.create_user(name, f"{name}@example.org", is_staff=True)
        for name in ("owner", "alice", "mia")
    }
    User.objects.filter(username="owner").update(is_superuser=True)
    made["alice"].groups.add(Group.objects.get(name="Authors"))
    made["mia"].groups.add(Group.objects.get(name="Moderators"))
    return made


def fill(comments: int) -> tuple[dict, dict]:
    """Fill the database; return the people, and the values of the placeholders of pages."""
    from accounts.models import User
    from bench import crowd
    from bench.growth import pages
    from blog.models import Blog, Series, Tag
    from comments.models import Comment, ConversationSettings

    known = people()
    readers = crowd.people(max(comments // 50, 20))
    posts = crowd.fill(known["alice"], comments, POSTS, readers=readers)
    # Who wrote more than all others.
    known["bob"] = User.objects.get(pk=readers[0])
    User.objects.filter(pk=readers[0]).update(username="bob", username_key="bob")
    Tag.objects.filter(slug="topic-0").update(slug="water")
    Series.objects.filter(slug="walks-0").update(slug="walks")
    threads = Comment.objects.filter(post=posts[0], parent=None).count()
    found = pages.places(posts[0]) | {
        "quiet": posts[-1].slug,
        "tag": Tag.objects.get(slug="water").pk,
        "year": posts[0].published_at.year,
        "last_page": -(-threads // ConversationSettings.get().threads_per_page),
        "last_list": -(-POSTS // Blog.get().posts_per_page),
        "last_log": max(1, comments // 10 // 100),
    }
    crowd.analyze()
    return known, found


def cookies(known: dict) -> dict[str, str]:
    """Sign everybody in; return their cookies by name, and none for a guest."""
    from django.conf import settings
    from django.test import Client

    found = {"guest": ""}
    for name, user in known.items():
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        found[name] = f"{session.key}={session.value}"
    return found


def spent_by_postgresql() -> float:
    """Return the CPU seconds so far of PostgreSQL's process for this connection."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    # What clock_getcpuclockid(3) gives for a process; /proc counts in hundredths of a second.
    return time.clock_gettime(~connection.connection.info.backend_pid << 3 | 2)


class Measuring:
    """Asks the application for pages, and tells what each has cost."""

    def __init__(self, application):
        self.application = application
        self.queries, self.status = 0, 0

    def page(self, path: str, cookie: str) -> dict:
        """Return the cost of a page: of the cheapest request, as others only make it dearer."""
        self._ask(path, cookie)  # what a process reads once
        spent = []
        while len(spent) < LEAST or (len(spent) < MOST and sum(map(sum, spent)) < ENOUGH):
            spent.append(self._ask(path, cookie))
        own, of_database = (part * 1000 for part in min(spent, key=sum))
        return {
            "cpu": own + of_database,
            "database": of_database,
            "queries": self.queries,
            "status": self.status,
        }

    def _ask(self, path, cookie):
        from django.conf import settings
        from django.db import connection
        from django.test import RequestFactory

        site = urlsplit(settings.SITE_URL)
        factory = RequestFactory(SERVER_NAME=site.hostname, SERVER_PORT=str(site.port or 80))
        request = factory.get(path, **({"HTTP_COOKIE": cookie} if cookie else {}))
        self.queries = 0
        # Not by execute_wrapper: a connection that is opened meanwhile has wrappers of its own.
        connection.execute_wrappers.append(self._count)
        before = time.process_time(), spent_by_postgresql()
        answer = self.application(request.environ, self._begin)
        b"".join(answer)
        answer.close()
        after = time.process_time(), spent_by_postgresql()
        connection.execute_wrappers.remove(self._count)
        return [late - early for early, late in zip(before, after, strict=True)]

    def _count(self, execute, sql, *rest):
        self.queries += not sql.startswith(AROUND)
        return execute(sql, *rest)

    def _begin(self, status, *rest):
        self.status = int(status[:3])


def measure(application: Callable, comments: int) -> dict:
    """Return everything that is printed at the end."""
    from bench.growth import pages

    began = time.monotonic()
    known, values = fill(comments)
    filling = time.monotonic() - began
    asked, found = cookies(known), {}
    measuring = Measuring(application)
    for name, page in pages.PAGES.items():
        path = page.address.format(**values)
        found[name] = measuring.page(path, asked[page.who])
        if found[name]["status"] not in {200, 302, TOO_LONG}:
            raise RuntimeError(f"{name}: {path} answered {found[name]['status']}")
    return {"pages": found, "filling": filling}


def main(comments: str) -> None:
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.uncached")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from config.wsgi import application

    sys.stdout.write(f"\n{json.dumps(measure(application, int(comments)))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
