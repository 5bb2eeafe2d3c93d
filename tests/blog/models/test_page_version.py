"""Changes to what every page shows raise the blog's own version date."""

import pytest
import time_machine
from django.utils import timezone

from blog.models import Blog, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def touched():
    """A function that returns whether an action raised the date."""

    def does(act):
        Blog.get()
        Blog.objects.update(touched_at="2020-01-01T00:00Z")
        with time_machine.travel(timezone.now(), tick=False):
            act()
            return Blog.get().touched_at == timezone.now()

    return does


def test_changing_the_blogs_own_row_raises_the_date(touched):
    assert touched(Blog.get().save)


def test_renaming_a_tag_raises_the_date(touched):
    tag = Tag.objects.create(name="Lake", slug="lake")
    tag.name = "Sea"
    assert touched(tag.save)


def test_a_menu_page_that_comes_changes_or_goes_raises_the_date(touched, published_post):
    assert touched(lambda: published_post(kind="page", in_menu=True))
    page = published_post(kind="page", in_menu=True)
    page.in_menu = False
    assert touched(page.save)
    assert touched(page.delete)


def test_a_post_does_not_raise_the_date(touched, published_post):
    assert not touched(published_post)


def test_a_post_keeps_the_date_of_its_own_changes(published_post):
    post = published_post()
    before = post.updated_at, post.touched_at
    post.touch(comments=1)
    post.refresh_from_db()
    assert (post.updated_at, post.comment_count) == (before[0], 1)
    assert post.touched_at > before[1]
