"""Five megabytes of HTML are refused with a clear limit wherever they are sent; no word is lost."""

import pytest

from blog.models import Post, PostRevision
from tests.blog.admin_http import ADD, change, errors, form, typed

pytestmark = pytest.mark.django_db
LONG = f"<p>{'word ' * 1_000_000}</p>"
SAID = (
    f"This text has {len(LONG):,} characters; the limit is 2,000,000. "
    "Please split it into several posts."
)


def test_the_form_states_the_length_and_the_limit_and_gives_the_text_back(desk, published_post):
    post = published_post(body="<p>As it was.</p>")
    for address in (ADD, change(post)):
        answer = desk.post(address, form(body=LONG))
        assert errors(answer)["body"] == [SAID]
        assert answer.text.count("word ") >= 1_000_000
    post.refresh_from_db()
    assert post.body == "<p>As it was.</p>"
    assert Post.objects.count() == 1


@pytest.mark.parametrize("name", ["autosave", "preview"])
def test_autosave_and_preview_are_refused_with_the_limit(desk, published_post, name):
    answer = desk.post(f"/admin/blog/post/{published_post().pk}/{name}/", typed(body=LONG))
    assert answer.status_code == 413
    assert "2,000,000" in answer.text
    assert not PostRevision.objects.exists()


def test_nobody_else_can_send_as_much(client, published_post):
    answer = client.post(f"{published_post().get_absolute_url()}reply/", {"body": LONG})
    assert answer.status_code == 413
    assert "2.0" in answer.text  # megabytes
