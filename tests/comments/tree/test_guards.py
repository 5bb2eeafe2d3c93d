"""Guards of the tree: what would break it is refused, dangerous methods of mptt are disabled."""

from contextlib import closing

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from comments.models import Comment
from comments.tree.guards import StructureError
from comments.tree.status import Status
from tests.comments.factories import differences, outline, say, stored, write_by_hand

pytestmark = pytest.mark.both_databases("comments.tree.manager")


@pytest.fixture
def post(published_post):
    return published_post()


def test_a_bulk_delete_is_refused(post):
    say(post)
    with pytest.raises(StructureError):
        Comment.objects.filter(post=post).delete()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "field", ["parent", "parent_id", "post", "tree_id", "lft", "rght", "level", "number"]
)
def test_a_bulk_update_of_tree_fields_is_refused(post, field):
    say(post)
    with pytest.raises(StructureError):
        Comment.objects.update(**{field: None})


def test_a_bulk_update_through_related_managers_is_refused_as_well(post):
    root = say(post)
    say(post, root)
    for manager in (post.comments, root.children):
        with pytest.raises(StructureError):
            manager.update(lft=7)
        with pytest.raises(StructureError):
            manager.all().delete()


def test_a_bulk_insert_is_refused(post):
    with pytest.raises(StructureError):
        Comment.objects.bulk_create([Comment(post=post, name="Wren", body="Hello")])


@pytest.mark.parametrize(
    "way",
    [
        lambda root: Comment.objects.rebuild(),
        lambda root: Comment.objects.disable_mptt_updates(),
        lambda root: Comment.objects.delay_mptt_updates(),
        lambda root: Comment.objects.build_tree_nodes({"name": "Wren"}),
        lambda root: root.move_to(None, "left"),
        lambda root: root.move_to(root, "first-child"),
        lambda root: Comment.objects.insert_node(Comment(), root, "left"),
        lambda root: Comment._tree_manager.rebuild(),
    ],
)
def test_renumbering_methods_of_mptt_are_disabled(post, way):
    root = say(post)
    with pytest.raises(StructureError):
        way(root)
    assert differences() == []


def test_saving_a_stored_comment_needs_update_fields(post):
    first, second = say(post), say(post)
    copy = stored(second)
    copy.parent, copy.status, copy.body = first, Status.REMOVED, "Other words."
    for comment in (second, copy):
        with pytest.raises(StructureError, match="update_fields"):
            comment.save()
    assert outline(post) == [[first.pk], [second.pk]]
    assert (stored(second).status, stored(second).body) == (Status.APPROVED, second.body)


def test_saving_the_text_writes_no_other_changed_field(post):
    first, second = say(post), say(post)
    second.parent, second.status, second.body = first, Status.SPAM, "Other words."
    second.save(update_fields=["body"])
    assert outline(post) == [[first.pk], [second.pk]]
    assert (stored(second).status, stored(second).body) == (Status.APPROVED, "Other words.")
    assert differences() == []


@pytest.mark.parametrize(
    "field", ["parent", "post_id", "lft", "status", "approved_at", "visible_count", "reply_to_id"]
)
def test_saving_a_protected_field_is_refused(post, field):
    with pytest.raises(StructureError):
        say(post).save(update_fields=[field])


def test_saving_a_stale_comment_undoes_no_move(post):
    first, second = say(post), say(post)
    old_copy = stored(second)
    Comment.objects.move_node(second, first)
    old_copy.body = "Other words."
    old_copy.save(update_fields=["body"])
    assert outline(post) == [[first.pk, [second.pk]]]
    assert stored(second).body == "Other words."
    assert differences() == []


def test_saving_a_stale_comment_undoes_no_approval(post):
    comment = say(post, status=Status.PENDING)
    old_copy = stored(comment)
    write_by_hand(comment.pk, status=1, approved_at=comment.created_at)
    old_copy.save(update_fields=["body", "held_because"])
    assert stored(comment).status == Status.APPROVED
    assert stored(comment).approved_at is not None


def test_a_moved_comment_can_be_saved_again(post):
    first, second = say(post), say(post)
    Comment.objects.move_node(second, first)
    second.body = "Other words."
    second.save(update_fields=["body"])
    second.refresh_from_db()
    second.save(update_fields=["body"])
    Comment.objects.move_node(second, None)
    second.save(update_fields=["body"])
    assert outline(post) == [[first.pk], [second.pk]]
    assert differences() == []


def test_a_deferred_comment_can_be_saved(post):
    root = say(post)
    reply = say(post, root)
    partial = Comment.objects.only("body").get(pk=reply.pk)
    partial.body = "Other words."
    partial.save(update_fields=["body"])
    assert stored(reply).body == "Other words."
    assert differences() == []


def test_a_reply_to_a_stale_comment_goes_where_the_comment_is_now(post):
    first, second = say(post), say(post)
    old_copy = stored(second)
    Comment.objects.move_node(second, first)
    reply = Comment(post=post, parent=old_copy, name="Wren", body="Hello", status=1)
    reply.save()
    assert outline(post) == [[first.pk, [second.pk, [reply.pk]]]]
    assert differences() == []


def test_a_comment_is_stored_in_its_place_after_a_failed_first_try(post):
    root = say(post)
    reply = Comment(post=post, parent=root, name="", body="Hello", status=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        reply.save()
    say(post, root)
    reply.name = "Wren"
    reply.save()
    assert differences() == []


def test_a_reply_to_a_deleted_comment_is_refused(post):
    gone = say(post)
    old_copy = stored(gone)
    Comment.objects.purge(gone)
    with pytest.raises(Comment.DoesNotExist):
        say(post, old_copy)
    with pytest.raises(Comment.DoesNotExist):
        Comment.objects.purge(old_copy)


def test_a_lock_outside_of_a_transaction_is_refused(transactional_db, published_post):
    root = say(published_post())
    with pytest.raises(transaction.TransactionManagementError):
        Comment.objects.lock_threads(root.pk)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="the transaction is SQLite's lock")
@pytest.mark.django_db(transaction=True)
def test_where_a_comment_is_gone_no_thread_stays_locked(published_post):
    root, gone = say(published_post()), say(published_post(slug="other"))
    Comment.objects.purge(gone)
    with closing(connection.copy()) as other, transaction.atomic():
        with pytest.raises(Comment.DoesNotExist):
            Comment.objects.lock_threads(root.pk, gone.pk)
        with other.cursor() as cursor:
            sql = "SELECT id FROM comments_comment WHERE id = %s FOR NO KEY UPDATE NOWAIT"
            cursor.execute(sql, [root.pk])
            assert cursor.fetchall() == [(root.pk,)]


def test_the_database_itself_refuses_a_root_at_a_wrong_place(post):
    root = say(post)
    for wrong in ({"lft": 2}, {"level": 1}, {"tree_id": root.pk + 1}, {"parent_id": root.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            write_by_hand(root.pk, **wrong)


def test_the_index_that_reads_threads_is_in_a_migration():
    state = MigrationLoader(None).project_state().models["comments", "comment"]
    assert ["tree_id", "lft"] in [list(index.fields) for index in state.options["indexes"]]


@pytest.mark.django_db
def test_the_index_that_reads_threads_is_in_the_database():
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
        "postgresql": "SELECT indexname FROM pg_indexes",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        assert ("comment_tree",) in cursor.fetchall()
