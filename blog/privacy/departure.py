"""The posts of an author who leaves: handed over to somebody else, or unpublished.

One of ``settings.DEPARTURE_HANDLERS``, whose functions are explained in
:mod:`accounts.privacy.departure`.
"""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.privacy.registry import DataSubject
from blog.models import ChangeCounter, Post
from blog.publishing import publish

WRITES = "blog.add_post"
UNPUBLISH = "unpublish"
QUESTION = gettext_lazy("What should happen to your posts?")
MOST_RADIO_BUTTONS = 6  # of one question; beyond, a list to choose from
OUT_OF_SIGHT = gettext_lazy("Unpublish them")
WHAT_THAT_DOES = gettext_lazy(
    "Readers can’t see unpublished posts; an owner of the blog keeps them as drafts. Drafts "
    "that were never published and have no comments are deleted."
)


def describe(subject: DataSubject) -> list[str]:
    """Return a sentence on how many posts this person wrote; none without posts."""
    count = _posts_of(subject).count()
    if not count:
        return []
    return [ngettext("You wrote %d post.", "You wrote %d posts.", count) % count]


def questions(subject: DataSubject) -> dict[str, forms.Field]:
    """Return the form field that asks what becomes of the posts; none without posts."""
    if not _posts_of(subject).exists():
        return {}
    heirs = [
        (f"to:{heir.pk}", _("Transfer them to %(name)s, including drafts.") % {"name": heir.name})
        for heir in possible_heirs(subject.user)
    ]
    choices, widget = [*heirs, (UNPUBLISH, OUT_OF_SIGHT)], forms.RadioSelect
    if len(choices) > MOST_RADIO_BUTTONS:
        choices, widget = [("", _("Please choose")), *choices], forms.Select
    field = forms.ChoiceField(
        label=QUESTION, choices=choices, help_text=WHAT_THAT_DOES, widget=widget
    )
    return {"posts": field}


def disown(subject: DataSubject) -> None:
    """Do nothing: a post always has an author."""


def possible_heirs(user: User) -> list[User]:
    """Return the other authors who are not leaving, sorted by name."""
    people = get_user_model().objects.filter(is_active=True, is_staff=True, erasure=None)
    people = people.exclude(pk=user.pk).order_by("display_name", "username")
    return [person for person in people if person.has_perm(WRITES)]


def _posts_of(subject):
    return Post.objects.filter(author=subject.user) if subject.user else Post.objects.none()


def hide(subject: DataSubject, kind: str, answers: dict) -> dict:
    """Hand the posts over or make them drafts; return the previous state for :func:`show`.

    Unless ``kind`` is "everything", only comments are erased, and posts stay.
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
            elif not (post.is_draft or post.is_in_trash):
                publish.take_back(post)
    return {"heir": heir and heir.pk, "posts": kept}


def _heir(subject, answer):
    """Return the chosen new author; None for nobody, or if they have left or are leaving."""
    heirs = {f"to:{heir.pk}": heir for heir in possible_heirs(subject.user)} if subject.user else {}
    return heirs.get(answer)


def show(subject: DataSubject, kept: dict) -> None:
    """Restore the author and status of the posts, except for those that others changed since."""
    if not kept.get("posts"):
        return
    unchanged = Q(author=kept["heir"]) if kept["heir"] else Q(author=subject.user)
    with ChangeCounter.counted_once():
        for post in Post.objects.filter(unchanged, pk__in=kept["posts"]).order_by("pk"):
            before = kept["posts"][str(post.pk)]["status"]
            if kept["heir"]:
                Post.objects.filter(pk=post.pk).update(author=subject.user)
            elif post.is_draft and before != Post.Status.DRAFT:
                post.status = before
                post.save()


def erase_again() -> int:
    """Leave behind what caches kept before the restore; return 0.

    Erased people's posts in a restored backup are found by their account.
    """
    ChangeCounter.renew()
    return 0
