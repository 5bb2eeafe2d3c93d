"""Permissions of each group, on a new database and on an upgraded one.

docs/roles.md is the table for people."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import NoReverseMatch, reverse

TABLE = {
    "Authors": {
        "blog.add_post",
        "blog.change_post",
        "blog.view_post",
        "blog.add_tag",
        "blog.change_tag",
        "blog.view_tag",
        "blog.add_image",
        "blog.change_image",
        "blog.delete_image",
        "blog.view_image",
    },
    "Moderators": {
        "comments.view_comment",
        "comments.moderate_comment",
        "comments.view_moderationaction",
        "comments.view_reputation",
    },
}
APPS = ("comments", "blog", "accounts")
FIRST = [(app, "0001_initial") for app in APPS]


def granted():
    """The table of permissions as the database has it."""
    from django.contrib.auth.models import Group

    return {
        group.name: {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        for group in Group.objects.prefetch_related("permissions__content_type")
    }


def migrate(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)


@pytest.fixture
def going_back(transactional_db):
    """A function that undoes the migrations of our apps; at the end all of them are made again."""
    from django.contrib.auth.models import Group, Permission

    def go(targets):
        Group.objects.all().delete()
        Permission.objects.filter(content_type__app_label__in=APPS).delete()
        migrate(targets)

    yield go
    call_command("migrate", verbosity=0)


def test_a_new_database_has_the_table(db):
    assert granted() == TABLE


def test_migrations_alone_give_the_table(going_back):
    """Without the permissions that Django makes only after the last migration."""
    going_back(FIRST)
    executor = MigrationExecutor(connection)
    migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] in APPS])
    assert granted() == TABLE


def test_a_database_from_the_first_migrations_on_gets_the_table(going_back):
    going_back(FIRST)
    assert granted() == {}
    call_command("migrate", verbosity=0)
    assert granted() == TABLE


def test_later_migrations_create_no_permission_twice(going_back):
    from django.contrib.auth.models import Permission

    going_back(FIRST)
    call_command("migrate", verbosity=0)
    ours = Permission.objects.filter(content_type__app_label__in=APPS)
    pairs = list(ours.values_list("content_type", "codename"))
    assert len(pairs) == len(set(pairs))
    assert ours.get(codename="view_comment").name == "Can view comment"


def test_readers_have_no_permissions(bob):
    assert bob.get_all_permissions() == set()


def admin_address(name, *args):
    """The address of a page of the admin; skips while nothing is registered there."""
    try:
        return reverse(f"admin:{name}", args=args)
    except NoReverseMatch:
        pytest.skip(f"{name} is not in the admin")


NOT_FOR_AUTHORS = ["comments_comment", "comments_moderationaction", "comments_reputation"]
NOT_FOR_MODERATORS = ["blog_post", "blog_tag"]
FOR_THE_OWNER = [
    "accounts_user",
    "auth_group",
    "account_emailaddress",
    "blog_blog",
    "blog_oldaddress",
    "comments_conversationsettings",
    "comments_phrase",
    "comments_classifierstate",
    "comments_removalreason",
]
OPEN_TO = [
    *(("alice", name, False) for name in NOT_FOR_AUTHORS + FOR_THE_OWNER),
    *(("mia", name, False) for name in NOT_FOR_MODERATORS + FOR_THE_OWNER),
    *(("bob", name, False) for name in NOT_FOR_AUTHORS + NOT_FOR_MODERATORS + FOR_THE_OWNER),
    *(("alice", name, True) for name in NOT_FOR_MODERATORS),
    *(("mia", name, True) for name in NOT_FOR_AUTHORS),
    *(("owner", name, True) for name in NOT_FOR_AUTHORS + NOT_FOR_MODERATORS + FOR_THE_OWNER),
]


@pytest.mark.parametrize(("who", "name", "is_open"), OPEN_TO)
def test_an_admin_list_is_open_only_to_the_roles_that_need_it(
    request, db, signed_in, who, name, is_open
):
    address = admin_address(f"{name}_changelist")
    answer = signed_in(request.getfixturevalue(who)).get(address, follow=True)
    assert answer.status_code == (200 if is_open else 403)


@pytest.mark.parametrize(
    ("who", "name"), [(who, name) for who, name, is_open in OPEN_TO if not is_open]
)
def test_an_admin_row_is_closed_to_all_other_roles(request, signed_in, published_post, who, name):
    published_post()
    address = admin_address(f"{name}_change", 1)
    client = signed_in(request.getfixturevalue(who))
    assert client.get(address, follow=True).status_code in {403, 404}
    assert client.post(address, {"title": "taken"}, follow=True).status_code in {403, 404}


def test_a_moderator_sees_no_draft(signed_in, mia, alice, published_post):
    from blog.models import Post

    draft = published_post(status=Post.Status.DRAFT, title="Not yet for anybody")
    address = admin_address("blog_post_change", draft.pk)
    client = signed_in(mia)
    assert client.get(address, follow=True).status_code in {403, 404}
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "Not yet for anybody" not in client.get("/").content.decode()


def test_the_admin_index_shows_each_role_only_its_own_lists(request, signed_in, alice, mia):
    def models(who):
        page = signed_in(who).get("/admin/")
        return {m["object_name"] for app in page.context["available_apps"] for m in app["models"]}

    assert not models(alice) & {"Comment", "ModerationAction", "User", "Group", "Blog"}
    assert not models(mia) & {"Post", "Tag", "User", "Group", "Blog", "ConversationSettings"}
    assert not models(mia) & {"RemovalReason", "WriterNote"}
