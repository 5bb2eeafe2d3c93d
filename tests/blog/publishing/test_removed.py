"""What saving removes from a text is said."""

import pytest

from blog import markup
from blog.models import Post
from blog.publishing import removed
from tests.blog.admin_http import ADD, form, said


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("<p>a</p><iframe src='https://example.org/'></iframe>", ["1 frame was removed."]),
        (
            "<script>a</script><script>b</script><embed src=x>",
            ["2 scripts were removed.", "1 embedded object was removed."],
        ),
        (
            '<p><img src="https://example.org/a.png"><img src="/media/b.png"></p>',
            ["1 image from another site was removed. Upload it here instead."],
        ),
        ("<p>a <b>b</b> <font>c</font> &lt;iframe&gt;</p>", []),
    ],
)
def test_each_kind_is_counted(typed, told):
    assert removed.sentences(typed, markup.clean(typed)) == told


@pytest.mark.django_db
def test_saving_says_what_it_removed(desk):
    text = "<p>a</p><iframe src='https://example.org/'></iframe>"
    assert "1 frame was removed." in said(desk.post(ADD, form(body=text)))
    assert Post.objects.get().body == "<p>a</p>"
