"""Saving revisions of a post, autosaving drafts, and restoring a revision.

Only :func:`restore` changes what readers see.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusal import Refused
from accounts.text.folding import caseless
from accounts.text.plurals import grouped
from blog import markup
from blog.images import responsive
from blog.models import ChangeCounter, ContentNote, Post, PostRevision, Tag
from blog.models.revisions import keys_in
from blog.publishing import tag_input

# Per post: at 20 kB each this is 1 MB, and a year of weekly changes.
MOST_SAVED = 50
# An autosave overwrites the previous one for this long; then it starts a new row, so that a text
# deleted by mistake can be recovered.
WRITTEN_OVER_FOR = timedelta(minutes=10)
MOST_OF_A_FORM = 3
# Unsaved drafts of one person per post, or for all posts never saved.
MOST_UNSAVED = 20
# Somebody whose last autosave is younger counts as still editing.
THERE = timedelta(minutes=15)
WORDS = ("title", "excerpt", "body")
# What a copy of a post takes over besides these.
COPIED = ("kind", "language", "noindex", "show_help", "lead_image", "lead_alt")
TOO_LONG = _("This is too long. A post can have up to %(most)s characters.")

Kind = PostRevision.Kind


def state_of(
    post: Post,
    tags: Iterable[Tag] | None = None,
    notes: Iterable[ContentNote] | None = None,
) -> dict:
    """Return the fields of a stored post that a revision keeps and that restoring brings back.

    Pass ``tags`` and ``notes`` if they are loaded already.
    """
    tags = post.tags.all() if tags is None else tags
    notes = post.content_notes.all() if notes is None else notes
    return {
        **{name: getattr(post, name) for name in WORDS},
        "tags": tag_input.joined(tag.name for tag in tags),
        "content_notes": [str(note.pk) for note in notes],
    }


def save_initial_revision(post: Post) -> None:
    """Save the stored state of a post that has no revision yet, such as an imported one."""
    if post.revisions.saved().exists():
        return
    stored = Post.objects.get(pk=post.pk)
    PostRevision.objects.create(
        post=stored,
        author=stored.author,
        kind=Kind.SAVED,
        version=stored.version,
        fields=state_of(stored),
        created_at=stored.updated_at,
        updated_at=stored.updated_at,
    )


def save_revision(
    post: Post, person: User, forms: Iterable[str] = (), kind: str = Kind.SAVED
) -> PostRevision:
    """Save the state that was just stored as a revision, and return it.

    ``forms`` are the tokens of the form that was submitted; their autosaves are deleted.
    """
    forms = [form for form in forms if form]
    revision = PostRevision.objects.create(
        post=post,
        author=person,
        kind=kind,
        form=next(iter(forms), ""),
        version=Post.objects.values_list("version", flat=True).get(pk=post.pk),
        fields=state_of(post),
    )
    PostRevision.objects.unsaved().filter(author=person, form__in=forms).delete()
    _forget_what_was_saved(post)
    _leave(post.revisions.saved(), MOST_SAVED)
    return revision


def save_unsaved(
    post: Post | None,
    person: User,
    fields: dict,
    form: str,
    opened: str | None = None,
    version: int = 0,
) -> PostRevision:
    """Autosave the fields of a form, and return the row.

    ``form`` is the token of the opened form, ``opened`` that of the draft it started from,
    ``version`` the Post.version it is based on. Raises Refused if a text is too long.
    """
    if any(isinstance(value, str) and len(value) > markup.MAX_LENGTH for value in fields.values()):
        raise Refused(TOO_LONG % {"most": grouped(markup.MAX_LENGTH)})
    with transaction.atomic():
        mine = PostRevision.objects.unsaved_by(person, post)
        now = timezone.now()
        row = mine.filter(form=form).first() or mine.filter(form=opened or form).first()
        if row is None or row.created_at < now - WRITTEN_OVER_FOR:
            row = PostRevision(post=post, author=person, kind=Kind.AUTOSAVE, created_at=now)
        row.form, row.version, row.updated_at = form, version, now
        row.fields = _without_controls(fields)
        row.save()
        _leave(mine.filter(form=form), MOST_OF_A_FORM)
        _leave(mine, MOST_UNSAVED)
        PostRevision.objects.unsaved().filter(author=None).delete()  # nobody could open them
    return row


def was_already_saved(post: Post | None, fields: dict, form: str) -> bool:
    """Return whether this form was saved with this very text: the autosave arrived late."""
    if post is None:
        saved = PostRevision.objects.saved().filter(form=form)
    else:
        saved = post.revisions.saved().filter(form=form)
    kept = saved.first() if form else None
    return kept is not None and all(kept.fields[name] == fields.get(name) for name in WORDS)


def _forget_what_was_saved(post):
    """Delete drafts that equal the latest saved version or the one before."""
    known = [row.fields for row in post.revisions.saved()[:2]]
    for row in post.revisions.unsaved():
        if any(is_same(row.fields, each) for each in known):
            row.delete()


def is_same(fields: dict, state: dict) -> bool:
    """Return whether two states of a post have the same content, apart from white space."""
    return _compared(fields) == _compared(state)


def _compared(fields):
    words = [" ".join((fields.get(name) or "").split()) for name in WORDS[:2]]
    body = written_body(fields)
    tags = {caseless(name) for name in tag_input.split(fields.get("tags") or "")}
    return words, body.split(), tags, {*keys_in(fields.get("content_notes"))}


def written_body(fields: dict) -> str:
    """Return the body as an author writes it, without the generated responsive images."""
    return responsive.plain_images(markup.with_paragraphs(fields.get("body") or ""))


def other_editors_of(post: Post | None, form: str | None = None) -> list[PostRevision]:
    """Return the latest autosave of each other form in which the post is being edited now."""
    if post is None:
        return []
    lately = post.revisions.unsaved().filter(updated_at__gt=timezone.now() - THERE)
    return [row for row in lately.newest_of_forms() if row.author_id and row.form != form]


def newer_than(post: Post, version: int) -> PostRevision | None:
    """Return the latest saved revision of the post if it is newer than ``version``, or None."""
    newest = post.revisions.saved().select_related("author").first()
    return newest if newest and newest.version > version else None


def restore(revision: PostRevision, person: User, version: int) -> PostRevision | None:
    """Restore the content of a revision; return the new revision.

    Status, date and slug stay. ``version`` is the Post.version on which the decision was based:
    returns None, and changes nothing, if the post was saved since.
    """
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=revision.post_id)
        if post.version != version:
            return None
        save_initial_revision(post)
        for name in WORDS:
            setattr(post, name, revision.fields.get(name, getattr(post, name)))
        post.body = markup.with_paragraphs(post.body)
        post.save()
        post.tags.set(Tag.named(tag_input.split(revision.fields.get("tags", ""))))
        notes = keys_in(revision.fields.get("content_notes"))
        post.content_notes.set(ContentNote.objects.filter(pk__in=notes))
        post.touch()
        ChangeCounter.count(everywhere=True)  # other posts show this one beside theirs
        return save_revision(post, person, kind=Kind.RESTORED)


def copy(post: Post, person: User) -> Post:
    """Return a new draft with the content, tags and content notes of a post."""
    with transaction.atomic():
        new = Post.objects.create(
            author=person,
            **{name: getattr(post, name) for name in (*WORDS, *COPIED)},
            comment_mode=post.comment_mode,
        )
        new.tags.set(post.tags.all())
        new.content_notes.set(post.content_notes.all())
        save_revision(new, person)
    return new


def _leave(rows, most):
    """Delete all rows but the first ``most``."""
    old = list(rows.values_list("pk", flat=True)[most:])
    if old:
        PostRevision.objects.filter(pk__in=old).delete()


def _without_controls(value):
    """Return ``value`` without control characters, which PostgreSQL's JSON cannot all store."""
    if isinstance(value, str):
        return markup.CONTROL_CHARACTERS.sub("", value)
    if isinstance(value, dict):
        return {key: _without_controls(each) for key, each in value.items()}
    return [_without_controls(each) for each in value] if isinstance(value, list) else value
