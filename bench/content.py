"""The benchmark's data: posts with conversations of each size, and their readers and writers.

`python -m bench.content FOLDER SIZE...` fills the database of DATABASE_URL, which
has to be empty, and prints the JSON of a `Site` as its last line.
"""

import io
import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import generator

WRITERS = 8
BUSY = "busy"  # the post for concurrent writers and readers
# Replies enlarge the conversations that they are measured on. So small conversations have many
# copies, about a hundred comments for each second of writing.
ROOM = 600
# Further posts for lists, feeds and search to choose from.
FEW_POSTS, MANY_POSTS = 500, 10_000
TAG, TAGGED = "evening", 4  # the tag that every fourth of them has
TARGETS = 200  # comments that replies go to, in turn


@dataclass
class Site:
    """The content of the database.

    ``posts`` is ``{size: slug}``, ``targets`` ``{size or BUSY: [comment pks]}``, ``library`` the
    number of further posts; the last three are seconds.
    """

    posts: dict
    targets: dict
    cookies: list
    comments: int
    library: int
    rendering: float
    indexing: float
    loading: float


def fill(folder: Path, sizes: list) -> Site:
    """Create all data and return the ``Site``; ``folder`` is for temporary files."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    cookies = _people()
    site = Site({}, {}, cookies, 0, 0, 0.0, 0.0, 0.0)
    for size in sizes:
        path = folder / f"conversation-{size}.json"
        generator.write(path, size)
        site.posts[size] = _load(site, path, f"of-{size}")
        copies = [f"answers-{size}-{n}" for n in range(ROOM // size)] or [site.posts[size]]
        for slug in copies:
            if slug != site.posts[size]:
                _load(site, path, slug)
        site.targets[size] = _targets(copies)
    _busy(site, folder)
    site.library = MANY_POSTS if max(sizes) >= MANY_POSTS else FEW_POSTS
    _library(site.library)
    _analyze()
    site.comments = _count()
    return site


def _people():
    """Create an author and WRITERS readers, sign the readers in and return their cookies."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    people = get_user_model().objects
    people.create_user("author", "author@example.org", is_staff=True, is_superuser=True)
    cookies = []
    for number in range(WRITERS):
        user = people.create_user(f"reader{number}", f"reader{number}@example.org")
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    return cookies


def _load(site, path, slug):
    """Load a conversation with Hearth's own command, and return the slug of its post."""
    from django.core.management import call_command

    from blog.models import Post

    began, output = time.perf_counter(), io.StringIO()
    call_command("load_thread", path, post=slug, create=True, stdout=output)
    # Replies are published at once: that costs the server more than holding them.
    Post.objects.filter(slug=slug).update(comment_mode=Post.CommentMode.OPEN)
    if path.stat().st_size > 10_000_000:
        # The last two numbers that the command says; its words may change.
        *_, indexing, loading = map(float, re.findall(r"\d+\.\d", output.getvalue()))
        site.rendering += time.perf_counter() - began - indexing - loading
        site.indexing += indexing
        site.loading += loading
    return slug


def _busy(site, folder):
    size = min(1000, max(site.posts))
    _load(site, folder / f"conversation-{size}.json", BUSY)
    site.targets[BUSY] = _targets([BUSY])


def _library(count):
    """Create older posts without conversations; search finds the same words in many of them."""
    from django.contrib.auth import get_user_model

    from blog.models import Post, SearchEntry, Tag
    from blog.search import KIND

    author = get_user_model().objects.first()
    made = Post.objects.bulk_create(
        Post(
            title=title,
            slug=f"older-{number}",
            author=author,
            body="".join(f"<p>{each}</p>" for each in paragraphs),
            status=Post.Status.PUBLISHED,
            published_at=date,
        )
        for number, (title, paragraphs, date) in enumerate(generator.posts(count))
    )
    SearchEntry.put(KIND, (post.searched for post in made))
    tag = Tag.objects.create(name="Evening", slug=TAG)
    through = Post.tags.through
    through.objects.bulk_create(through(post=post, tag=tag) for post in made[::TAGGED])


def _targets(slugs):
    """Return pks of comments of these posts, evenly spread."""
    from comments.models import Comment

    keys = list(
        Comment.objects.filter(post__slug__in=slugs).order_by("pk").values_list("pk", flat=True)
    )
    return keys[:: max(1, len(keys) // TARGETS)][:TARGETS]


def _count():
    from comments.models import Comment

    return Comment.objects.count()


def _analyze():
    from bench import crowd

    crowd.analyze()


def main(folder, *sizes):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    site = fill(Path(folder), [int(size) for size in sizes])
    sys.stdout.write(f"\n{json.dumps(asdict(site))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
