"""`python -m bench.mail.measuring WAITING NUMBER`: fill a new database, tell, send, measure.

Prints ``{"telling" or "sending": {"cpu": seconds, "queries": number}}`` as its last line, each for
one mail. CPU time is that of this process: of a server of databases it has none. BEGIN and COMMIT
are no queries.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta

AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
WORDS = "<p>The lake lay still, and nobody spoke for a long time.</p>" * 20


def fill(readers: int) -> None:
    """Store a post that is to go out by mail, and so many guests who read by mail."""
    from django.utils import timezone

    from accounts.models import Address, User
    from blog.models import Post, Subscription

    now = timezone.now()
    author = User.objects.create_user("bob", "bob@example.org")
    Post.objects.create(
        title="By the lake",
        slug="lake",
        author=author,
        body=WORDS,
        status="published",
        published_at=now,
        by_mail=True,
    )
    emails = (f"reader{number}@example.org" for number in range(readers))
    people = Address.objects.bulk_create(
        (Address(email=each, key=each, verified_at=now, discreet=False) for each in emails),
        batch_size=5_000,
    )
    Subscription.objects.bulk_create(
        (Subscription(subscriber=f"a{each.pk}", address=each, confirmed_at=now) for each in people),
        batch_size=5_000,
    )


def cost(work: Callable[[], object], mails: int) -> dict[str, float]:
    """Return CPU time and queries of some work, each for one of so many mails."""
    from django.db import connection

    queries = [0]

    def counted(execute, sql, *rest):
        queries[0] += not sql.startswith(AROUND)
        return execute(sql, *rest)

    began = time.process_time()
    with connection.execute_wrapper(counted):
        work()
    return {"cpu": (time.process_time() - began) / mails, "queries": queries[0] / mails}


def main(waiting: int, number: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from accounts.mail import outbox
    from accounts.models import Mail
    from blog.newsletter import send

    call_command("migrate", verbosity=0)
    fill(waiting)
    send.WAIT = timedelta(0)  # what is measured is the sending
    telling = cost(send.do_due, waiting)
    if connection.vendor == "postgresql":  # it would do that by itself, later
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE accounts_mail")
    # The first mails pay for templates and the connection.
    outbox.do_due(_until(20))
    before = Mail.objects.filter(sent_at__isnull=False).count()
    sending = cost(lambda: outbox.do_due(_until(number)), number)
    sent = Mail.objects.filter(sent_at__isnull=False).count() - before
    if sent < min(number, waiting - before):
        raise SystemExit(f"Only {sent} of {number} mails left.")
    sys.stdout.write(json.dumps({"telling": telling, "sending": sending}) + "\n")


def _until(number):
    """Return a ``going`` that is true so many times."""
    left = iter(range(number))
    return lambda: next(left, None) is not None


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(*map(int, sys.argv[1:]))
