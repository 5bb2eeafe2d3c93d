"""The trash: deleted posts are kept for a while, and can be restored or deleted for good."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.privacy.erase import forget_in_admin_log
from accounts.retention import RetentionRule
from blog.models import Post

KEPT = timedelta(days=30)
IN_TRASH = _(
    "This post is in the trash, so it wasn’t saved. Your text is still here: choose “Restore and "
    "save” to continue."
)
NOT_YOURS = _(
    "This post is in the trash, so it wasn’t saved. Your text is still here, so you can copy it. "
    "The owner of the blog can restore the post."
)


def move(post: Post) -> None:
    """Move a post to the trash: nobody sees it any more, and nothing of it is lost."""
    post.trashed_from, post.trashed_at = post.status, timezone.now()
    post.status = post.Status.TRASH
    post.save()


def bring_out(post: Post) -> None:
    """Make a post in the trash what it was before; the caller saves it.

    One whose date passed meanwhile, and that no reader has seen, is a draft again.
    """
    post.status, post.trashed_from, post.trashed_at = post.trashed_from, "", None
    if post.is_public and not post.was_public:
        post.status = post.Status.DRAFT


def restore(post: Post) -> None:
    """Make a post in the trash what it was before."""
    bring_out(post)
    post.save()


def delete_for_good(posts: QuerySet[Post]) -> int:
    """Delete these posts with their versions, and their titles in the admin's log.

    Return how many. A post to which somebody's words belong stays.
    """
    keys = list(posts.exclude(pk__in=with_comments(posts)).values_list("pk", flat=True))
    try:
        with transaction.atomic():
            # Somebody may have restored one meanwhile.
            there = Post.objects.in_trash().select_for_update().filter(pk__in=keys)
            keys = list(there.values_list("pk", flat=True))
            Post.objects.filter(pk__in=keys).delete()
            forget_in_admin_log(Post, keys)
    except ProtectedError:  # a comment came meanwhile: with the next round
        return 0
    return len(keys)


def with_comments(posts: QuerySet[Post]) -> set[int]:
    """Return the keys of posts that rows of other apps protect from deletion."""
    protecting = [
        relation
        for relation in Post._meta.related_objects
        if relation.on_delete.__name__ == "PROTECT"
    ]
    return {
        key
        for relation in protecting
        for key in relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": posts}
        ).values_list(relation.field.attname, flat=True)
    }


def retention_rules() -> Iterator[RetentionRule]:
    """Yield the rule for posts in the trash. One of ``settings.RETENTION_RULES``."""
    over = Post.objects.filter(trashed_at__lte=timezone.now() - KEPT)
    yield RetentionRule(_("posts in the trash"), over, delete_for_good, at_once=50)
