"""Revisions in the post admin: comparing and restoring them, and copying a post."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from blog import markup
from blog.models import ContentNote, PostRevision, revisions
from blog.publishing import diff, tag_input
from blog.publishing import revisions as publishing_revisions

CHANGE = "admin:blog_post_change"


def clock(moment):
    """Return a datetime for use in a sentence: only the time if it is today."""
    here = timezone.localtime(moment)
    today = here.date() == timezone.localdate()
    return date_format(here, "TIME_FORMAT" if today else "DATETIME_FORMAT")


class RevisionsAdmin:
    """Mixed into ``PostAdmin``."""

    def get_urls(self):
        own = [
            ("versions/", require_safe(self.versions), "versions"),
            ("versions/<int:key>/", require_safe(self.version), "version"),
            ("versions/<int:key>/return/", require_POST(self.bring_back), "version_return"),
            ("copy/", require_POST(self.copy), "copy"),
        ]
        view = self.admin_site.admin_view
        named = [
            path(f"<int:pk>/{at}", view(act), name=f"blog_post_{name}") for at, act, name in own
        ]
        return named + super().get_urls()

    # -- versions ------------------------------------------------------------------------

    def versions(self, request, pk):
        """List the revisions of a post, newest first."""
        post = self.own_post(request, pk)
        saved = post.revisions.saved().select_related("author").defer("fields")
        unsaved = PostRevision.objects.unsaved_by(request.user, post).defer("fields")
        context = {
            "saved": saved,
            "unsaved": unsaved,
            "most": publishing_revisions.MOST_SAVED,
            "page": reverse(CHANGE, args=[pk]),
        }
        return self._page(request, post, "revisions", _("Versions"), context)

    def version(self, request, pk, key):
        """Show one revision: what differs from the one before it, and from the current state."""
        post = self.own_post(request, pk)
        revision = get_object_or_404(post.revisions.saved().select_related("author"), pk=key)
        before = post.revisions.saved().filter(pk__lt=revision.pk).first()
        now = publishing_revisions.state_of(post)
        context = {
            "revision": revision,
            "before": differences(before.fields, revision.fields) if before else None,
            "back": differences(now, revision.fields),
            "is_public": post.is_public,
        }
        return self._page(request, post, "revision", _("Version"), context)

    def bring_back(self, request, pk, key):
        """Restore a revision as the newest one, unless the post was saved meanwhile."""
        post = self.own_post(request, pk)
        revision = get_object_or_404(post.revisions.saved(), pk=key)
        seen = request.POST.get("version", "")
        seen = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
        if publishing_revisions.restore(revision, request.user, seen) is None:
            text = _("Someone saved this post in the meantime. Please check the differences again.")
            messages.warning(request, text)
            address = reverse("admin:blog_post_version", args=[pk, key])
            return HttpResponseRedirect(address)
        self.log_change(request, post, _("Restored a version."))
        text = _(
            "The version from %s has been restored. What was there before is kept as a version too."
        )
        messages.success(request, text % clock(revision.created_at))
        return HttpResponseRedirect(reverse(CHANGE, args=[pk]))

    def copy(self, request, pk):
        """Create a new draft with the content of a post."""
        post = self.own_post(request, pk)
        self.own_post(request, None)  # checks the permission to add one
        new = publishing_revisions.copy(post, request.user)
        self.log_addition(request, new, _("Duplicated from another post."))
        messages.success(
            request, _("This is a copy, saved as a new draft. The original post is unchanged.")
        )
        return HttpResponseRedirect(reverse(CHANGE, args=[new.pk]))

    def _page(self, request, post, name, title, context):
        return TemplateResponse(
            request,
            f"admin/blog/post/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "post": post,
                "title": title,
                "subtitle": post and post.title,
                **context,
            },
        )


def differences(old, new):
    """Return the differences of two states (see ``publishing.revisions.state_of``) to show."""
    blocks = diff.compare_html(old.get("body") or "", markup.with_paragraphs(new.get("body") or ""))
    lines = [
        (label, diff.compare_lines(before, after))
        for label, before, after in _lines(old, new)
        if before != after
    ]
    same_words = not diff.has_changes(blocks)
    return {
        "lines": lines,
        "blocks": [] if same_words else blocks,
        "only_form": same_words
        and publishing_revisions.written_body(old) != publishing_revisions.written_body(new),
    }


def _lines(old, new):
    labels = {"title": _("Title"), "excerpt": _("Excerpt")}
    for name, label in labels.items():
        yield label, (old.get(name) or ""), (new.get(name) or "")
    before, after = (sorted(tag_input.split(each.get("tags") or "")) for each in (old, new))
    yield _("Tags"), tag_input.joined(before), tag_input.joined(after)
    yield _("Content notes"), _notes(old), _notes(new)


def _notes(fields):
    return ", ".join(
        ContentNote.objects.filter(
            pk__in=revisions.keys_in(fields.get("content_notes"))
        ).values_list("name", flat=True)
    )
