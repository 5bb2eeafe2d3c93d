"""The settings page of the owner: every setting is in a group with a name and an explanation."""

import pytest

from comments.models import ConversationSettings
from tests.comments.http import visit

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases("comments.models.settings")]


def test_every_setting_stands_in_a_group_with_a_name_and_a_sentence(signed_in, owner):
    page = visit(signed_in(owner), "/admin/comments/conversationsettings/1/change/")
    groups = page.select("fieldset.module")
    assert [group.h2.text.strip() for group in groups] == [
        "Who can comment",
        "Reader reports",
        "Care",
        "Emails to moderators",
        "Conversation layout",
        "Spam service",
    ]
    assert all(group.select_one(".description").text.strip() for group in groups)
    shown = {field["name"] for field in page.select("fieldset [name]")}
    row = ConversationSettings._meta
    assert shown == {field.name for field in row.fields if field.editable and not field.primary_key}
