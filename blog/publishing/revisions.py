"""Keeping what an author writes: versions of a post, words not saved yet, and bringing one back.

Nothing here changes what readers see but :func:`restore`.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.refusal import Refused
from accounts.text.folding import caseless
from blog import markup
from blog.images import responsive
from blog.models import ChangeCounter, ContentNote, Post, PostRevision, Tag
from blog.models.revisions import keys_in
from blog.publishing import tag_input

# Of a post. At 20 kB a text this is a megabyte, and a year of weekly changes.
MOST_SAVED = 50
# Unsaved words are written over by what follows them for this long; then a new row begins, so
# that a text emptied by mistake can be had back.
WRITTEN_OVER_FOR = timedelta(minutes=10)
MOST_OF_A_FORM = 3
# Unsaved drafts of one person for one post, and for all those that were never saved.
MOST_UNSAVED = 20
# Whoever typed so lately is taken to be there still.
THERE = timedelta(minutes=15)
WORDS = ("title", "excerpt", "body")
# What a copy of a post has beside them.
COPIED = ("kind", "language", "noindex", "show_help", "lead_image", "lead_alt")
TOO_LONG = _("A text is longer than the %(most)d characters that a post can hold.")

Kind = PostRevision.Kind


def state_of(post, tags=None, notes=None):
    """Return what a version keeps of a stored post, and what restoring one brings back.

    ``tags`` and ``notes`` are its rows where they were read already.
    """
    tags = post.tags.all() if tags is None else tags
    notes = post.content_notes.all() if notes is None else notes
    return {
        **{name: getattr(post, name) for name in WORDS},
        "tags": tag_input.joined(tag.name for tag in tags),
        "content_notes": [str(note.pk) for note in notes],
    }


def save_initial_revision(post):
    """Keep the stored state of a post that was written before versions were kept."""
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


def save_revision(post, person, forms=(), kind=Kind.SAVED):
    """Keep the state that was just stored as a version; return it.

    ``forms`` are the tokens of the opened form that sent it: what they kept unsaved is done with.
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


def save_unsaved(post, person, fields, form, opened=None, version=0):
    """Keep words that nobody pressed Save for; return the row.

    ``fields`` are as the form sent them, ``form`` is the token of the opened form, ``opened`` the
    one of the draft with which it began, ``version`` the Post.version it builds on. Raises
    Refused.
    """
    if any(isinstance(value, str) and len(value) > markup.MAX_LENGTH for value in fields.values()):
        raise Refused(TOO_LONG % {"most": markup.MAX_LENGTH})
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


def was_already_saved(post, fields, form):
    """Return whether this form was saved with just these words: the message came late."""
    if post is None:
        saved = PostRevision.objects.saved().filter(form=form)
    else:
        saved = post.revisions.saved().filter(form=form)
    kept = saved.first() if form else None
    return kept is not None and all(kept.fields[name] == fields.get(name) for name in WORDS)


def _forget_what_was_saved(post):
    """Unsaved words that say no more than this version or the one before are nobody's draft."""
    known = [row.fields for row in post.revisions.saved()[:2]]
    for row in post.revisions.unsaved():
        if any(is_same(row.fields, each) for each in known):
            row.delete()


def is_same(fields, state):
    """Return whether these fields of a form say what this state of a post says."""
    return _compared(fields) == _compared(state)


def _compared(fields):
    words = [" ".join((fields.get(name) or "").split()) for name in WORDS[:2]]
    body = written_body(fields)
    tags = {caseless(name) for name in tag_input.split(fields.get("tags") or "")}
    return words, body.split(), tags, {*keys_in(fields.get("content_notes"))}


def written_body(fields):
    """Return the text as an author writes it: of what is stored, the sizes of pictures are ours."""
    return responsive.plain_images(markup.with_paragraphs(fields.get("body") or ""))


def other_editors_of(post, form=None):
    """Return the newest unsaved row of each other form in which somebody writes on it now."""
    if post is None:
        return []
    lately = post.revisions.unsaved().filter(updated_at__gt=timezone.now() - THERE)
    return [row for row in lately.newest_of_forms() if row.author_id and row.form != form]


def newer_than(post, version):
    """Return the newest saved version of the post if it is newer than ``version``, or None."""
    newest = post.revisions.saved().select_related("author").first()
    return newest if newest and newest.version > version else None


def restore(revision, person, version):
    """Store the words of this version as the newest; return the new one.

    Status, date and address stay as they are. ``version`` is the Post.version that was seen when
    somebody decided this; returns None, and changes nothing, where there is a newer one.
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


def copy(post, person):
    """Return a new draft with the words, tags and notes of this post, which stays as it is."""
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
    """Delete all but the first ``most``."""
    old = list(rows.values_list("pk", flat=True)[most:])
    if old:
        PostRevision.objects.filter(pk__in=old).delete()


def _without_controls(value):
    """No text needs them, and PostgreSQL's JSON cannot hold them all."""
    if isinstance(value, str):
        return markup.CONTROL_CHARACTERS.sub("", value)
    if isinstance(value, dict):
        return {key: _without_controls(each) for key, each in value.items()}
    return [_without_controls(each) for each in value] if isinstance(value, list) else value
