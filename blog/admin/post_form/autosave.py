"""Autosave in the post admin, and notices about other people who edit the same post."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.refusal import Refused
from blog import html_to_text
from blog.admin.post_form import groups
from blog.admin.post_form.revisions import clock, differences
from blog.models import Post, PostRevision
from blog.newsletter import notices
from blog.publishing import address, checklist, publish, revisions

PANEL = ("slug", "published_at", "by_mail")  # what the panel *Publish* asks
CHANGE, ADD = "admin:blog_post_change", "admin:blog_post_add"


class AutosaveAdmin:
    """Mixed into ``PostAdmin``."""

    def get_urls(self):
        view = self.admin_site.admin_view
        autosave = view(require_http_methods(["GET", "POST"])(self.autosave))
        end = view(require_POST(self.end_draft))
        return [
            path("autosave/", autosave, name="blog_post_autosave_new"),
            path("<int:pk>/autosave/", autosave, name="blog_post_autosave"),
            path("drafts/<int:key>/end/", end, name="blog_post_draft_end"),
            *super().get_urls(),
        ]

    def own_post(self, request, pk):
        """Return the post (None: a new one); raises Http404 or PermissionDenied if not allowed."""
        if pk is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        post = self.get_object(request, str(pk))
        if not self.has_change_permission(request, post):
            raise PermissionDenied
        return post

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # Another request took the slug at the same moment. Now validation finds it.
            return super().changeform_view(request, *args, **kwargs)

    # -- the form ------------------------------------------------------------------------

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.author = request.user
        key = request.GET.get("draft", "")
        if key.isascii() and key.isdigit() and len(key) < 19:
            form.draft = PostRevision.objects.unsaved_by(request.user, obj).filter(pk=key).first()
        return form

    def save_model(self, request, obj, form, change):
        if change:
            revisions.save_initial_revision(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.kept()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        shown = _shown(form)
        form.focus_error()
        context |= {
            "groups": groups.side_groups(context["adminform"]),
            "panel": _panel(context["adminform"]),
            "autosave_address": self._address("autosave", obj),
            "drafts": self._drafts(request, obj, form, shown),
            "told": [*self._told(request, obj)],
            **self._where_it_stands(obj, form),
            "to_look_at": checklist.warnings(shown, request.user),
            "meanwhile": self._meanwhile(form),
            # Sent as multipart: URL-encoded, a text could be three times as long.
            "has_file_field": True,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _where_it_stands(self, post, form):
        """Return stored status and buttons: a form with errors has changed only its own copy."""
        stored = Post.objects.get(pk=post.pk) if post and form.is_bound else post
        saved = stored and stored.revisions.saved().values_list("updated_at", flat=True).first()
        return {
            "state": stored and stored.get_status_display(),
            "is_public": bool(stored and stored.is_public),
            "sending": notices.sending_of(stored) if stored else None,
            "saved_at": stored and clock(saved or stored.updated_at),
            "in_trash": bool(stored and stored.is_in_trash),
            "acts": publish.offered_buttons(stored, may_restore=form.may_restore),
            "panel_open": any(form.errors.get(each) for each in PANEL) if form.is_bound else False,
            "panel_later": _is_later(stored, form),
            "address": address.shown(_shown(form), post),
            "addresses": address.patterns(),
        }

    def _address(self, name, post):
        if post is None or post.pk is None:
            return reverse(f"admin:blog_post_{name}_new")
        return reverse(f"admin:blog_post_{name}", args=[post.pk])

    def _drafts(self, request, post, form, shown):
        """Return the user's own unsaved drafts that differ from ``shown``, what the form holds."""
        if form.is_bound or form.draft or (post and not self.has_change_permission(request, post)):
            return []
        drafts, known = {}, [shown]
        for row in PostRevision.objects.unsaved_by(request.user, post):
            if row.form not in drafts and not any(revisions.is_same(row.fields, k) for k in known):
                drafts[row.form] = row
                known.append(row.fields)
        return [
            {
                "title": row.fields.get("title") or "",
                "words": len(html_to_text.words(row.fields.get("body") or "").split()),
                "at": clock(row.updated_at),
                "lately": row.updated_at > timezone.now() - revisions.THERE,
                "open": _form_with(row, post),
                "end": reverse("admin:blog_post_draft_end", args=[row.pk]),
            }
            for row in drafts.values()
        ]

    def _told(self, request, post, token=None):
        """Yield a notice for each other form in which this post is being edited.

        The user's own other tabs count only if a token is given: a page that is just being opened
        lists what they kept as drafts.
        """
        for row in revisions.other_editors_of(post, token):
            values = {"name": row.author and row.author.name, "at": clock(row.updated_at)}
            is_own = row.author_id == request.user.pk
            if is_own and token:
                text = _("You also have this post open in another tab (last edit: %(at)s).")
                yield text % values
            elif not is_own:
                text = _(
                    "%(name)s is also editing this post (last edit: %(at)s). The second "
                    "person to save will see both versions; nothing is overwritten."
                )
                yield text % values

    def _meanwhile(self, form):
        """Return who saved first, when, and what differs; None without a conflict."""
        if (post := form.meanwhile) is None:
            return None
        newest = post.revisions.saved().select_related("author").first()
        stored, typed = revisions.state_of(post), _shown(form)
        return {
            "who": newest and newest.author and newest.author.name,
            "at": clock(newest.updated_at if newest else post.touched_at),
            "version": post.version,
            "address": reverse(CHANGE, args=[post.pk]),
            "differences": differences(stored, typed),
        }

    def response_add(self, request, obj, post_url_continue=None):
        return self.response_change(request, obj)

    def response_change(self, request, obj):
        """Go on with the form."""
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse(CHANGE, args=[obj.pk]))

    # -- autosave ------------------------------------------------------------------------

    def autosave(self, request, pk=None):
        """POST stores the form unsaved; GET returns its state and a fresh CSRF token."""
        post = self.own_post(request, pk)
        if request.method != "POST":
            known = self._known(request, post)
            return JsonResponse(known, headers={"X-Desk-Key": get_token(request)})
        form = self.get_form(request, post, change=post is not None)(request.POST, instance=post)
        try:
            row = self._kept(request, post, form)
        except Refused as refusal:
            return JsonResponse({"told": [refusal.sentence]}, status=413)
        newer = post and revisions.newer_than(post, form.built_on)
        notices = [*self._told(request, post, form.tokens[0])]
        if newer:
            notices.append(_newer(newer))
        return JsonResponse(
            {
                "at": clock(row.updated_at) if row else "",
                "open": _form_with(row, post),
                "told": notices,
                "to_look_at": checklist.warnings(form.typed, request.user),
                "address": address.shown(form.typed, post),
            }
        )

    def _kept(self, request, post, form):
        fields, (token, began_with) = form.typed, form.tokens
        if revisions.was_already_saved(post, fields, token):
            return None
        return revisions.save_unsaved(post, request.user, fields, token, began_with, form.built_on)

    def keep_typed(self, request, pk):
        """Store the form as an unsaved revision, for a preview or a test mail; return it.

        Raises Refused.
        """
        post = self.own_post(request, pk)
        form = self.get_form(request, post, change=post is not None)(request.POST, instance=post)
        token, began_with = form.tokens
        return revisions.save_unsaved(
            post, request.user, form.typed, token, began_with, form.built_on
        )

    def _known(self, request, post):
        """Return the state of one of the user's forms.

        ``saved``: whether it was saved; ``words``: its latest unsaved text; ``open``: the address
        that opens that.
        """
        form = request.GET.get("form", "")[:32]
        rows = PostRevision.objects.filter(author=request.user, form=form).exclude(form="")
        kept = rows.unsaved().first()
        words = kept and {name: kept.fields.get(name) for name in revisions.WORDS}
        opened = _form_with(kept, post)
        return {"saved": rows.saved().exists(), "words": words, "open": opened}

    def end_draft(self, request, key):
        """Discard one of the user's own unsaved drafts."""
        row = get_object_or_404(PostRevision.objects.unsaved().filter(author=request.user), pk=key)
        post = row.post_id
        PostRevision.objects.unsaved_by(request.user, post).filter(form=row.form).delete()
        messages.success(request, _("Draft discarded."))
        return HttpResponseRedirect(reverse(CHANGE, args=[post]) if post else reverse(ADD))


def _panel(adminform):
    """Return the fieldset of the panel *Publish*; None for a post that is public already."""
    return next((each for each in adminform if "publish" in each.classes.split()), None)


def _is_later(post, form):
    """Return whether the panel begins with *Later*: with a date to come, or one that is wrong."""
    chosen = form.data.get("when") == "later" or form.data.get("act") == "schedule"
    return (post is not None and post.is_to_come) or (form.is_bound and chosen)


def _newer(version):
    """Return the sentence that a newer version was saved, also by somebody who has left."""
    at = clock(version.updated_at)
    if version.author is None:
        return _("Someone saved a newer version (%(at)s).") % {"at": at}
    told = {"name": version.author.name, "at": at}
    return _("%(name)s saved a newer version (%(at)s).") % told


def _form_with(row, post):
    """Return the address of the post's form, opened with the unsaved draft ``row`` if given."""
    page = reverse(CHANGE, args=[post.pk]) if post else reverse(ADD)
    return f"{page}?draft={row.pk}" if row else page


def _shown(form):
    """Return the fields as the form shows them, in the form in which revisions store them."""
    if form.is_bound:
        return form.typed
    if form.draft:
        return form.draft.fields
    post = form.instance
    if post.pk is None:
        return {}
    read = form.initial.get("tags"), form.initial.get("content_notes")
    return revisions.state_of(post, *read) | {
        "lead_image": post.lead_image_id,
        "lead_alt": post.lead_alt,
    }
