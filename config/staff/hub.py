"""The settings hub: the admin's other pages, in groups whose lines say how they stand."""

from django.contrib import admin
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.models import SignupSettings
from blog.models import Blog
from comments.models import ConversationSettings

# Which models a group holds, in order. What no group names is in the last one.
GROUPS = [
    (_("Blog"), ["blog.Blog", "blog.Tag", "blog.Series", "blog.Image", "blog.OldAddress"]),
    (
        _("Comments"),
        [
            "comments.ConversationSettings",
            "comments.SavedReply",
            "comments.RemovalReason",
            "blog.ContentNote",
            "comments.ReactionKind",
            "comments.Phrase",
            "comments.ClassifierState",
        ],
    ),
    (
        _("Moderation"),
        [
            "comments.ModerationAction",
            "comments.Reputation",
            "comments.DutySlot",
            "comments.DutyPreference",
        ],
    ),
    (_("Newsletter"), ["blog.Subscription", "comments.Subscription"]),
    (
        _("People"),
        [
            "accounts.User",
            "auth.Group",
            "accounts.Invitation",
            "accounts.SignupSettings",
            "mfa.Authenticator",
        ],
    ),
]
REST = _("System")
# In the bar, and not in the hub.
ELSEWHERE = {"blog.Post", "comments.Comment"}
# Short lists, whose line says how many rows they have. Long ones aren't counted.
COUNTED = {
    "blog.Tag",
    "blog.Series",
    "blog.OldAddress",
    "blog.ContentNote",
    "comments.SavedReply",
    "comments.RemovalReason",
    "comments.ReactionKind",
    "comments.Phrase",
    "accounts.Invitation",
    "auth.Group",
}


@require_safe
def settings_page(request):
    """Show the groups, each with the pages that this person may open."""
    site = admin.site.each_context(request)
    context = {**site, "title": _("Settings"), "groups": groups(site["available_apps"])}
    return render(request, "admin/staff/settings.html", context)


def groups(apps):
    """Return ``(name, lines)`` of each group that isn't empty, of an app list of Django's."""
    found = {
        model["model"]._meta.label: _line(model)
        for app in apps
        for model in app["models"]
        if model["admin_url"] and model["model"]._meta.label not in ELSEWHERE
    }
    filled = [(name, [found.pop(each, None) for each in labels]) for name, labels in GROUPS]
    filled.append((REST, list(found.values())))
    kept = [(name, [line for line in lines if line]) for name, lines in filled]
    return [(name, lines) for name, lines in kept if lines]


def _line(model):
    return {
        "name": capfirst(model["name"]),
        "address": model["admin_url"],
        "state": _state(model["model"]),
    }


def _state(model):
    """Return how the page of a model stands, in words, or an empty string."""
    if model is Blog:
        return Blog.get().title
    if model is ConversationSettings:
        return ConversationSettings.get().get_default_mode_display()
    if model is SignupSettings:
        return SignupSettings.get().get_sign_up_display()
    if model._meta.label not in COUNTED:
        return ""
    number = model.objects.count()
    return ngettext("%d entry", "%d entries", number) % number
