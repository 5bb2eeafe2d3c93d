"""Previews: an unsaved ``Post`` built from a revision, for display only."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.text.folding import caseless
from blog.images import responsive
from blog.markup import with_paragraphs
from blog.models import (
    ContentNote,
    Image,
    Post,
    PostRevision,
    Series,
    Tag,
    content_notes,
    revisions,
)
from blog.permalinks import free_slug, slug_of
from blog.publishing import tag_input

AS_TYPED = ("title", "excerpt", "slug", "language", "kind")


def post_from_revision(revision: PostRevision) -> tuple[Post, list[Tag]]:
    """Return ``(post, tags)`` with the content of a revision, for rendering.

    The post must not be saved. It counts as published, as it will be for readers.
    """
    fields = revision.fields
    post = _stored(revision) or Post(author=revision.author)
    for name in AS_TYPED:
        setattr(post, name, fields.get(name) or "")
    if post.kind not in Post.Kind.values:
        post.kind = Post.Kind.POST
    post.slug = slug_of(post.slug) or free_slug(post.title, post.kind, but=post.pk)
    post.body = responsive.stored_html(with_paragraphs(fields.get("body") or ""))
    post.render()
    post.status = Post.Status.PUBLISHED
    post.published_at = _moment(fields.get("published_at")) or post.published_at or timezone.now()
    post.note_lines = content_notes.as_lines(_notes(fields))
    post.show_help = bool(fields.get("show_help"))
    _put_lead_image(post, fields, revision.author)
    _put_into_series(post, fields.get("series"))
    return post, _tags(fields)


def _stored(revision):
    if revision.post_id is None:
        return None
    return Post.objects.for_page().get(pk=revision.post_id)


def _put_lead_image(post, fields, author):
    keys = revisions.keys_in([fields.get("lead_image")])
    post.lead_image = Image.objects.visible_to(author).filter(pk__in=keys).first()
    post.lead_alt = fields.get("lead_alt") or ""
    post.describe_lead_image()


def _put_into_series(post, key):
    if str(post.series_id or "") == str(key or ""):
        return  # unchanged: keeps its position
    post.series = Series.objects.filter(pk__in=revisions.keys_in([key])).first()
    post.series_position = None  # assigned on saving


def _notes(fields):
    return ContentNote.objects.filter(pk__in=revisions.keys_in(fields.get("content_notes")))


def _tags(fields):
    """Return the tags sorted by name; new ones are unsaved, with the slug they would get."""
    names = tag_input.split(fields.get("tags") or "")
    known = Tag.known(names)
    tags = (
        known.get(caseless(name)) or Tag(name=name, slug=slug_of(name) or "tag") for name in names
    )
    return sorted(tags, key=lambda tag: tag.name)


def _moment(typed):
    """Return the datetime for a typed date and time in the blog's time zone, or None."""
    try:
        moment = parse_datetime(" ".join(part or "" for part in typed or []))
        return timezone.make_aware(moment) if isinstance(moment, datetime) else None
    except ValueError:
        return None
