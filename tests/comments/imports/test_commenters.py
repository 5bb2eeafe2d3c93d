"""Imported commenters: which of their data is kept, and how their texts are converted."""

import pytest
from django.core.management import call_command

from accounts.models import User
from comments.models import Comment
from tests.blog.importing import author
from tests.blog.wxr_samples import export, item
from tests.comments.import_command import blog, move, says

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.imports.bulk_load")]


def the_comment():
    return Comment.objects.get()


def test_a_guests_address_and_site_are_left_out(tmp_path):
    report = move(blog(tmp_path, says(1, comment_author_url="https://bob.example.net")))
    assert (the_comment().name, the_comment().email, the_comment().user) == ("Bob", "", None)
    assert report["texts"] == {"email": 1, "website": 1}


def test_addresses_are_kept_on_request_when_they_are_addresses(tmp_path):
    odd = says(2, comment_author_email="no address")
    report = move(blog(tmp_path, says(1), odd), "--keep-emails")
    assert set(Comment.objects.values_list("email", flat=True)) == {"bob@example.org", ""}
    assert report["texts"]["email"] == 1


def test_no_ip_address_is_stored(tmp_path):
    move(blog(tmp_path, says(1)), "--keep-emails")
    assert "203.0.113.7" not in str(Comment.objects.values_list().get())


@pytest.mark.parametrize(
    ("fields", "is_alice"),
    [
        ({"comment_user_id": 7}, True),
        ({"comment_user_id": 99, "comment_author_email": "Alice@example.org"}, True),
        ({"comment_user_id": 99}, False),
        ({"comment_user_id": 0, "comment_author_email": "alice@example.org"}, False),
    ],
)
def test_an_authors_own_comments_belong_to_their_account(tmp_path, fields, is_alice):
    path = tmp_path / "export.xml"
    alice = author("alice", "alice@example.org", "Alice", number=7)
    path.write_bytes(export(alice, item(says(1, **fields))))
    move(path)
    assert the_comment().user == (User.objects.get(username="alice") if is_alice else None)
    assert the_comment().writer_name == ("Alice" if is_alice else "Bob")


def test_names_are_never_empty_and_never_too_long(tmp_path):
    report = move(blog(tmp_path, says(1, comment_author=""), says(2, comment_author="ä" * 200)))
    assert set(Comment.objects.values_list("name", flat=True)) == {"Anonymous", "ä" * 80}
    assert (report["texts"]["name"], report["texts"]["no name"]) == (1, 1)


def test_an_empty_comment_keeps_its_place(tmp_path, client):
    report = move(blog(tmp_path, says(1, comment_content=" \n"), says(2, 1)))
    assert Comment.objects.get(source_id="1").body == "(no text)"
    assert Comment.objects.get(source_id="2").parent_id == 1
    assert report["texts"]["no text"] == 1


def test_a_long_comment_is_kept_whole(tmp_path):
    move(blog(tmp_path, says(1, comment_content="word " * 10_000)))
    assert the_comment().body.count("word") == 10_000


def test_the_html_of_a_comment_becomes_markdown(tmp_path):
    text = "<em>Yes</em>, I *do* – ❤️ “so”\n\n<a href='https://example.net/'>there</a>"
    move(blog(tmp_path, says(1, comment_content=text)))
    assert (
        the_comment().body == "*Yes*, I \u2060*do\u2060* – ❤️ “so”\n\n[there](https://example.net/)"
    )
    assert "<em>Yes</em>, I *do* –" in the_comment().body_html


def test_a_comment_without_a_date_gets_that_of_its_post(tmp_path):
    move(blog(tmp_path, says(1, comment_date_gmt="0000-00-00 00:00:00", comment_date="")))
    assert the_comment().created_at == the_comment().post.published_at


def test_the_report_can_be_read_by_people(tmp_path, capsys):
    call_command("import_wordpress", str(blog(tmp_path, says(1, 9))), "--dry-run")
    out, err = capsys.readouterr()
    assert "1 replies to 9" in out
    assert "Comments" in out
    assert err.startswith("This is a dry run: nothing will be written.")
    assert err.rstrip().endswith("This was a dry run: nothing was written.")
