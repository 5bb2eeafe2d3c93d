"""Deleting what the blog keeps about a person who leaves, for good; posts stay with others.

Each function is given a ``Subject`` and may be called again after it died half-way; the inventory
(:mod:`blog.privacy.inventory`) says which of them belongs to which table.
"""

from django.db import transaction

from accounts.privacy import departure
from accounts.privacy.erase import forget_in_admin_log, recipient_keys
from blog.models import Image, Post, PostRevision, PreviewLink, SearchEntry, Subscription
from blog.publishing import image_usage


@transaction.atomic
def posts(subject):
    """Delete unsaved words and drafts of hers; what was public goes to an owner, out of sight.

    What she handed over is somebody else's already; in its versions her name ends.
    """
    user = subject.user
    if not user:
        return
    PostRevision.objects.unsaved().filter(author=user).delete()
    PreviewLink.objects.filter(made_by=user).delete()
    own = Post.objects.filter(author=user)
    # A post that somebody answered is not hers alone, draft or not.
    drafts = own.drafts().filter(published_at=None).exclude(pk__in=_with_comments(own))
    keys = list(drafts.values_list("pk", flat=True))
    Post.objects.filter(pk__in=keys).delete()
    forget_in_admin_log(Post, keys)
    if own.exists():
        # What nobody else was given is kept by the owner who has been here longest.
        own.update(author=departure.other_owners(user).first())
    PostRevision.objects.filter(author=user).update(author=None)


def _with_comments(posts):
    """Keys of those that a row of another app protects from being deleted."""
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


def subscriptions(subject):
    """End all mails with new posts to her."""
    Subscription.objects.filter(subscriber__in=recipient_keys(subject)).delete()


def index(subject):
    """Let the index of search go of words that are gone by now."""
    SearchEntry.let_go()


def pictures(subject):
    """Delete her pictures that no text shows; the others lose her name and the title she gave."""
    if not subject.user:
        return
    used = image_usage.stems_in_use()
    for image in Image.objects.filter(uploaded_by=subject.user):
        forget_in_admin_log(Image, [image.pk])
        if image.stem in used:
            Image.objects.filter(pk=image.pk).update(uploaded_by=None, title="")
        else:
            image.delete()
