"""The admin says what it is: its pages carry the blog's name and that of what they list."""

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.urls import reverse

from accounts.base_admin import SingleRowAdmin
from accounts.mail import outbox
from accounts.models import Mail, SignupSettings
from blog.models import Blog, Tag
from blog.newsletter import subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(owner, signed_in):
    blog = Blog.get()
    blog.title = "The Kitchen Light"
    blog.save()
    return signed_in(owner)


def page(client, address, data=None):
    answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.content, "html.parser")


def heading(found):
    return found.select_one("h1").get_text(strip=True)


def lists():
    for each in admin.site._registry.values():
        if not isinstance(each, SingleRowAdmin):
            yield reverse(f"admin:{each.opts.app_label}_{each.opts.model_name}_changelist")


def test_every_page_carries_the_name_of_the_blog(client):
    for address in ("/admin/", "/admin/blog/post/", "/admin/blog/post/add/", "/admin/blog/"):
        found = page(client, address)
        assert found.select_one("#site-name").get_text(strip=True) == "The Kitchen Light", address
    assert found.title.text.strip().endswith("| The Kitchen Light")


def test_a_list_is_titled_by_what_it_lists(client):
    for address in lists():
        answer = client.get(address, follow=True)
        assert b"Select " not in BeautifulSoup(answer.content, "html.parser").h1.encode(), address
    found = page(client, "/admin/blog/post/")
    assert heading(found) == "Posts and pages"
    assert found.title.text.strip() == "Posts and pages | The Kitchen Light"


def test_settings_are_titled_by_their_name_alone(client):
    found = page(client, f"/admin/blog/blog/{Blog.get().pk}/change/")
    assert heading(found) == "Blog settings"
    assert found.select_one("#content > h2") is None
    SignupSettings.get()
    found = page(client, "/admin/accounts/signupsettings/1/change/")
    assert heading(found) == "Registration and sign-in"


def test_a_page_that_asks_before_it_deletes_says_what(client):
    tags = [Tag.objects.create(name=name, slug=name) for name in ("lake", "moor")]
    assert heading(page(client, f"/admin/blog/tag/{tags[0].pk}/delete/")) == "Delete tag"
    chosen = {"action": "delete_selected", "_selected_action": [tag.pk for tag in tags]}
    assert heading(page(client, "/admin/blog/tag/", chosen)) == "Delete tags"


def test_a_tag_is_listed_with_its_number_of_posts(client, published_post):
    tag = Tag.objects.create(name="lake", slug="lake")
    published_post().tags.add(tag)
    published_post().tags.add(tag)
    cells = page(client, "/admin/blog/tag/").select("#result_list tbody tr > *")
    assert cells[-1].get_text(strip=True) == "2"


def test_an_email_is_shown_under_what_it_is_and_where_it_goes(client):
    outbox.enqueue("proof", "ada@example.org", address=1)
    found = page(client, f"/admin/accounts/mail/{Mail.objects.get().pk}/change/")
    told = "Confirmation of an email address to ada@example.org"
    assert found.select_one("#content > h2").get_text(strip=True) == told


def test_subscribers_are_counted_below_the_title(client, bob):
    subscribe.subscribe_account(bob, "at-once", discreet=False)
    found = page(client, "/admin/blog/subscription/")
    assert heading(found) == "Newsletter subscribers"
    assert found.select_one("#content > h2").get_text(strip=True) == (
        "Right away: 1. Weekly: 0. Unconfirmed: 0."
    )


def test_models_of_other_apps_stand_below_plain_headings(client):
    found = page(client, "/admin/settings/")
    names = [each.get_text(strip=True) for each in found.select(".staff-hub h2")]
    lines = [each.get_text(strip=True) for each in found.select(".staff-hub a b")]
    assert {"Blog", "Comments", "Moderation", "Newsletter", "People"} <= set(names)
    assert {"Groups", "Authenticators"} <= set(lines)
    assert not {"MFA", "Authentication and Authorization"} & {*names, *lines}


def test_the_queue_has_its_comments_alone(client):
    assert not page(client, "/admin/queue/waiting/").select(".apps, #content a[href$='/add/']")
