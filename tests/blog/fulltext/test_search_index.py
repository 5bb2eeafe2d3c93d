"""The search index is updated with every write, in the same transaction."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from blog.fulltext.query import parse
from blog.models import Post, SearchEntry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("blog.fulltext.backends", "blog.models.search_index"),
]


def holds(word):
    return sorted((match.kind, match.key) for match in SearchEntry.matching(parse(word))[0])


def test_a_post_is_found_as_soon_as_it_is_saved(published_post):
    post = published_post(title="Quiet", body="<p>water</p>", excerpt="Short")
    for word in ("quiet", "water", "short"):
        assert holds(word) == [("post", post.pk)]


def test_changed_words_replace_the_old_ones(published_post):
    post = published_post(title="Quiet", body="<p>water</p>")
    post.title, post.body = "Loud", "<p>wind</p>"
    post.save()
    assert holds("quiet") == holds("water") == []
    assert holds("loud") == holds("wind") == [("post", post.pk)]
    Post.objects.filter(pk=post.pk).update(title="Soft")
    assert holds("loud") == []
    assert holds("soft") == [("post", post.pk)]


@pytest.mark.parametrize("whole_set", [True, False])
def test_a_deleted_post_leaves_the_index(published_post, whole_set):
    post, other = published_post(title="Quiet"), published_post(title="Quiet")
    (Post.objects.filter(pk=post.pk) if whole_set else post).delete()
    assert holds("quiet") == [("post", other.pk)]
    call_command("check_search_index")


def test_a_rolled_back_write_leaves_no_index_entry(published_post):
    post = published_post(title="Quiet")
    with transaction.atomic():
        post.title = "Loud"
        post.save()
        published_post(title="Loud")
        transaction.set_rollback(True)
    assert holds("loud") == []
    assert holds("quiet") == [("post", post.pk)]


def test_a_wrong_index_is_found_and_mended(published_post, capsys):
    changed, missing, gone = (published_post(title="Quiet") for _ in range(3))
    SearchEntry.objects.filter(key=changed.pk).update(text="other words")
    SearchEntry.objects.filter(key=missing.pk).delete()
    SearchEntry.put("post", [gone.searched._replace(key=gone.pk + 100)])
    with pytest.raises(CommandError, match="--rebuild"):
        call_command("check_search_index")
    assert f"post: 3 ({changed.pk}, {missing.pk}, {gone.pk + 100})" in capsys.readouterr().out
    call_command("check_search_index", "--rebuild")
    assert "post: 3" in capsys.readouterr().out
    assert len(holds("quiet")) == 3
    assert holds("words") == []
