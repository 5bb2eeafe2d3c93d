"""Whatever people type without one of the marks is what readers see, on every surface.

Texts of many scripts are sent by the form, and then read as readers do: on the page of the post, in
a mail to a follower, in the feeds, in search, and in the queue, each many at once.
"""

from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comments.models import ConversationSettings
from tests.accounts.smtp_server import html_of, text_of
from tests.comments.http import send, visit
from tests.comments.mail import follows, run_due, verified
from tests.comments.posting.test_typed_text_is_seen import EXPLAINED, seen
from tests.typed_texts import BREAKS, PLENTY, WORDS, Batch, joined

ATOM = "{http://www.w3.org/2005/Atom}"
BATCH = 20  # a page of the queue and of a conversation hold as many
GLUE = st.one_of(st.just(" "), BREAKS, BREAKS, st.just(""))
TEXTS = st.lists(st.tuples(WORDS, GLUE), min_size=1, max_size=8).map(joined)
TYPED = TEXTS.filter(lambda text: not EXPLAINED.search(text.replace("\r", "\n")))


def words_of(page, selector):
    for line_end in page.find_all("br"):
        line_end.replace_with("\n")
    return [each.get_text() for each in page.select(selector)]


def on_the_page(post, batch):
    return words_of(visit(Client(), post.get_absolute_url()), "article.comment .e-content")


def in_the_feed(post, batch):
    feed = ElementTree.fromstring(Client().get(f"{post.get_absolute_url()}comments/feed/").content)
    return [seen(each.text) for each in feed.iter(f"{ATOM}content")]


def in_search(post, batch):
    client, found, page = Client(), [], 1
    while len(found) < len(batch.texts):
        address = f"/search/?q={batch.word}&in=comment&page={page}"
        found += words_of(visit(client, address), ".result .summary-text")
        page += 1
    return found


READERS = {"page": on_the_page, "feed": in_the_feed, "search": in_search}


def in_the_queue(desk, post):
    return words_of(visit(desk, f"/admin/queue/all/?post={post.pk}"), "article.card > .words")


@pytest.mark.django_db
@pytest.mark.both_databases
def test_any_text_is_seen_as_it_was_typed_wherever_it_appears(
    mia, published_post, post_office, settings
):
    settings.COMMENTS_A_MINUTE, settings.COMMENT_CHECKS = 1_000_000, []
    ConversationSettings.objects.update(threads_per_page=BATCH)
    desk, follower = Client(), verified("fay@example.org")
    desk.force_login(mia, backend=settings.AUTHENTICATION_BACKENDS[0])

    @PLENTY
    @given(st.lists(TYPED, min_size=BATCH, max_size=BATCH))
    def walk(texts):
        post, batch = published_post(comment_mode="open"), Batch(texts)
        follows(follower, post=post)
        del post_office.mails[:]
        for text in batch.texts.values():
            assert send(Client(), post, text, asked="yes").status_code == 302, text
        run_due()
        shown = {name: look(post, batch) for name, look in READERS.items()}
        shown["queue"] = in_the_queue(desk, post)
        shown["plain mail"] = [text_of(mail) for mail in post_office.mails]
        shown["mail"] = [seen(html_of(mail)) for mail in post_office.mails]
        for where, texts in shown.items():
            changed = batch.changed(*texts)
            assert not changed, (where, changed)

    walk()
