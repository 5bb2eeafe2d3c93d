"""What becomes of the posts of an author who leaves: handed over, or taken out of sight.

One of ``settings.DEPARTURE_HANDLERS``. Nobody's posts are lost without being asked for.
"""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.models import ChangeCounter, Post
from blog.publishing import publish

WRITES = "blog.add_post"
UNPUBLISH = "unpublish"
QUESTION = gettext_lazy("What becomes of your posts?")
OUT_OF_SIGHT = gettext_lazy(
    "Take them out of sight. Readers do not see them any more; an owner of the blog keeps them as "
    "drafts. Drafts of yours that were never published are deleted."
)


def describe(subject):
    """Return how many posts there are of hers."""
    count = _posts_of(subject).count()
    if not count:
        return []
    return [ngettext("You wrote %d post.", "You wrote %d posts.", count) % count]


def questions(subject):
    """Ask an author what becomes of her posts, and nobody else."""
    if not _posts_of(subject).exists():
        return {}
    heirs = [
        (f"to:{heir.pk}", _("Hand them to %(name)s, drafts too.") % {"name": heir.name})
        for heir in possible_heirs(subject.user)
    ]
    choices = [*heirs, (UNPUBLISH, OUT_OF_SIGHT)]
    return {"posts": forms.ChoiceField(label=QUESTION, choices=choices, widget=forms.RadioSelect)}


def disown(subject):
    """What an author wrote stays hers: a post has a writer."""


def possible_heirs(user):
    """Return the others who write here and stay, by name: a list."""
    people = get_user_model().objects.filter(is_active=True, is_staff=True, erasure=None)
    people = people.exclude(pk=user.pk).order_by("display_name", "username")
    return [person for person in people if person.has_perm(WRITES)]


def _posts_of(subject):
    return Post.objects.filter(author=subject.user) if subject.user else Post.objects.none()


def hide(subject, kind, answers):
    """Hand her posts over, or make drafts of them; return what they were before.

    Where only words are erased, that is her comments: posts stay.
    """
    if kind != "everything":
        return {}
    kept = {}
    with ChangeCounter.counted_once():
        heir = _heir(subject, answers.get("posts", UNPUBLISH))
        for post in _posts_of(subject).order_by("pk"):
            kept[str(post.pk)] = {"status": post.status}
            if heir:
                Post.objects.filter(pk=post.pk).update(author=heir)
            elif not post.is_draft:
                publish.take_back(post)
    return {"heir": heir and heir.pk, "posts": kept}


def _heir(subject, answer):
    """Return who was chosen; None for nobody, also where she is gone or leaves as well by now."""
    found = {f"to:{heir.pk}": heir for heir in possible_heirs(subject.user)} if subject.user else {}
    return found.get(answer)


def show(subject, kept):
    """Give her posts back as they were. What others have changed since stays as they left it."""
    if not kept.get("posts"):
        return
    hers_since = Q(author=kept["heir"]) if kept["heir"] else Q(author=subject.user)
    with ChangeCounter.counted_once():
        for post in Post.objects.filter(hers_since, pk__in=kept["posts"]).order_by("pk"):
            before = kept["posts"][str(post.pk)]["status"]
            if kept["heir"]:
                Post.objects.filter(pk=post.pk).update(author=subject.user)
            elif post.is_draft and before != Post.Status.DRAFT:
                post.status = before
                post.save()


def erase_again():
    """Posts of somebody who was erased are found by her account."""
    return 0
