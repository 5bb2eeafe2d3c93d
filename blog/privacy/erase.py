"""Permanent deletion of what the blog stores about a person; their public posts stay with others.

Each function takes a ``DataSubject`` and may be called again after it was interrupted; the
inventory (:mod:`blog.privacy.inventory`) assigns them to tables.
"""

from django.db import transaction

from accounts.privacy import departure
from accounts.privacy.erase import forget_in_admin_log, recipient_keys
from accounts.privacy.registry import DataSubject
from accounts.scrubbing import schedule
from blog.models import Image, Post, PostRevision, PreviewLink, Subscription
from blog.publishing import image_usage, trash


@transaction.atomic
def posts(subject: DataSubject) -> None:
    """Delete a person's drafts and autosaves; other posts that are still theirs go to an owner.

    Posts that they handed over belong to somebody else already. Revisions lose their author.
    """
    user = subject.user
    if not user:
        return
    PostRevision.objects.unsaved().filter(author=user).delete()
    PreviewLink.objects.filter(made_by=user).delete()
    own = Post.objects.filter(author=user)
    # A post with comments is not its author's alone, draft or not.
    unseen = own.drafts().filter(published_at=None) | own.filter(
        status=Post.Status.TRASH, was_public=False
    )
    drafts = unseen.exclude(pk__in=trash.with_comments(own))
    keys = list(drafts.values_list("pk", flat=True))
    Post.objects.filter(pk__in=keys).delete()
    forget_in_admin_log(Post, keys)
    if own.exists():
        # Posts that were not handed over go to the longest-standing owner.
        own.update(author=departure.other_owners(user).first())
    PostRevision.objects.filter(author=user).update(author=None)


def subscriptions(subject: DataSubject) -> None:
    """Delete a person's subscriptions to new posts."""
    Subscription.objects.filter(subscriber__in=recipient_keys(subject)).delete()


def index(subject: DataSubject) -> None:
    """Purge deleted words from the full-text index."""
    schedule.scrub_words()


def pictures(subject: DataSubject) -> None:
    """Delete a person's unused images; those in use lose their uploader and title."""
    if not subject.user:
        return
    used = image_usage.stems_in_use()
    for image in Image.objects.filter(uploaded_by=subject.user):
        forget_in_admin_log(Image, [image.pk])
        if image.stem in used:
            Image.objects.filter(pk=image.pk).update(uploaded_by=None, title="")
        else:
            image.delete()
